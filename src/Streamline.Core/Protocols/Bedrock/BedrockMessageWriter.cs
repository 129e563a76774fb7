namespace Streamline.Protocols.Bedrock;

/// <summary>Writes the conversation: what the system says, then turns of the user and the assistant.</summary>
internal sealed class BedrockMessageWriter(Utf8JsonWriter writer)
{
    private readonly BedrockContentWriter _contents = new(writer);

    /// <summary>Writes what the system says, and the turns.</summary>
    /// <param name="request">The request.</param>
    /// <param name="offersTools">Whether the request offers tools; where it does not, calls and results are told as text.</param>
    /// <exception cref="ArgumentException">A message contains something that the protocol does not support.</exception>
    public void Write(OutgoingRequest request, bool offersTools)
    {
        writer.WriteNonEmptyArray("system", request.SystemContents(BedrockConverseProtocol.ProtocolName, BedrockContentWriter.IsOwn), WriteContent);
        writer.WriteStartArray("messages"u8);
        foreach (var (side, contents) in MessageTurns.Group(request.Messages, content => IsSent(content, offersTools)))
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, side == TurnSide.Assistant ? "assistant"u8 : "user"u8);
            writer.WriteArray("content", offersTools ? contents : contents.SelectMany(BedrockToolTranscript.Of), WriteContent);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteContent(Utf8JsonWriter json, AIContent content) => _contents.Write(content);

    private static bool IsSent(AIContent content, bool offersTools) =>
        BedrockContentWriter.IsSent(content) && (offersTools || !BedrockToolTranscript.IsOfServerTool(content));
}
