using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Protocols;

/// <summary>Writes the conversation of one request. A message has one text, and its images, thinking and tool calls beside it.</summary>
internal static class OllamaMessageWriter
{
    /// <summary>Writes the messages.</summary>
    /// <param name="writer">The writer, inside the body.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="instructions">What comes before it; <see langword="null"/> for nothing.</param>
    /// <exception cref="ArgumentException">A message holds something that the wire cannot carry.</exception>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<ChatMessage> messages, string? instructions)
    {
        var results = messages.SelectMany(message => message.Contents.OfType<FunctionResultContent>()).Select(result => result.CallId).ToHashSet(StringComparer.Ordinal);
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
                WriteResult(writer, result, names.GetValueOrDefault(result.CallId));
            }

            WriteMessage(writer, RoleOf(message), new OllamaMessage(message, results.Contains));
        }

        writer.WriteEndArray();
    }

    private static string RoleOf(ChatMessage message) => message.Role.Value switch
    {
        "system" or "developer" => "system",
        "user" => "user",
        "assistant" => "assistant",
        "tool" => "tool",
        var role => throw new ArgumentException($"The wire 'ollama' has no role '{role}'.", nameof(message)),
    };

    private static void WriteMessage(Utf8JsonWriter writer, string role, OllamaMessage message)
    {
        if (message.IsEmpty)
        {
            return;
        }

        if (role == "tool")
        {
            throw new ArgumentException("The wire 'ollama' carries only results in a message of the role 'tool'.", nameof(message));
        }

        writer.WriteStartObject();
        writer.WriteString("role"u8, role);
        message.WriteMembers(writer);
        writer.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter writer, FunctionResultContent result, string? name)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, "tool"u8);
        writer.WriteString("content"u8, result.Result switch
        {
            AIContent content and not TextContent => throw OllamaMessage.NotCarried(content),
            IEnumerable<AIContent> contents => string.Concat(contents.Select(content => content is TextContent text ? text.Text : throw OllamaMessage.NotCarried(content))),
            _ => result.Text(),
        });
        if (name is not null)
        {
            writer.WriteString("tool_name"u8, name);
        }

        writer.WriteString("tool_call_id"u8, result.CallId);
        writer.WriteEndObject();
    }
}
