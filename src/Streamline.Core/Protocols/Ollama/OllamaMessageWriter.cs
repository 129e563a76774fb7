using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Ollama;

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

        List<FunctionResultContent> withMedia = [];
        foreach (var message in messages)
        {
            if (!message.Contents.Any(content => content is FunctionResultContent))
            {
                WriteMediaOfResults(writer, withMedia);
            }

            foreach (var call in message.Contents.OfType<FunctionCallContent>())
            {
                names[call.CallId] = call.Name;
            }

            foreach (var result in message.Contents.OfType<FunctionResultContent>())
            {
                WriteResult(writer, result, names.GetValueOrDefault(result.CallId));
                withMedia.AddRange(MediaOf(result).Any() ? [result] : []);
            }

            WriteMessage(writer, RoleOf(message), new OllamaMessage(message, results.Contains));
        }

        WriteMediaOfResults(writer, withMedia);

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

    // A result is a text on this wire. The images that it holds follow when all results of the round have been written.
    private static void WriteMediaOfResults(Utf8JsonWriter writer, List<FunctionResultContent> results)
    {
        foreach (var result in results)
        {
            var message = new ChatMessage(ChatRole.User, [new TextContent($"Of the result of the call {result.CallId}:"), .. MediaOf(result)]);
            WriteMessage(writer, "user", new OllamaMessage(message, isAnswered: static _ => false));
        }

        results.Clear();
    }

    private static IEnumerable<AIContent> MediaOf(FunctionResultContent result) =>
        (result.Contents(OllamaProtocol.WireName) ?? []).Where(content => content is not TextContent);

    private static void WriteResult(Utf8JsonWriter writer, FunctionResultContent result, string? name)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, "tool"u8);
        writer.WriteString("content"u8, result.Contents(OllamaProtocol.WireName) is { } contents ? string.Concat(contents.OfType<TextContent>()) : result.Text());
        if (name is not null)
        {
            writer.WriteString("tool_name"u8, name);
        }

        writer.WriteString("tool_call_id"u8, result.CallId);
        writer.WriteEndObject();
    }
}
