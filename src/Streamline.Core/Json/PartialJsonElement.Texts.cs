using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Streamline.Json;

/// <content>Strings that stand for something else. The beginning of one may stand for something different, so they are read only when they are whole.</content>
public readonly partial struct PartialJsonElement
{
    private const int MaxShortTextBytes = 256; // more than a date with every character escaped

    private static readonly SearchValues<byte> DateBytes = SearchValues.Create("0123456789-+:.TZ"u8);

    private delegate bool TextParser<T>(ReadOnlySpan<byte> text, [NotNullWhen(true)] out T value);

    /// <summary>Gets a string as a GUID.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a string, or has not arrived whole.</exception>
    /// <exception cref="FormatException">The text is not a GUID of 32 digits in five groups, without braces.</exception>
    public Guid GetGuid() => TryGetGuid(out var value) ? value : throw NotReadable(nameof(GetGuid), "a GUID");

    /// <summary>Gets a string as a GUID.</summary>
    /// <param name="value">The value, or the default.</param>
    /// <returns><see langword="false"/> when the value is not a string, has not arrived whole, or is not a GUID of 32 digits in five groups, without braces.</returns>
    public bool TryGetGuid(out Guid value) => TryReadShort(TryParseGuid, out value);

    /// <summary>Gets a string as a date and time.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a string, or has not arrived whole.</exception>
    /// <exception cref="FormatException">The text is not of the extended profile of ISO 8601-1:2019 that <see cref="JsonElement.GetDateTime"/> reads.</exception>
    public DateTime GetDateTime() => TryGetDateTime(out var value) ? value : throw NotReadable(nameof(GetDateTime), "a date and time");

    /// <summary>Gets a string as a date and time.</summary>
    /// <param name="value">The value, or the default.</param>
    /// <returns><see langword="false"/> when the value is not a string, has not arrived whole, or is not a date as <see cref="JsonElement.GetDateTime"/> reads it.</returns>
    public bool TryGetDateTime(out DateTime value) => TryReadShort(TryParseDateTime, out value);

    /// <summary>Gets a string as a date and time with its offset from UTC.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a string, or has not arrived whole.</exception>
    /// <exception cref="FormatException">The text is not of the extended profile of ISO 8601-1:2019 that <see cref="JsonElement.GetDateTimeOffset"/> reads.</exception>
    public DateTimeOffset GetDateTimeOffset() =>
        TryGetDateTimeOffset(out var value) ? value : throw NotReadable(nameof(GetDateTimeOffset), "a date and time");

    /// <summary>Gets a string as a date and time with its offset from UTC.</summary>
    /// <param name="value">The value, or the default.</param>
    /// <returns><see langword="false"/> when the value is not a string, has not arrived whole, or is not a date as <see cref="JsonElement.GetDateTimeOffset"/> reads it.</returns>
    public bool TryGetDateTimeOffset(out DateTimeOffset value) => TryReadShort(TryParseDateTimeOffset, out value);

    /// <summary>Gets the bytes that a string stands for in Base64.</summary>
    /// <returns>A new array.</returns>
    /// <exception cref="InvalidOperationException">The value is not a string, or has not arrived whole.</exception>
    /// <exception cref="FormatException">The text is not Base64.</exception>
    public byte[] GetBytesFromBase64() => TryGetBytesFromBase64(out var value) ? value : throw NotReadable(nameof(GetBytesFromBase64), "Base64");

    /// <summary>Gets the bytes that a string stands for in Base64.</summary>
    /// <param name="value">A new array; <see langword="null"/> when there is none.</param>
    /// <returns><see langword="false"/> when the value is not a string, has not arrived whole, or is not Base64.</returns>
    public bool TryGetBytesFromBase64([NotNullWhen(true)] out byte[]? value)
    {
        value = null;
        return IsWholeString && TryRead(_snapshot.GetRawText(_row), TryParseBase64, out value);
    }

    private bool IsWholeString => ValueKind == JsonValueKind.String && IsComplete;

    private bool TryReadShort<T>(TextParser<T> parse, out T value)
        where T : struct
    {
        value = default;
        return IsWholeString && _snapshot.GetRawText(_row) is { Length: <= MaxShortTextBytes } raw && TryRead(raw, parse, out value);
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

    private static bool TryParseBase64(ReadOnlySpan<byte> text, [NotNullWhen(true)] out byte[]? value)
    {
        value = null;
        using var buffer = new PooledBytes(Base64.GetMaxDecodedFromUtf8Length(text.Length));
        if (Base64.DecodeFromUtf8(text, buffer.Span, out _, out var written) == OperationStatus.Done)
        {
            value = buffer.Span[..written].ToArray();
        }

        return value is not null;
    }

    private Exception NotReadable(string member, string expected) => ValueKind switch
    {
        JsonValueKind.String when IsComplete => new FormatException($"{member}: the string is not {expected}."),
        JsonValueKind.String => new InvalidOperationException($"{member}: found a string that has not arrived whole, expected {expected}."),
        _ => WrongKind(nameof(JsonValueKind.String), member),
    };
}
