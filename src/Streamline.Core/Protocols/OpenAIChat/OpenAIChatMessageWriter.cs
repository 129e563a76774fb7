using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>Writes the messages of a normalized conversation. The result of each call is a message of its own.</summary>
/// <param name="writer">The writer, inside the body.</param>
/// <param name="messages">The conversation.</param>
/// <param name="server">What is known of the server.</param>
internal sealed class OpenAIChatMessageWriter(Utf8JsonWriter writer, IReadOnlyList<ChatMessage> messages, OpenAIChatServer server)
{
    private static readonly string[] Members =
        ["role", "name", "content", "refusal", "tool_calls", "tool_call_id", "reasoning", "reasoning_content", "reasoning_details", "thinking_blocks", "annotations"];

    /// <summary>Gets the members of messages that are made of their contents.</summary>
    public static ReadOnlySpan<string> OwnMembers => Members;

    /// <summary>Writes the messages.</summary>
    /// <param name="instructions">What comes before them; <see langword="null"/> for nothing.</param>
    /// <exception cref="ArgumentException">A message contains something that the protocol has no form for.</exception>
    public void Write(string? instructions)
    {
        writer.WriteStartArray("messages"u8);
        if (!string.IsNullOrEmpty(instructions))
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

        var contents = message.Contents.Where(content => content is not FunctionResultContent && OpenAIChatContent.IsSent(content)).ToList();
        if (contents.Count == 0)
        {
            return;
        }

        if (message.IsSystem())
        {
            StartMessage(message, message.Role.Value);
            OpenAIChatContent.Write(writer, contents, message.Role);
        }
        else
        {
            StartMessage(message, ChatRole.User.Value);
            WriteParts(contents);
        }

        writer.WriteEndObject();
    }

    private void WriteParts(List<AIContent> contents)
    {
        if (contents is [TextContent single] && !OpenAIChatContent.IsRaw(single))
        {
            writer.WriteString("content"u8, single.Text);
            return;
        }

        writer.WriteStartArray("content"u8);
        foreach (var content in contents)
        {
            OpenAIChatContent.WritePart(writer, content);
        }

        writer.WriteEndArray();
    }

    private void WriteAssistant(ChatMessage message)
    {
        var parts = new OpenAIChatAssistantMessage(message, server);
        if (parts.IsEmpty)
        {
            return;
        }

        StartMessage(message, message.Role.Value);
        parts.WriteMembers(writer);
        writer.WriteEndObject();
    }

    private void WriteResult(FunctionResultContent result)
    {
        writer.WriteStartObject();
        if (result.RawBlock(OpenAIChatProtocol.WireName) is { } raw)
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
            OpenAIChatContent.WriteResult(writer, result);
        }

        writer.WriteEndObject();
    }

    private void StartMessage(ChatMessage message, string role)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, role);
        if (!string.IsNullOrEmpty(message.AuthorName))
        {
            writer.WriteString("name"u8, message.AuthorName);
        }

        // What the message had beside the members that are made of its contents when it was received.
        writer.WriteMembers(ContentValues.RawBlock(message.AdditionalProperties, OpenAIChatProtocol.WireName), Members);
    }
}
