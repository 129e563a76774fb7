using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Bedrock;

/// <summary>Writes the conversation: what the system says, then turns of the user and the assistant.</summary>
internal sealed class BedrockMessageWriter(Utf8JsonWriter writer)
{
    private readonly BedrockContentWriter _contents = new(writer);

    // The protocol has one place for instructions, before the conversation.
    public void WriteSystem(IReadOnlyList<ChatMessage> messages, string? instructions)
    {
        List<AIContent> contents = [.. messages.Where(message => message.IsSystem()).SelectMany(message => message.Contents)];
        if (!string.IsNullOrEmpty(instructions))
        {
            contents.Insert(0, new TextContent(instructions));
        }

        if (contents.Find(content => content is not TextContent && !BedrockContentWriter.IsOwn(content)) is { } other)
        {
            throw new ArgumentException($"The wire 'bedrock' carries only text and its own blocks in system messages; found {other.GetType().Name}.", nameof(messages));
        }

        if (contents.Count > 0)
        {
            writer.WriteStartArray("system"u8);
            WriteAll(contents);
            writer.WriteEndArray();
        }
    }

    /// <summary>Writes the turns.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="offersTools">Whether the request offers tools; where it does not, calls and results are told as text.</param>
    /// <exception cref="ArgumentException">A message contains something that the protocol has no form for.</exception>
    public void Write(IReadOnlyList<ChatMessage> messages, bool offersTools)
    {
        writer.WriteStartArray("messages"u8);
        foreach (var (side, contents) in MessageTurns.Group(messages, content => IsSent(content, offersTools)))
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, side == TurnSide.Assistant ? "assistant"u8 : "user"u8);
            writer.WriteStartArray("content"u8);
            WriteAll(offersTools ? contents : contents.SelectMany(BedrockToolTranscript.Of));
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static bool IsSent(AIContent content, bool offersTools) =>
        BedrockContentWriter.IsSent(content) && (offersTools || !BedrockToolTranscript.IsOfServerTool(content));

    private void WriteAll(IEnumerable<AIContent> contents)
    {
        foreach (var content in contents)
        {
            _contents.Write(content);
        }
    }
}
