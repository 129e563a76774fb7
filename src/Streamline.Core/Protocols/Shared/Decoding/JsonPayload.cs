using System.Runtime.InteropServices;
using System.Text.Unicode;
using Streamline.Json;

namespace Streamline.Protocols.Shared;

/// <summary>Reads whole payloads, and their members without throwing for what is missing, null or of another type.</summary>
internal static class JsonPayload
{
    /// <summary>Reads a payload as JSON. Every string of the result can be read: invalid UTF-8 and half surrogate pairs become U+FFFD.</summary>
    /// <param name="data">The payload.</param>
    /// <param name="what">What the payload is, for the message of a fault.</param>
    /// <param name="byteOffset">The offset of the payload in the stream.</param>
    /// <exception cref="StreamProtocolException">The payload is not JSON.</exception>
    /// <exception cref="StreamLimitException">The payload nests deeper than <see cref="ProviderJson.MaxPayloadDepth"/>.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> data, string what, long byteOffset) => ParseUtf8(ToUtf8(data), what, byteOffset);

    /// <summary>Reads a payload that is known to be UTF-8; else as <see cref="Parse"/>.</summary>
    public static JsonElement ParseUtf8(ReadOnlySpan<byte> data, string what, long byteOffset)
    {
        try
        {
            return ProviderJson.ParsePayload(JsonSurrogates.Replace(data));
        }
        catch (JsonException exception)
        {
            throw InvalidJson(exception, data, what, byteOffset);
        }
    }

    /// <summary>Reads a payload that may be anything.</summary>
    /// <param name="data">The payload.</param>
    /// <returns>The JSON value; <see langword="null"/> when it is none, or deeper than <see cref="ProviderJson.MaxPayloadDepth"/>.</returns>
    public static JsonElement? TryParse(ReadOnlySpan<byte> data)
    {
        try
        {
            return ProviderJson.ParsePayload(JsonSurrogates.Replace(ToUtf8(data)));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Explains why a payload that <see cref="PayloadTokenizer"/> rejected is not JSON.</summary>
    public static StreamlineException Explain(ReadOnlySpan<byte> data, string what, long byteOffset)
    {
        try
        {
            var reader = new Utf8JsonReader(data, ProviderJson.PayloadReader);
            while (reader.Read())
            {
            }
        }
        catch (JsonException exception)
        {
            return InvalidJson(exception, data, what, byteOffset);
        }

        throw new InvalidOperationException("The two JSON readers disagree on a payload.");
    }

    /// <summary>Makes the fault of a payload that is not JSON, or too deep.</summary>
    public static StreamlineException InvalidJson(JsonException exception, ReadOnlySpan<byte> data, string what, long byteOffset)
    {
        if (ProviderJson.IsTooDeep(data))
        {
            return new StreamLimitException(nameof(StreamReadOptions.MaxPayloadDepth), ProviderJson.MaxPayloadDepth, ProviderJson.MaxPayloadDepth + 1);
        }

        // The reader counts lines and the bytes in one; a stream is counted in bytes.
        var offset = exception.BytePositionInLine ?? 0;
        for (var line = exception.LineNumber ?? 0; line > 0; line--)
        {
            var length = data.IndexOf((byte)'\n') + 1;
            data = data[length..];
            offset += length;
        }

        return new StreamProtocolException(
            StreamProtocolError.InvalidJson,
            $"Found text that is not JSON, expected the JSON payload of {what}",
            byteOffset + offset,
            exception);
    }

    /// <summary>Makes the fault of a payload that lacks what the protocol requires.</summary>
    public static StreamProtocolException Invalid(string found, string expected, long? byteOffset) =>
        new(StreamProtocolError.InvalidPayload, $"Found {found}, expected {expected}", byteOffset);

    /// <summary>Makes the error of an event that lacks what the protocol requires.</summary>
    public static StreamProtocolException Without(string where, string expected, long byteOffset) => Invalid($"{where} without it", expected, byteOffset);

    /// <summary>Makes the error of an event that cannot come here.</summary>
    public static StreamProtocolException Unexpected(string found, string expected, long byteOffset) =>
        new(StreamProtocolError.UnexpectedEvent, $"Found {found}, expected {expected}", byteOffset);

    /// <summary>Gets a member that is there and not null.</summary>
    public static JsonElement? Member(this JsonElement value, ReadOnlySpan<byte> name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null
            ? member
            : null;

    /// <summary>Gets a member that is an object.</summary>
    public static JsonElement? Object(this JsonElement value, ReadOnlySpan<byte> name) => OfKind(value, name, JsonValueKind.Object);

    /// <summary>Gets the elements of a member that is an array; none when it is not.</summary>
    public static JsonElement.ArrayEnumerator Items(this JsonElement value, ReadOnlySpan<byte> name) =>
        OfKind(value, name, JsonValueKind.Array)?.EnumerateArray() ?? default;

    /// <summary>Gets a member that is a string.</summary>
    public static string? Text(this JsonElement value, ReadOnlySpan<byte> name) => OfKind(value, name, JsonValueKind.String)?.GetString();

    /// <summary>Gets a member that is a string with something in it.</summary>
    public static string? NonEmptyText(this JsonElement value, ReadOnlySpan<byte> name) => Text(value, name) is { Length: > 0 } text ? text : null;

    /// <summary>Tells whether a member is a certain string.</summary>
    public static bool TextEquals(this JsonElement value, ReadOnlySpan<byte> name, ReadOnlySpan<byte> text) =>
        OfKind(value, name, JsonValueKind.String)?.ValueEquals(text) ?? false;

    /// <summary>Gets a member that is a whole number.</summary>
    public static long? Integer(this JsonElement value, ReadOnlySpan<byte> name) =>
        OfKind(value, name, JsonValueKind.Number) is { } number && number.TryGetInt64(out var integer) ? integer : null;

    /// <summary>Whether a value says nothing: it is null or empty, or all of its members are.</summary>
    public static bool IsEmpty(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => value.ValueEquals(""u8),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => IsEmptyObject(value),
        _ => false,
    };

    private static bool IsEmptyObject(JsonElement value)
    {
        foreach (var member in value.EnumerateObject())
        {
            if (!IsEmpty(member.Value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Gets the value's JSON text as it was received.</summary>
    public static string RawText(this JsonElement value) => Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value));

    private static JsonElement? OfKind(JsonElement value, ReadOnlySpan<byte> name, JsonValueKind kind) =>
        value.Member(name) is { } member && member.ValueKind == kind ? member : null;

    /// <summary>Replaces what is not UTF-8 by U+FFFD.</summary>
    /// <remarks>A reader of server-sent events decodes so (WHATWG HTML, "Server-sent events"): malformed bytes are not an error.</remarks>
    public static ReadOnlySpan<byte> ToUtf8(ReadOnlySpan<byte> data) =>
        Utf8.IsValid(data) ? data : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(data));
}
