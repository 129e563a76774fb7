using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Streamline.Json;

/// <summary>Converts the raw text of a whole string to what it stands for.</summary>
internal static class JsonTextConversion
{
    private const int MaxShortTextBytes = 256; // more than a date with every character escaped

    private static readonly SearchValues<byte> DateBytes = SearchValues.Create("0123456789-+:.TZ"u8);

    private delegate bool TextParser<T>(ReadOnlySpan<byte> text, [NotNullWhen(true)] out T value);

    /// <summary>Reads a GUID of 32 digits in five groups.</summary>
    public static bool TryParse(ReadOnlySpan<byte> raw, out Guid value) => TryReadShort(raw, TryParseGuid, out value);

    /// <summary>Reads a date and time as the base class library does in JSON.</summary>
    public static bool TryParse(ReadOnlySpan<byte> raw, out DateTime value) => TryReadShort(raw, TryParseDateTime, out value);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out DateTime)"/>
    public static bool TryParse(ReadOnlySpan<byte> raw, out DateTimeOffset value) => TryReadShort(raw, TryParseDateTimeOffset, out value);

    /// <summary>Reads the bytes that Base64 stands for.</summary>
    public static bool TryParseBase64(ReadOnlySpan<byte> raw, [NotNullWhen(true)] out byte[]? value) => TryRead(raw, DecodeBase64, out value);

    private static bool TryReadShort<T>(ReadOnlySpan<byte> raw, TextParser<T> parse, out T value)
        where T : struct
    {
        value = default;
        return raw.Length <= MaxShortTextBytes && TryRead(raw, parse, out value);
    }

    private static bool TryRead<T>(ReadOnlySpan<byte> raw, TextParser<T> parse, [NotNullWhen(true)] out T value)
    {
        if (!JsonText.HasEscapes(raw))
        {
            return parse(raw, out value);
        }

        using var buffer = new PooledBytes(raw.Length);
        return parse(buffer.Span[..JsonText.Unescape(raw, buffer.Span)], out value);
    }

    private static bool TryParseGuid(ReadOnlySpan<byte> text, out Guid value) =>
        (Utf8Parser.TryParse(text, out value, out var read, 'D') && read == text.Length) || None(out value);

    private static bool TryParseDateTime(ReadOnlySpan<byte> text, out DateTime value) =>
        (TryQuoteDate(text, stackalloc byte[MaxShortTextBytes + 2], out var reader) && reader.TryGetDateTime(out value)) || None(out value);

    private static bool TryParseDateTimeOffset(ReadOnlySpan<byte> text, out DateTimeOffset value) =>
        (TryQuoteDate(text, stackalloc byte[MaxShortTextBytes + 2], out var reader) && reader.TryGetDateTimeOffset(out value)) || None(out value);

    // The base class library reads this form of dates only inside of JSON.
    private static bool TryQuoteDate(ReadOnlySpan<byte> text, Span<byte> quoted, out Utf8JsonReader reader)
    {
        reader = default;
        if (text.ContainsAnyExcept(DateBytes))
        {
            return false;
        }

        quoted = quoted[..(text.Length + 2)];
        quoted[0] = quoted[^1] = (byte)'"';
        text.CopyTo(quoted[1..]);
        reader = new Utf8JsonReader(quoted);
        return reader.Read();
    }

    private static bool DecodeBase64(ReadOnlySpan<byte> text, [NotNullWhen(true)] out byte[]? value)
    {
        value = null;
        using var buffer = new PooledBytes(Base64.GetMaxDecodedFromUtf8Length(text.Length));
        if (Base64.DecodeFromUtf8(text, buffer.Span, out _, out var written) == OperationStatus.Done)
        {
            value = buffer.Span[..written].ToArray();
        }

        return value is not null;
    }

    private static bool None<T>(out T value)
        where T : struct
    {
        value = default;
        return false;
    }
}
