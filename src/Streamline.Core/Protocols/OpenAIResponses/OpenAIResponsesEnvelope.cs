using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Takes from items and payloads what their blocks do not hold already: an item goes back as its envelope with the blocks put into it.</summary>
internal static class OpenAIResponsesEnvelope
{
    /// <summary>The envelope of a message or of reasoning: all but its parts, which are blocks, and the encrypted content, which is the signature of a block.</summary>
    /// <param name="item">The item.</param>
    /// <param name="content">What to put in place of its <c>content</c>; <see langword="null"/> for nothing.</param>
    /// <param name="status">The status to put in place of the item's; <see langword="null"/> for none.</param>
    public static JsonElement OfParts(JsonElement item, JsonElement? content, string? status)
    {
        using var payload = Payload.Parse(JsonMarshal.GetRawUtf8Value(item), "an item", byteOffset: 0);
        return OfParts(payload.Root, content, status);
    }

    private static JsonElement OfParts(PayloadValue item, JsonElement? content, string? status) => Write(
        item,
        name => name is "content" or "summary" or "encrypted_content" or "status",
        writer =>
        {
            if (status is not null)
            {
                writer.WriteString("status"u8, status);
            }

            if (content is { } value)
            {
                writer.WritePropertyName("content"u8);
                ContentValues.WriteVerbatim(writer, value);
            }
        });

    /// <summary>The envelope of a call that the application answers: all but the arguments and the status.</summary>
    /// <param name="item">The item.</param>
    /// <param name="keepsStatus">Whether to keep the status too, because the call goes back with another than that it is completed.</param>
    public static JsonElement OfCall(JsonElement item, bool keepsStatus = false)
    {
        using var payload = Payload.Parse(JsonMarshal.GetRawUtf8Value(item), "an item", byteOffset: 0);
        return OfCall(payload.Root, keepsStatus);
    }

    /// <inheritdoc cref="OfCall(JsonElement, bool)"/>
    public static JsonElement OfCall(PayloadValue item, bool keepsStatus = false) =>
        Write(item, name => name is "arguments" or "input" || (name == "status" && !keepsStatus), static _ => { });

    /// <summary>What an event says of its item beyond naming it.</summary>
    public static JsonElement OfEvent(PayloadValue payload) =>
        Write(payload, name => name is "type" or "sequence_number" or "item_id" or "output_index" or "obfuscation", static _ => { });

    private static JsonElement Write(PayloadValue value, Predicate<string> isLeftOut, Action<Utf8JsonWriter> writeMore)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            foreach (var member in value.Members)
            {
                if (!isLeftOut(member.Name))
                {
                    writer.WritePropertyName(member.Utf8Name);
                    writer.WriteRawValue(JsonSurrogates.Replace(member.Value.RawBytes), skipInputValidation: true);
                }
            }

            writeMore(writer);
            writer.WriteEndObject();
        }

        return WireJson.Parse(output.WrittenSpan);
    }
}
