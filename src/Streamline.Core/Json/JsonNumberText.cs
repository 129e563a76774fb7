using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Streamline.Json;

/// <summary>Converts a JSON number as it was written, all of it, to the types that may hold it. An empty text is not a number.</summary>
internal static class JsonNumberText
{
    private const int StackDigits = 128;

    public static bool TryParse(ReadOnlySpan<byte> text, out sbyte value) => (Utf8Parser.TryParse(text, out value, out var read) && read == text.Length) || None(out value);

    public static bool TryParse(ReadOnlySpan<byte> text, out byte value) => (Utf8Parser.TryParse(text, out value, out var read) && read == text.Length) || None(out value);

    public static bool TryParse(ReadOnlySpan<byte> text, out short value) => (Utf8Parser.TryParse(text, out value, out var read) && read == text.Length) || None(out value);

    public static bool TryParse(ReadOnlySpan<byte> text, out ushort value) => (Utf8Parser.TryParse(text, out value, out var read) && read == text.Length) || None(out value);

    public static bool TryParse(ReadOnlySpan<byte> text, out int value) => (Utf8Parser.TryParse(text, out value, out var read) && read == text.Length) || None(out value);

    public static bool TryParse(ReadOnlySpan<byte> text, out uint value) => (Utf8Parser.TryParse(text, out value, out var read) && read == text.Length) || None(out value);

    public static bool TryParse(ReadOnlySpan<byte> text, out long value) => (Utf8Parser.TryParse(text, out value, out var read) && read == text.Length) || None(out value);

    public static bool TryParse(ReadOnlySpan<byte> text, out ulong value) => (Utf8Parser.TryParse(text, out value, out var read) && read == text.Length) || None(out value);

    public static bool TryParse(ReadOnlySpan<byte> text, out float value) => (Utf8Parser.TryParse(text, out value, out var read) && read == text.Length) || None(out value);

    public static bool TryParse(ReadOnlySpan<byte> text, out double value) => (Utf8Parser.TryParse(text, out value, out var read) && read == text.Length) || None(out value);

    public static bool TryParse(ReadOnlySpan<byte> text, out decimal value) => (Utf8Parser.TryParse(text, out value, out var read) && read == text.Length) || None(out value);

    public static bool TryParse(ReadOnlySpan<byte> text, out BigInteger value)
    {
        // An exponent is refused: a few digits of it would ask for gigabytes.
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

    private static bool TryParseInteger(ReadOnlySpan<byte> text, Span<char> digits, out BigInteger value) =>
        BigInteger.TryParse(digits[..Encoding.ASCII.GetChars(text, digits)], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static bool None<T>(out T value)
        where T : struct
    {
        value = default;
        return false;
    }
}
