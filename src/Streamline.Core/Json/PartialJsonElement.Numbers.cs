using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Streamline.Json;

/// <content>Numbers. Whatever the type, <see cref="GetRawText"/> has every digit that was written.</content>
public readonly partial struct PartialJsonElement
{
    private const int StackDigits = 128;

    /// <summary>Gets a number as a signed 8-bit integer.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number has a fraction or an exponent, or does not fit.</exception>
    public sbyte GetSByte() => TryGetSByte(out var value) ? value : throw NotRepresentable(nameof(GetSByte));

    /// <summary>Gets a number as a signed 8-bit integer.</summary>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, has a fraction or an exponent, or does not fit.</returns>
    public bool TryGetSByte(out sbyte value) =>
        (Utf8Parser.TryParse(NumberText, out value, out var read) && read == NumberText.Length) || None(out value);

    /// <summary>Gets a number as an unsigned 8-bit integer.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number is negative, has a fraction or an exponent, or does not fit.</exception>
    public byte GetByte() => TryGetByte(out var value) ? value : throw NotRepresentable(nameof(GetByte));

    /// <summary>Gets a number as an unsigned 8-bit integer.</summary>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, is negative, has a fraction or an exponent, or does not fit.</returns>
    public bool TryGetByte(out byte value) =>
        (Utf8Parser.TryParse(NumberText, out value, out var read) && read == NumberText.Length) || None(out value);

    /// <summary>Gets a number as a 16-bit integer.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number has a fraction or an exponent, or does not fit.</exception>
    public short GetInt16() => TryGetInt16(out var value) ? value : throw NotRepresentable(nameof(GetInt16));

    /// <summary>Gets a number as a 16-bit integer.</summary>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, has a fraction or an exponent, or does not fit.</returns>
    public bool TryGetInt16(out short value) =>
        (Utf8Parser.TryParse(NumberText, out value, out var read) && read == NumberText.Length) || None(out value);

    /// <summary>Gets a number as an unsigned 16-bit integer.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number is negative, has a fraction or an exponent, or does not fit.</exception>
    public ushort GetUInt16() => TryGetUInt16(out var value) ? value : throw NotRepresentable(nameof(GetUInt16));

    /// <summary>Gets a number as an unsigned 16-bit integer.</summary>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, is negative, has a fraction or an exponent, or does not fit.</returns>
    public bool TryGetUInt16(out ushort value) =>
        (Utf8Parser.TryParse(NumberText, out value, out var read) && read == NumberText.Length) || None(out value);

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

    /// <summary>Gets a number as an unsigned 32-bit integer.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number is negative, has a fraction or an exponent, or does not fit.</exception>
    public uint GetUInt32() => TryGetUInt32(out var value) ? value : throw NotRepresentable(nameof(GetUInt32));

    /// <summary>Gets a number as an unsigned 32-bit integer.</summary>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, is negative, has a fraction or an exponent, or does not fit.</returns>
    public bool TryGetUInt32(out uint value) =>
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

    /// <summary>Gets a number as an integer of any size, exactly.</summary>
    /// <returns>The value. The time it takes grows faster than the number of digits, which only <see cref="PartialJsonOptions.MaxBytes"/> bounds.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number has a fraction or an exponent.</exception>
    public BigInteger GetBigInteger() => TryGetBigInteger(out var value) ? value : throw NotRepresentable(nameof(GetBigInteger));

    /// <summary>Gets a number as an integer of any size, exactly.</summary>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, or has a fraction or an exponent.</returns>
    public bool TryGetBigInteger(out BigInteger value)
    {
        // An exponent is refused: a few digits of it would ask for gigabytes.
        var text = NumberText;
        if (text.IsEmpty || text.IndexOfAnyExceptInRange((byte)'-', (byte)'9') >= 0)
        {
            return None(out value);
        }

        if (text.Length <= StackDigits)
        {
            Span<char> digits = stackalloc char[StackDigits];
            return TryParseInteger(text, digits, out value);
        }

        var rented = ArrayPool<char>.Shared.Rent(text.Length);
        var isInteger = TryParseInteger(text, rented, out value);
        ArrayPool<char>.Shared.Return(rented);
        return isInteger;
    }

    /// <summary>Gets a number as the nearest single-precision number.</summary>
    /// <returns>The value; an infinity when the number is too large.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    public float GetSingle() => TryGetSingle(out var value) ? value : throw NotRepresentable(nameof(GetSingle));

    /// <summary>Gets a number as the nearest single-precision number.</summary>
    /// <param name="value">The value, or 0; an infinity when the number is too large.</param>
    /// <returns><see langword="false"/> when the value is not a number.</returns>
    public bool TryGetSingle(out float value) =>
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

    private ReadOnlySpan<byte> NumberText => ValueKind == JsonValueKind.Number ? _snapshot.GetRaw(_row) : default;

    private static bool TryParseInteger(ReadOnlySpan<byte> text, Span<char> digits, out BigInteger value) =>
        BigInteger.TryParse(digits[..Encoding.ASCII.GetChars(text, digits)], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

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
