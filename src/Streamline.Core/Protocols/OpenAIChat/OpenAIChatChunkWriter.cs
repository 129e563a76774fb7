using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Streamline.Sse;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>Writes chunks of one response as server-sent events.</summary>
/// <param name="id">The response's id; <see langword="null"/> for none.</param>
/// <param name="model">The model; <see langword="null"/> for none.</param>
/// <param name="createdAt">When the response was created; <see langword="null"/> where that is unknown, for which the protocol has no form but 0.</param>
internal sealed class OpenAIChatChunkWriter(string? id, string? model, DateTimeOffset? createdAt)
{
    private readonly ArrayBufferWriter<byte> _payload = new();

    /// <summary>Writes a delta of a choice.</summary>
    public void WriteDelta(IBufferWriter<byte> output, int choice, Action<Utf8JsonWriter> writeMembers) =>
        WriteChoice(output, choice, writeMembers, finishReason: null);

    /// <summary>Writes the end of a choice.</summary>
    public void WriteFinish(IBufferWriter<byte> output, int choice, string reason) => WriteChoice(output, choice, _ => { }, reason);

    /// <summary>Writes a member of a choice beside its delta.</summary>
    public void WriteChoiceMember(IBufferWriter<byte> output, int choice, string name, JsonElement value) =>
        WriteChoice(output, choice, _ => { }, finishReason: null, writer => WriteMember(writer, name, value));

    /// <summary>Writes a member of a chunk that has no choices.</summary>
    public void WriteChunkMember(IBufferWriter<byte> output, string name, JsonElement value) =>
        WriteChunk(output, _ => { }, writer => WriteMember(writer, name, value));

    public void WriteUsage(IBufferWriter<byte> output, TokenUsage usage) => WriteChunk(output, _ => { }, writer =>
    {
        writer.WritePropertyName("usage"u8);
        ToJson(usage).WriteTo(writer);
    });

    public static void WriteMember(Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }

    private void WriteChoice(
        IBufferWriter<byte> output,
        int choice,
        Action<Utf8JsonWriter> writeDelta,
        string? finishReason,
        Action<Utf8JsonWriter>? writeMembers = null) => WriteChunk(output, writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("index"u8, choice);
        writer.WriteStartObject("delta"u8);
        writeDelta(writer);
        writer.WriteEndObject();
        writer.WriteString("finish_reason"u8, finishReason);
        writeMembers?.Invoke(writer);
        writer.WriteEndObject();
    });

    private void WriteChunk(IBufferWriter<byte> output, Action<Utf8JsonWriter> writeChoices, Action<Utf8JsonWriter>? writeMembers = null)
    {
        _payload.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_payload))
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, id ?? "");
            writer.WriteString("object"u8, "chat.completion.chunk"u8);
            writer.WriteNumber("created"u8, createdAt?.ToUnixTimeSeconds() ?? 0);
            writer.WriteString("model"u8, model ?? "");
            writer.WriteStartArray("choices"u8);
            writeChoices(writer);
            writer.WriteEndArray();
            writeMembers?.Invoke(writer);
            writer.WriteEndObject();
        }

        new SseWriter(output).WriteEvent(default, _payload.WrittenSpan);
    }

    private static JsonObject ToJson(TokenUsage usage)
    {
        var json = new JsonObject();
        Set(json, OpenAIChatUsage.Prompt, usage.InputTokens);
        Set(json, OpenAIChatUsage.Completion, usage.OutputTokens);
        Set(json, OpenAIChatUsage.Total, usage.TotalTokens ?? usage.InputTokens + usage.OutputTokens);
        Set(json, OpenAIChatUsage.Cached, usage.CachedInputTokens);
        Set(json, OpenAIChatUsage.CacheWrite, usage.CacheWriteTokens);
        Set(json, OpenAIChatUsage.Reasoning, usage.ReasoningTokens);
        foreach (var (path, count) in usage.AdditionalCounts ?? new Dictionary<string, long>())
        {
            Set(json, path, count);
        }

        return json;
    }

    private static void Set(JsonObject json, string path, long? count)
    {
        if (count is not { } value)
        {
            return;
        }

        var names = path.Split('.');
        foreach (var name in names.AsSpan(..^1))
        {
            if (json[name] is not JsonObject inner)
            {
                json[name] = inner = [];
            }

            json = inner;
        }

        json[names[^1]] = value;
    }
}
