namespace Streamline.Protocols.Anthropic;

/// <summary>
/// What a block has beyond what a content holds of it, under its type: members that are newer than this version, to go back with it, and those that an
/// application adds to a content, such as <c>cache_control</c>. Reasoning always has one: it marks a signature as one of this protocol.
/// </summary>
internal static class AnthropicEnvelope
{
    /// <summary>The envelope of reasoning that has nothing more.</summary>
    public static readonly JsonElement Thinking = JsonElement.Parse("""{"type":"thinking"}"""u8);

    private static readonly RawJson RawThinking = Thinking;

    // What a content holds of a block.
    private static readonly PayloadNames Known = new("type text citations thinking signature source title tool_use_id content is_error toolset_name");

    /// <summary>Takes it from a block as it begins; <see langword="null"/> when there is nothing.</summary>
    public static RawJson? Of(PayloadValue value)
    {
        if (!value.HasOtherThan(Known))
        {
            return value.TextEquals("type"u8, "thinking"u8) ? RawThinking : null;
        }

        var builder = new RawJsonBuilder();
        builder.Add("type"u8, value.Member("type"u8).RawBytes);
        builder.AddMembers(value, Known, keepsNull: false);
        return builder.Build();
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
    public static void WriteMembers(Utf8JsonWriter writer, JsonElement? envelope) => writer.WriteOthers(envelope, Known);
}
