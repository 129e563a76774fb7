using System.Buffers;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Anthropic;

/// <summary>
/// What a block has beyond what a content holds of it, under its type: members that are newer than this version, to go back with it, and those that an
/// application adds to a content, such as <c>cache_control</c>. Reasoning always has one: it marks a signature as one of this wire.
/// </summary>
internal static class AnthropicEnvelope
{
    /// <summary>The envelope of reasoning that has nothing more.</summary>
    public static readonly JsonElement Thinking = JsonElement.Parse("""{"type":"thinking"}"""u8);

    /// <summary>Takes it from a block as it begins; <see langword="null"/> when there is nothing.</summary>
    public static JsonElement? Of(PayloadValue value)
    {
        var isMore = false;
        foreach (var member in value.Members)
        {
            isMore |= !member.Value.IsMissing && IsMore(member.Name);
        }

        if (!isMore)
        {
            return value.TextEquals("type"u8, "thinking"u8) ? Thinking : null;
        }

        var block = value.ToElement();

        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, block.Text("type"u8));
            WriteMembers(writer, block);
            writer.WriteEndObject();
        }

        return WireJson.Parse(output.WrittenSpan);
    }

    /// <summary>Tells whether a raw block is such an envelope, and not a whole block.</summary>
    public static bool Is(JsonElement raw) => raw.Text("type"u8) switch
    {
        "text" => raw.Member("text"u8) is null,
        "thinking" => raw.Member("thinking"u8) is null,
        "image" or "document" => raw.Member("source"u8) is null,
        "tool_result" => raw.Member("tool_use_id"u8) is null,
        _ => false,
    };

    /// <summary>Writes the members into a block.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, JsonElement? envelope)
    {
        if (envelope is not { } value)
        {
            return;
        }

        foreach (var member in value.EnumerateObject().Where(IsMore))
        {
            writer.WritePropertyName(member.Name);
            ContentValues.WriteVerbatim(writer, member.Value);
        }
    }

    private static bool IsMore(JsonProperty member) => member.Value.ValueKind != JsonValueKind.Null && IsMore(member.Name);

    private static bool IsMore(string name) =>
        name is not ("type" or "text" or "citations" or "thinking" or "signature" or "source" or "title" or "tool_use_id" or "content" or "is_error" or "toolset_name");
}
