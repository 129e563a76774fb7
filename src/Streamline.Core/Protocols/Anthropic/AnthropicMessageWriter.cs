namespace Streamline.Protocols.Anthropic;

/// <summary>Writes the turns of a normalized conversation.</summary>
internal static class AnthropicMessageWriter
{
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<ChatMessage> messages)
    {
        writer.WriteStartArray("messages"u8);
        var toolsets = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (side, contents) in MessageTurns.Group(messages, AnthropicContentWriter.IsSent))
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, side == TurnSide.Assistant ? "assistant"u8 : "user"u8);
            writer.WriteArray("content", contents, (_, content) => Write(writer, content, toolsets));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    // The result of a call from a toolset has to name the toolset again.
    private static void Write(Utf8JsonWriter writer, AIContent content, Dictionary<string, string> toolsets)
    {
        var raw = content.RawBlock(AnthropicProtocol.ProtocolName);
        if (content is FunctionResultContent result && raw?.Text("type"u8) is (null or "tool_result"))
        {
            AnthropicContentWriter.WriteResult(writer, result, toolsets.GetValueOrDefault(result.CallId) ?? raw?.Text("toolset_name"u8));
            return;
        }

        AnthropicContentWriter.Write(writer, content);
        if (content is ToolCallContent call && raw?.Text("toolset_name"u8) is { } toolset)
        {
            toolsets[call.CallId] = toolset;
        }
    }
}
