using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Streamline.Json;

/// <content>Strings, numbers and booleans.</content>
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

    /// <summary>Compares the text of a string, as far as it has arrived.</summary>
    /// <param name="utf8Text">The text to compare with, in UTF-8, without escapes.</param>
    /// <returns><see langword="false"/> when the text differs or the value is not a string.</returns>
    public bool ValueEquals(ReadOnlySpan<byte> utf8Text) =>
        ValueKind == JsonValueKind.String && JsonText.Equals(_snapshot.GetRawText(_row), utf8Text);

    /// <summary>Gets a boolean.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is neither true nor false.</exception>
    public bool GetBoolean() => ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw WrongKind("True or False", nameof(GetBoolean)),
    };

    /// <summary>Gets a number as a 32-bit integer.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number has a fraction or an exponent, or does not fit.</exception>
    public int GetInt32() => TryGetInt32(out var value) ? value : throw NotRepresentable(nameof(GetInt32));

    /// <summary>Gets a number as a 32-bit integer.</summary>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, has a fraction or an exponent, or does not fit.</returns>
    public bool TryGetInt32(out int value) =>
        (Utf8Parser.TryParse(NumberText, out value, out var read) && read == NumberText.Length) || None(out value);

    /// <summary>Gets a number as a 64-bit integer.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number has a fraction or an exponent, or does not fit.</exception>
    public long GetInt64() => TryGetInt64(out var value) ? value : throw NotRepresentable(nameof(GetInt64));

    /// <summary>Gets a number as a 64-bit integer.</summary>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, has a fraction or an exponent, or does not fit.</returns>
    public bool TryGetInt64(out long value) =>
        (Utf8Parser.TryParse(NumberText, out value, out var read) && read == NumberText.Length) || None(out value);

    /// <summary>Gets a number as an unsigned 64-bit integer.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number is negative, has a fraction or an exponent, or does not fit.</exception>
    public ulong GetUInt64() => TryGetUInt64(out var value) ? value : throw NotRepresentable(nameof(GetUInt64));

    /// <summary>Gets a number as an unsigned 64-bit integer.</summary>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, is negative, has a fraction or an exponent, or does not fit.</returns>
    public bool TryGetUInt64(out ulong value) =>
        (Utf8Parser.TryParse(NumberText, out value, out var read) && read == NumberText.Length) || None(out value);

    /// <summary>Gets a number as the nearest double-precision number.</summary>
    /// <returns>The value; an infinity when the number is too large.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    public double GetDouble() => TryGetDouble(out var value) ? value : throw NotRepresentable(nameof(GetDouble));

    /// <summary>Gets a number as the nearest double-precision number.</summary>
    /// <param name="value">The value, or 0; an infinity when the number is too large.</param>
    /// <returns><see langword="false"/> when the value is not a number.</returns>
    public bool TryGetDouble(out double value) =>
        (Utf8Parser.TryParse(NumberText, out value, out var read) && read == NumberText.Length) || None(out value);

    /// <summary>Gets a number as a decimal.</summary>
    /// <returns>The value, rounded to 28 or 29 significant digits.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number does not fit.</exception>
    public decimal GetDecimal() => TryGetDecimal(out var value) ? value : throw NotRepresentable(nameof(GetDecimal));

    /// <summary>Gets a number as a decimal.</summary>
    /// <param name="value">The value, rounded to 28 or 29 significant digits, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number or does not fit.</returns>
    public bool TryGetDecimal(out decimal value) =>
        (Utf8Parser.TryParse(NumberText, out value, out var read) && read == NumberText.Length) || None(out value);

    /// <summary>Gets the text of the value as it was written, as far as it is decided.</summary>
    /// <returns>Not well-formed unless the value is complete. Empty for <see cref="JsonValueKind.Undefined"/>.</returns>
    public string GetRawText() => Encoding.UTF8.GetString(GetRawUtf8());

    /// <summary>Gets the UTF-8 bytes of the value as they were written, as far as they are decided.</summary>
    /// <returns>Not well-formed unless the value is complete. Empty for <see cref="JsonValueKind.Undefined"/>. Never changes.</returns>
    public ReadOnlySpan<byte> GetRawUtf8() => HasValue ? _snapshot.GetRaw(_row) : default;

    private ReadOnlySpan<byte> NumberText => ValueKind == JsonValueKind.Number ? _snapshot.GetRaw(_row) : default;

    private static bool None<T>(out T value)
        where T : struct
    {
        value = default;
        return false;
    }

    private Exception NotRepresentable(string member) => ValueKind == JsonValueKind.Number
        ? new FormatException($"{member}: the number is not one that the type can hold.")
        : WrongKind(nameof(JsonValueKind.Number), member);
}
