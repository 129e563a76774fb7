using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Ollama;

/// <summary>Writes the messages of a normalized conversation. A message has one text, and its images, thinking and tool calls beside it.</summary>
internal static class OllamaMessageWriter
{
    /// <summary>Gets what conversations Ollama accepts. A request without messages loads the model.</summary>
    public static ConversationRules Rules { get; } = new()
    {
        Protocol = OllamaProtocol.WireName,
        IsSent = OllamaMessage.IsSent,
        Results = ResultPlacement.AfterMessage,
        ResultsInCallOrder = true,
        ResultsAreText = true,
        TextsAreBlocks = false,
        RequiresMessage = false,
    };

    /// <summary>Writes the messages.</summary>
    /// <param name="writer">The writer, inside the body.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="instructions">What comes before it; <see langword="null"/> for nothing.</param>
    /// <exception cref="ArgumentException">A message contains something that the protocol has no form for.</exception>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<ChatMessage> messages, string? instructions)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        writer.WriteStartArray("messages"u8);
        if (!string.IsNullOrEmpty(instructions))
        {
            WriteMessage(writer, "system", new OllamaMessage { Texts = { instructions } });
        }

        foreach (var message in messages)
        {
            foreach (var call in message.Contents.OfType<FunctionCallContent>())
            {
                names[call.CallId] = call.Name;
            }

            foreach (var result in message.Contents.OfType<FunctionResultContent>())
            {
                WriteResult(writer, result, names[result.CallId]);
            }

            WriteMessage(writer, message.IsSystem() ? "system" : message.IsAssistant() ? "assistant" : "user", new OllamaMessage(message));
        }

        writer.WriteEndArray();
    }

    private static void WriteMessage(Utf8JsonWriter writer, string role, OllamaMessage message)
    {
        if (message.IsEmpty)
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("role"u8, role);
        message.WriteMembers(writer);
        writer.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter writer, FunctionResultContent result, string name)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, "tool"u8);
        writer.WriteString("content"u8, result.Contents(OllamaProtocol.WireName) is { } contents ? string.Concat(contents.OfType<TextContent>()) : result.Text());
        writer.WriteString("tool_name"u8, name);
        writer.WriteString("tool_call_id"u8, result.CallId);
        writer.WriteEndObject();
    }
}
