using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Protocols;

/// <summary>Writes the conversation: what the system says, then turns of the user and the assistant.</summary>
internal sealed class BedrockMessageWriter(Utf8JsonWriter writer)
{
    private readonly BedrockContentWriter _contents = new(writer);

    /// <summary>Gets a value indicating whether a tool was called in what was written.</summary>
    public bool HasCalls { get; private set; }

    // The wire has one place for instructions, before the conversation.
    public void WriteSystem(IReadOnlyList<ChatMessage> messages, string? instructions)
    {
        List<AIContent> contents = [.. messages.Where(message => ConversationTurns.IsSystem(message.Role)).SelectMany(message => message.Contents)];
        if (!string.IsNullOrEmpty(instructions))
        {
            contents.Insert(0, new TextContent(instructions));
        }

        if (contents.Find(content => content is not TextContent && !BedrockContentWriter.IsOwn(content)) is { } other)
        {
            throw new ArgumentException($"The wire 'bedrock' carries only text and its own blocks in system messages; found {other.GetType().Name}.", nameof(messages));
        }

        contents.RemoveAll(content => !BedrockContentWriter.IsSent(content));
        if (contents.Count > 0)
        {
            writer.WriteStartArray("system"u8);
            WriteAll(contents);
            writer.WriteEndArray();
        }
    }

    public void Write(IReadOnlyList<ChatMessage> messages)
    {
        writer.WriteStartArray("messages"u8);
        var isAny = false;
        foreach (var (isAssistant, contents) in ConversationTurns.Of(messages, BedrockConverseProtocol.WireName, BedrockContentWriter.IsSent))
        {
            isAny = true;
            writer.WriteStartObject();
            writer.WriteString("role"u8, isAssistant ? "assistant"u8 : "user"u8);
            writer.WriteStartArray("content"u8);
            WriteAll(contents);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        if (!isAny)
        {
            throw new ArgumentException("The request has no content from the user or the assistant.", nameof(messages));
        }

        writer.WriteEndArray();
    }

    private void WriteAll(List<AIContent> contents)
    {
        foreach (var content in contents)
        {
            _contents.Write(content);
            HasCalls |= content is ToolCallContent or FunctionResultContent;
        }
    }
}
