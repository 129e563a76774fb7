using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Cohere;

/// <summary>Writes the messages of a normalized conversation. The result of each call is a message of its own.</summary>
/// <param name="writer">The writer, inside the body.</param>
internal sealed class CohereMessageWriter(Utf8JsonWriter writer)
{
    private static readonly string[] Members = ["role", "content", "tool_calls", "tool_plan", "citations", "tool_call_id"];

    /// <summary>Gets the members of messages that are made of their contents.</summary>
    public static ReadOnlySpan<string> OwnMembers => Members;

    /// <summary>Writes the messages.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="instructions">What comes before them; <see langword="null"/> for nothing.</param>
    /// <exception cref="ArgumentException">A message contains something that the protocol has no form for.</exception>
    public void Write(IReadOnlyList<ChatMessage> messages, string? instructions)
    {
        writer.WriteStartArray("messages"u8);
        if (!string.IsNullOrWhiteSpace(instructions))
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, "system"u8);
            writer.WriteString("content"u8, instructions);
            writer.WriteEndObject();
        }

        foreach (var message in messages)
        {
            if (message.IsAssistant())
            {
                WriteAssistant(message);
            }
            else
            {
                WriteInput(message);
            }
        }

        writer.WriteEndArray();
    }

    private void WriteInput(ChatMessage message)
    {
        foreach (var result in message.Contents.OfType<FunctionResultContent>())
        {
            WriteResult(result);
        }

        List<AIContent> contents = [.. message.Contents.Where(content => content is not FunctionResultContent && CohereContentWriter.IsSent(content))];
        if (contents.Count > 0)
        {
            var role = message.IsSystem() ? "system" : "user";
            StartMessage(message, role);
            CohereContentWriter.WriteAll(writer, contents, role);
            writer.WriteEndObject();
        }
    }

    private void WriteResult(FunctionResultContent result)
    {
        writer.WriteStartObject();
        if (result.RawBlock(CohereProtocol.WireName) is { } raw)
        {
            foreach (var member in raw.EnumerateObject())
            {
                ContentValues.WriteMember(writer, member, member.Name == "tool_call_id" ? result.CallId : null);
            }
        }
        else
        {
            writer.WriteString("role"u8, "tool"u8);
            writer.WriteString("tool_call_id"u8, result.CallId);
            CohereContentWriter.WriteResult(writer, result);
        }

        writer.WriteEndObject();
    }

    private void WriteAssistant(ChatMessage message)
    {
        List<AIContent> sent = [.. message.Contents.Where(CohereContentWriter.IsSent)];
        if (sent.Count == 0)
        {
            return;
        }

        StartMessage(message, "assistant");
        var plan = string.Concat(sent.Where(CohereReasoning.IsPlan).Select(content => ((TextReasoningContent)content).Text));
        if (plan.Length > 0)
        {
            writer.WriteString("tool_plan"u8, plan);
        }

        List<AIContent> contents = [.. sent.Where(content => content is not FunctionCallContent && !CohereReasoning.IsPlan(content))];
        if (contents.Count > 0)
        {
            CohereContentWriter.WriteAll(writer, contents, "assistant");
        }

        WriteAll("tool_calls", sent.OfType<FunctionCallContent>(), CohereContentWriter.WriteCall);
        WriteAll("citations", sent.SelectMany(CitationsOf), JsonWriting.WriteVerbatim);
        writer.WriteEndObject();
    }

    private void WriteAll<T>(string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        var isEmpty = true;
        foreach (var item in items)
        {
            if (isEmpty)
            {
                writer.WriteStartArray(name);
                isEmpty = false;
            }

            write(writer, item);
        }

        if (!isEmpty)
        {
            writer.WriteEndArray();
        }
    }

    private static IEnumerable<JsonElement> CitationsOf(AIContent content) =>
        (content.Annotations ?? []).Select(annotation => annotation.RawBlock(CohereProtocol.WireName)).OfType<JsonElement>();

    private void StartMessage(ChatMessage message, string role)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, role);

        // What the message had beside the members that are made of its contents when it was received.
        writer.WriteMembers(ContentValues.RawBlock(message.AdditionalProperties, CohereProtocol.WireName), Members);
    }
}
