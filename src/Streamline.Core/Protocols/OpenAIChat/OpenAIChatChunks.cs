namespace Streamline.Protocols.OpenAIChat;

/// <summary>Writes the chunks of one response.</summary>
internal sealed class OpenAIChatChunks(FrameOutput frames, ResponseStarted response)
{
    /// <summary>Writes a delta of a choice.</summary>
    public void WriteDelta(int choice, Action<Utf8JsonWriter> writeDelta) => WriteChoice(choice, writeDelta, finishReason: null, static _ => { });

    /// <summary>Writes the end of a choice.</summary>
    public void WriteFinish(int choice, string reason) => WriteChoice(choice, static _ => { }, reason, static _ => { });

    /// <summary>Writes a member of a choice beside its delta.</summary>
    public void WriteChoiceMember(int choice, string name, JsonElement value) => WriteChoice(choice, static _ => { }, finishReason: null, writer => writer.WriteMember(name, value));

    /// <summary>Writes a chunk without choices.</summary>
    public void WriteMembers(Action<Utf8JsonWriter> writeMembers) => WriteChunk(static _ => { }, writeMembers);

    public void WriteUsage(TokenUsage usage) => WriteMembers(writer =>
    {
        writer.WritePropertyName("usage"u8);
        new UsageTree()
            .Set("prompt_tokens", usage.InputTokens)
            .Set("completion_tokens", usage.OutputTokens)
            .Set("total_tokens", usage.TotalTokens ?? (usage.InputTokens + usage.OutputTokens))
            .Set("prompt_tokens_details.cached_tokens", usage.CachedInputTokens)
            .Set("prompt_tokens_details.cache_write_tokens", usage.CacheWriteTokens)
            .Set("completion_tokens_details.reasoning_tokens", usage.ReasoningTokens)
            .SetAdditional(usage)
            .WriteTo(writer);
    });

    private void WriteChoice(int choice, Action<Utf8JsonWriter> writeDelta, string? finishReason, Action<Utf8JsonWriter> writeMembers) => WriteChunk(
        writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("index"u8, choice);
            writer.WriteObject("delta", writeDelta);
            writer.WriteString("finish_reason"u8, finishReason);
            writeMembers(writer);
            writer.WriteEndObject();
        },
        static _ => { });

    // The protocol has no unknown creation time, except 0.
    private void WriteChunk(Action<Utf8JsonWriter> writeChoices, Action<Utf8JsonWriter> writeMembers) => frames.Write(writer =>
    {
        writer.WriteString("id"u8, response.ResponseId ?? "");
        writer.WriteString("object"u8, "chat.completion.chunk"u8);
        writer.WriteNumber("created"u8, response.CreatedAt?.ToUnixTimeSeconds() ?? 0);
        writer.WriteString("model"u8, response.Model ?? "");
        writer.WriteStartArray("choices"u8);
        writeChoices(writer);
        writer.WriteEndArray();
        writeMembers(writer);
    });
}
