using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Streamline.Json;

/// <content>
/// The getters of strings, booleans and numbers, and of strings that stand for something else. Whatever the type of a number, <see cref="GetRawText"/> has every digit that was written.
/// The beginning of a string may stand for something different, so it is read only when it is whole.
/// </content>
public readonly partial struct PartialJsonElement
{
    /// <summary>Gets the text of a string, as far as it has arrived.</summary>
    /// <returns>
    /// Whole characters only: never half an escape or half a surrogate pair. A lone surrogate is U+FFFD. <see langword="null"/> for
    /// <see cref="JsonValueKind.Null"/> and <see cref="JsonValueKind.Undefined"/>.
    /// </returns>
    /// <exception cref="InvalidOperationException">The value is neither a string nor null.</exception>
    public string? GetString() => ValueKind switch
    {
        JsonValueKind.String => JsonText.GetString(_snapshot.GetRawText(_row)),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => throw WrongKind(nameof(JsonValueKind.String), nameof(GetString)),
    };

    /// <summary>Gets the text of a string, as far as it has arrived.</summary>
    /// <param name="value">The text, as <see cref="GetString"/> gives it; <see langword="null"/> when there is none.</param>
    /// <returns><see langword="false"/> when the value is not a string.</returns>
    public bool TryGetString([NotNullWhen(true)] out string? value)
    {
        value = ValueKind == JsonValueKind.String ? JsonText.GetString(_snapshot.GetRawText(_row)) : null;
        return value is not null;
    }

    /// <summary>Compares the text of a string, as far as it has arrived.</summary>
    /// <param name="text">The text to compare with, ordinally, without escapes.</param>
    /// <returns><see langword="false"/> when the text differs or the value is not a string.</returns>
    public bool ValueEquals(ReadOnlySpan<char> text) => ValueKind == JsonValueKind.String && JsonText.Equals(_snapshot.GetRawText(_row), text);

    /// <summary>Compares the text of a string, as far as it has arrived.</summary>
    /// <param name="utf8Text">The text to compare with, in UTF-8, without escapes.</param>
    /// <returns><see langword="false"/> when the text differs or the value is not a string.</returns>
    public bool ValueEquals(ReadOnlySpan<byte> utf8Text) =>
        ValueKind == JsonValueKind.String && JsonText.Equals(_snapshot.GetRawText(_row), utf8Text);

    /// <summary>Gets a boolean.</summary>
    /// <param name="value">The value, or <see langword="false"/>.</param>
    /// <returns><see langword="false"/> when the value is neither true nor false.</returns>
    public bool TryGetBoolean(out bool value)
    {
        value = ValueKind == JsonValueKind.True;
        return value || ValueKind == JsonValueKind.False;
    }

    /// <summary>Gets a boolean.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is neither true nor false.</exception>
    public bool GetBoolean() => ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw WrongKind("True or False", nameof(GetBoolean)),
    };

    /// <summary>Gets the text of the value as it was written, as far as it is decided.</summary>
    /// <returns>Not well-formed unless the value is complete. Empty for <see cref="JsonValueKind.Undefined"/>.</returns>
    public string GetRawText() => Encoding.UTF8.GetString(GetRawUtf8());

    /// <summary>Gets the UTF-8 bytes of the value as they were written, as far as they are decided.</summary>
    /// <returns>Not well-formed unless the value is complete. Empty for <see cref="JsonValueKind.Undefined"/>. Never changes.</returns>
    public ReadOnlySpan<byte> GetRawUtf8() => HasValue ? _snapshot.GetRaw(_row) : default;

    /// <summary>Gets a number as a signed 8-bit integer.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number has a fraction or an exponent, or does not fit.</exception>
    public sbyte GetSByte() => TryGetSByte(out var value) ? value : throw NotRepresentable(nameof(GetSByte));

    /// <summary>Gets a number as a signed 8-bit integer.</summary>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, has a fraction or an exponent, or does not fit.</returns>
    public bool TryGetSByte(out sbyte value) => JsonNumberText.TryParse(NumberText, out value);

    /// <summary>Gets a number as an unsigned 8-bit integer.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number is negative, has a fraction or an exponent, or does not fit.</exception>
    public byte GetByte() => TryGetByte(out var value) ? value : throw NotRepresentable(nameof(GetByte));

    /// <summary>Gets a number as an unsigned 8-bit integer.</summary>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, is negative, has a fraction or an exponent, or does not fit.</returns>
    public bool TryGetByte(out byte value) => JsonNumberText.TryParse(NumberText, out value);

    /// <summary>Gets a number as a 16-bit integer.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number has a fraction or an exponent, or does not fit.</exception>
    public short GetInt16() => TryGetInt16(out var value) ? value : throw NotRepresentable(nameof(GetInt16));

    /// <summary>Gets a number as a 16-bit integer.</summary>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, has a fraction or an exponent, or does not fit.</returns>
    public bool TryGetInt16(out short value) => JsonNumberText.TryParse(NumberText, out value);

    /// <summary>Gets a number as an unsigned 16-bit integer.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number is negative, has a fraction or an exponent, or does not fit.</exception>
    public ushort GetUInt16() => TryGetUInt16(out var value) ? value : throw NotRepresentable(nameof(GetUInt16));

    /// <summary>Gets a number as an unsigned 16-bit integer.</summary>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, is negative, has a fraction or an exponent, or does not fit.</returns>
    public bool TryGetUInt16(out ushort value) => JsonNumberText.TryParse(NumberText, out value);

    /// <summary>Gets a number as a 32-bit integer.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number has a fraction or an exponent, or does not fit.</exception>
    public int GetInt32() => TryGetInt32(out var value) ? value : throw NotRepresentable(nameof(GetInt32));

    /// <summary>Gets a number as a 32-bit integer.</summary>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, has a fraction or an exponent, or does not fit.</returns>
    public bool TryGetInt32(out int value) => JsonNumberText.TryParse(NumberText, out value);

    /// <summary>Gets a number as an unsigned 32-bit integer.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number is negative, has a fraction or an exponent, or does not fit.</exception>
    public uint GetUInt32() => TryGetUInt32(out var value) ? value : throw NotRepresentable(nameof(GetUInt32));

    /// <summary>Gets a number as an unsigned 32-bit integer.</summary>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, is negative, has a fraction or an exponent, or does not fit.</returns>
    public bool TryGetUInt32(out uint value) => JsonNumberText.TryParse(NumberText, out value);

    /// <summary>Gets a number as a 64-bit integer.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number has a fraction or an exponent, or does not fit.</exception>
    public long GetInt64() => TryGetInt64(out var value) ? value : throw NotRepresentable(nameof(GetInt64));

    /// <summary>Gets a number as a 64-bit integer.</summary>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, has a fraction or an exponent, or does not fit.</returns>
    public bool TryGetInt64(out long value) => JsonNumberText.TryParse(NumberText, out value);

    /// <summary>Gets a number as an unsigned 64-bit integer.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number is negative, has a fraction or an exponent, or does not fit.</exception>
    public ulong GetUInt64() => TryGetUInt64(out var value) ? value : throw NotRepresentable(nameof(GetUInt64));

    /// <summary>Gets a number as an unsigned 64-bit integer.</summary>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, is negative, has a fraction or an exponent, or does not fit.</returns>
    public bool TryGetUInt64(out ulong value) => JsonNumberText.TryParse(NumberText, out value);

    /// <summary>Gets a number as an integer of any size, exactly.</summary>
    /// <returns>The value. The time it takes grows faster than the number of digits, which only <see cref="PartialJsonOptions.MaxBytes"/> bounds.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number has a fraction or an exponent.</exception>
    public BigInteger GetBigInteger() => TryGetBigInteger(out var value) ? value : throw NotRepresentable(nameof(GetBigInteger));

    /// <summary>Gets a number as an integer of any size, exactly.</summary>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, or has a fraction or an exponent.</returns>
    public bool TryGetBigInteger(out BigInteger value) => JsonNumberText.TryParse(NumberText, out value);

    /// <summary>Gets a number as the nearest single-precision number.</summary>
    /// <returns>The value; an infinity when the number is too large.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    public float GetSingle() => TryGetSingle(out var value) ? value : throw NotRepresentable(nameof(GetSingle));

    /// <summary>Gets a number as the nearest single-precision number.</summary>
    /// <param name="value">The value, or 0; an infinity when the number is too large.</param>
    /// <returns><see langword="false"/> when the value is not a number.</returns>
    public bool TryGetSingle(out float value) => JsonNumberText.TryParse(NumberText, out value);

    /// <summary>Gets a number as the nearest double-precision number.</summary>
    /// <returns>The value; an infinity when the number is too large.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    public double GetDouble() => TryGetDouble(out var value) ? value : throw NotRepresentable(nameof(GetDouble));

    /// <summary>Gets a number as the nearest double-precision number.</summary>
    /// <param name="value">The value, or 0; an infinity when the number is too large.</param>
    /// <returns><see langword="false"/> when the value is not a number.</returns>
    public bool TryGetDouble(out double value) => JsonNumberText.TryParse(NumberText, out value);

    /// <summary>Gets a number as a decimal.</summary>
    /// <returns>The value, rounded to 28 or 29 significant digits.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number does not fit.</exception>
    public decimal GetDecimal() => TryGetDecimal(out var value) ? value : throw NotRepresentable(nameof(GetDecimal));

    /// <summary>Gets a number as a decimal.</summary>
    /// <param name="value">The value, rounded to 28 or 29 significant digits, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number or does not fit.</returns>
    public bool TryGetDecimal(out decimal value) => JsonNumberText.TryParse(NumberText, out value);

    /// <summary>Gets a string as a GUID.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a string, or has not arrived whole.</exception>
    /// <exception cref="FormatException">The text is not a GUID of 32 digits in five groups, without braces.</exception>
    public Guid GetGuid() => TryGetGuid(out var value) ? value : throw NotReadable(nameof(GetGuid), "a GUID");

    /// <summary>Gets a string as a GUID.</summary>
    /// <param name="value">The value, or the default.</param>
    /// <returns><see langword="false"/> when the value is not a string, has not arrived whole, or is not a GUID of 32 digits in five groups, without braces.</returns>
    public bool TryGetGuid(out Guid value) => JsonTextConversion.TryParse(WholeText, out value);

    /// <summary>Gets a string as a date and time.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a string, or has not arrived whole.</exception>
    /// <exception cref="FormatException">The text is not of the extended profile of ISO 8601-1:2019 that <see cref="JsonElement.GetDateTime"/> reads.</exception>
    public DateTime GetDateTime() => TryGetDateTime(out var value) ? value : throw NotReadable(nameof(GetDateTime), "a date and time");

    /// <summary>Gets a string as a date and time.</summary>
    /// <param name="value">The value, or the default.</param>
    /// <returns><see langword="false"/> when the value is not a string, has not arrived whole, or is not a date as <see cref="JsonElement.GetDateTime"/> reads it.</returns>
    public bool TryGetDateTime(out DateTime value) => JsonTextConversion.TryParse(WholeText, out value);

    /// <summary>Gets a string as a date and time with its offset from UTC.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a string, or has not arrived whole.</exception>
    /// <exception cref="FormatException">The text is not of the extended profile of ISO 8601-1:2019 that <see cref="JsonElement.GetDateTimeOffset"/> reads.</exception>
    public DateTimeOffset GetDateTimeOffset() =>
        TryGetDateTimeOffset(out var value) ? value : throw NotReadable(nameof(GetDateTimeOffset), "a date and time");

    /// <summary>Gets a string as a date and time with its offset from UTC.</summary>
    /// <param name="value">The value, or the default.</param>
    /// <returns><see langword="false"/> when the value is not a string, has not arrived whole, or is not a date as <see cref="JsonElement.GetDateTimeOffset"/> reads it.</returns>
    public bool TryGetDateTimeOffset(out DateTimeOffset value) => JsonTextConversion.TryParse(WholeText, out value);

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
        return IsWholeString && JsonTextConversion.TryParseBase64(_snapshot.GetRawText(_row), out value);
    }

    private ReadOnlySpan<byte> NumberText => ValueKind == JsonValueKind.Number ? _snapshot.GetRaw(_row) : default;

    private bool IsWholeString => ValueKind == JsonValueKind.String && IsComplete;

    // Empty, which stands for nothing, when the value is not a whole string.
    private ReadOnlySpan<byte> WholeText => IsWholeString ? _snapshot.GetRawText(_row) : default;

    private Exception NotRepresentable(string member) => ValueKind == JsonValueKind.Number
        ? new FormatException($"{member}: the number is not one that the type can hold.")
        : WrongKind(nameof(JsonValueKind.Number), member);

    private Exception NotReadable(string member, string expected) => ValueKind switch
    {
        JsonValueKind.String when IsComplete => new FormatException($"{member}: the string is not {expected}."),
        JsonValueKind.String => new InvalidOperationException($"{member}: found a string that has not arrived whole, expected {expected}."),
        _ => WrongKind(nameof(JsonValueKind.String), member),
    };
}
