using System.Runtime.InteropServices;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Takes from items and payloads what their blocks do not hold already: an item goes back as its envelope with the blocks put into it.</summary>
internal static class OpenAIResponsesEnvelope
{
    private static readonly PayloadNames PartsMembers = new("content summary encrypted_content status");
    private static readonly PayloadNames CallMembers = new("arguments input status");
    private static readonly PayloadNames CallMembersButStatus = new("arguments input");
    private static readonly PayloadNames EventMembers = new("type sequence_number item_id output_index obfuscation");

    /// <summary>The envelope of a message or of reasoning: all but its parts, which are blocks, and the encrypted content, which is the signature of a block.</summary>
    /// <param name="item">The item.</param>
    /// <param name="content">What to put in place of its <c>content</c>; <see langword="null"/> for nothing.</param>
    /// <param name="status">The status to put in place of the item's; <see langword="null"/> for none.</param>
    public static JsonElement OfParts(JsonElement item, JsonElement? content, string? status)
    {
        using var payload = Payload.Parse(JsonMarshal.GetRawUtf8Value(item), "an item", byteOffset: 0);
        return OfParts(payload.Root, content is { } value ? JsonMarshal.GetRawUtf8Value(value) : default, status).Element;
    }

    /// <inheritdoc cref="OfParts(JsonElement, JsonElement?, string?)"/>
    public static RawJson OfParts(PayloadValue item, ReadOnlySpan<byte> content, string? status)
    {
        var builder = new RawJsonBuilder();
        builder.AddMembers(item, PartsMembers);
        if (status is not null)
        {
            builder.Add("status"u8, Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(status)}\""));
        }

        if (!content.IsEmpty)
        {
            builder.Add("content"u8, content);
        }

        return builder.Build();
    }

    /// <summary>The envelope of a call that the application answers: all but the arguments and the status.</summary>
    /// <param name="item">The item.</param>
    /// <param name="keepsStatus">Whether to keep the status too, because the call goes back with another than that it is completed.</param>
    public static JsonElement OfCall(JsonElement item, bool keepsStatus = false)
    {
        using var payload = Payload.Parse(JsonMarshal.GetRawUtf8Value(item), "an item", byteOffset: 0);
        return RawJsonBuilder.Without(payload.Root, keepsStatus ? CallMembersButStatus : CallMembers).Element;
    }

    /// <inheritdoc cref="OfCall(JsonElement, bool)"/>
    public static RawJson OfCall(PayloadValue item) => RawJsonBuilder.Without(item, CallMembers);

    /// <summary>What an event says of its item beyond naming it.</summary>
    public static RawJson OfEvent(PayloadValue payload) => RawJsonBuilder.Without(payload, EventMembers);
}
