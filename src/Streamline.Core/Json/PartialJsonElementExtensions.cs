using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text.Json;

namespace Streamline.Json;

/// <summary>Reads numbers, and strings that stand for something else.</summary>
/// <remarks>
/// Whatever the type of a number, <see cref="PartialJsonElement.GetRawText"/> has every digit that was written. The beginning of a string may stand for
/// something different, so it is read only when it is whole.
/// </remarks>
public static class PartialJsonElementExtensions
{
    /// <summary>Gets a number as a signed 8-bit integer.</summary>
    /// <param name="element">The value to read.</param>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number has a fraction or an exponent, or does not fit.</exception>
    public static sbyte GetSByte(this PartialJsonElement element) => element.TryGetSByte(out var value) ? value : throw NotRepresentable(element, nameof(GetSByte));

    /// <summary>Gets a number as a signed 8-bit integer.</summary>
    /// <param name="element">The value to read.</param>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, has a fraction or an exponent, or does not fit.</returns>
    public static bool TryGetSByte(this PartialJsonElement element, out sbyte value) => JsonNumberText.TryParse(NumberText(element), out value);

    /// <summary>Gets a number as an unsigned 8-bit integer.</summary>
    /// <param name="element">The value to read.</param>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number is negative, has a fraction or an exponent, or does not fit.</exception>
    public static byte GetByte(this PartialJsonElement element) => element.TryGetByte(out var value) ? value : throw NotRepresentable(element, nameof(GetByte));

    /// <summary>Gets a number as an unsigned 8-bit integer.</summary>
    /// <param name="element">The value to read.</param>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, is negative, has a fraction or an exponent, or does not fit.</returns>
    public static bool TryGetByte(this PartialJsonElement element, out byte value) => JsonNumberText.TryParse(NumberText(element), out value);

    /// <summary>Gets a number as a 16-bit integer.</summary>
    /// <param name="element">The value to read.</param>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number has a fraction or an exponent, or does not fit.</exception>
    public static short GetInt16(this PartialJsonElement element) => element.TryGetInt16(out var value) ? value : throw NotRepresentable(element, nameof(GetInt16));

    /// <summary>Gets a number as a 16-bit integer.</summary>
    /// <param name="element">The value to read.</param>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, has a fraction or an exponent, or does not fit.</returns>
    public static bool TryGetInt16(this PartialJsonElement element, out short value) => JsonNumberText.TryParse(NumberText(element), out value);

    /// <summary>Gets a number as an unsigned 16-bit integer.</summary>
    /// <param name="element">The value to read.</param>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number is negative, has a fraction or an exponent, or does not fit.</exception>
    public static ushort GetUInt16(this PartialJsonElement element) => element.TryGetUInt16(out var value) ? value : throw NotRepresentable(element, nameof(GetUInt16));

    /// <summary>Gets a number as an unsigned 16-bit integer.</summary>
    /// <param name="element">The value to read.</param>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, is negative, has a fraction or an exponent, or does not fit.</returns>
    public static bool TryGetUInt16(this PartialJsonElement element, out ushort value) => JsonNumberText.TryParse(NumberText(element), out value);

    /// <summary>Gets a number as a 32-bit integer.</summary>
    /// <param name="element">The value to read.</param>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number has a fraction or an exponent, or does not fit.</exception>
    public static int GetInt32(this PartialJsonElement element) => element.TryGetInt32(out var value) ? value : throw NotRepresentable(element, nameof(GetInt32));

    /// <summary>Gets a number as a 32-bit integer.</summary>
    /// <param name="element">The value to read.</param>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, has a fraction or an exponent, or does not fit.</returns>
    public static bool TryGetInt32(this PartialJsonElement element, out int value) => JsonNumberText.TryParse(NumberText(element), out value);

    /// <summary>Gets a number as an unsigned 32-bit integer.</summary>
    /// <param name="element">The value to read.</param>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number is negative, has a fraction or an exponent, or does not fit.</exception>
    public static uint GetUInt32(this PartialJsonElement element) => element.TryGetUInt32(out var value) ? value : throw NotRepresentable(element, nameof(GetUInt32));

    /// <summary>Gets a number as an unsigned 32-bit integer.</summary>
    /// <param name="element">The value to read.</param>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, is negative, has a fraction or an exponent, or does not fit.</returns>
    public static bool TryGetUInt32(this PartialJsonElement element, out uint value) => JsonNumberText.TryParse(NumberText(element), out value);

    /// <summary>Gets a number as a 64-bit integer.</summary>
    /// <param name="element">The value to read.</param>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number has a fraction or an exponent, or does not fit.</exception>
    public static long GetInt64(this PartialJsonElement element) => element.TryGetInt64(out var value) ? value : throw NotRepresentable(element, nameof(GetInt64));

    /// <summary>Gets a number as a 64-bit integer.</summary>
    /// <param name="element">The value to read.</param>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, has a fraction or an exponent, or does not fit.</returns>
    public static bool TryGetInt64(this PartialJsonElement element, out long value) => JsonNumberText.TryParse(NumberText(element), out value);

    /// <summary>Gets a number as an unsigned 64-bit integer.</summary>
    /// <param name="element">The value to read.</param>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number is negative, has a fraction or an exponent, or does not fit.</exception>
    public static ulong GetUInt64(this PartialJsonElement element) => element.TryGetUInt64(out var value) ? value : throw NotRepresentable(element, nameof(GetUInt64));

    /// <summary>Gets a number as an unsigned 64-bit integer.</summary>
    /// <param name="element">The value to read.</param>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, is negative, has a fraction or an exponent, or does not fit.</returns>
    public static bool TryGetUInt64(this PartialJsonElement element, out ulong value) => JsonNumberText.TryParse(NumberText(element), out value);

    /// <summary>Gets a number as an integer of any size, exactly.</summary>
    /// <param name="element">The value to read.</param>
    /// <returns>The value. The time it takes grows faster than the number of digits, which only <see cref="PartialJsonOptions.MaxBytes"/> bounds.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number has a fraction or an exponent.</exception>
    public static BigInteger GetBigInteger(this PartialJsonElement element) => element.TryGetBigInteger(out var value) ? value : throw NotRepresentable(element, nameof(GetBigInteger));

    /// <summary>Gets a number as an integer of any size, exactly.</summary>
    /// <param name="element">The value to read.</param>
    /// <param name="value">The value, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number, or has a fraction or an exponent.</returns>
    public static bool TryGetBigInteger(this PartialJsonElement element, out BigInteger value) => JsonNumberText.TryParse(NumberText(element), out value);

    /// <summary>Gets a number as the nearest single-precision number.</summary>
    /// <param name="element">The value to read.</param>
    /// <returns>The value; an infinity when the number is too large.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    public static float GetSingle(this PartialJsonElement element) => element.TryGetSingle(out var value) ? value : throw NotRepresentable(element, nameof(GetSingle));

    /// <summary>Gets a number as the nearest single-precision number.</summary>
    /// <param name="element">The value to read.</param>
    /// <param name="value">The value, or 0; an infinity when the number is too large.</param>
    /// <returns><see langword="false"/> when the value is not a number.</returns>
    public static bool TryGetSingle(this PartialJsonElement element, out float value) => JsonNumberText.TryParse(NumberText(element), out value);

    /// <summary>Gets a number as the nearest double-precision number.</summary>
    /// <param name="element">The value to read.</param>
    /// <returns>The value; an infinity when the number is too large.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    public static double GetDouble(this PartialJsonElement element) => element.TryGetDouble(out var value) ? value : throw NotRepresentable(element, nameof(GetDouble));

    /// <summary>Gets a number as the nearest double-precision number.</summary>
    /// <param name="element">The value to read.</param>
    /// <param name="value">The value, or 0; an infinity when the number is too large.</param>
    /// <returns><see langword="false"/> when the value is not a number.</returns>
    public static bool TryGetDouble(this PartialJsonElement element, out double value) => JsonNumberText.TryParse(NumberText(element), out value);

    /// <summary>Gets a number as a decimal.</summary>
    /// <param name="element">The value to read.</param>
    /// <returns>The value, rounded to 28 or 29 significant digits.</returns>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    /// <exception cref="FormatException">The number does not fit.</exception>
    public static decimal GetDecimal(this PartialJsonElement element) => element.TryGetDecimal(out var value) ? value : throw NotRepresentable(element, nameof(GetDecimal));

    /// <summary>Gets a number as a decimal.</summary>
    /// <param name="element">The value to read.</param>
    /// <param name="value">The value, rounded to 28 or 29 significant digits, or 0.</param>
    /// <returns><see langword="false"/> when the value is not a number or does not fit.</returns>
    public static bool TryGetDecimal(this PartialJsonElement element, out decimal value) => JsonNumberText.TryParse(NumberText(element), out value);

    /// <summary>Gets a string as a GUID.</summary>
    /// <param name="element">The value to read.</param>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a string, or has not arrived whole.</exception>
    /// <exception cref="FormatException">The text is not a GUID of 32 digits in five groups, without braces.</exception>
    public static Guid GetGuid(this PartialJsonElement element) => element.TryGetGuid(out var value) ? value : throw NotReadable(element, nameof(GetGuid), "a GUID");

    /// <summary>Gets a string as a GUID.</summary>
    /// <param name="element">The value to read.</param>
    /// <param name="value">The value, or the default.</param>
    /// <returns><see langword="false"/> when the value is not a string, has not arrived whole, or is not a GUID of 32 digits in five groups, without braces.</returns>
    public static bool TryGetGuid(this PartialJsonElement element, out Guid value) => JsonTextConversion.TryParse(WholeText(element), out value);

    /// <summary>Gets a string as a date and time.</summary>
    /// <param name="element">The value to read.</param>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a string, or has not arrived whole.</exception>
    /// <exception cref="FormatException">The text is not of the extended profile of ISO 8601-1:2019 that <see cref="JsonElement.GetDateTime"/> reads.</exception>
    public static DateTime GetDateTime(this PartialJsonElement element) => element.TryGetDateTime(out var value) ? value : throw NotReadable(element, nameof(GetDateTime), "a date and time");

    /// <summary>Gets a string as a date and time.</summary>
    /// <param name="element">The value to read.</param>
    /// <param name="value">The value, or the default.</param>
    /// <returns><see langword="false"/> when the value is not a string, has not arrived whole, or is not a date as <see cref="JsonElement.GetDateTime"/> reads it.</returns>
    public static bool TryGetDateTime(this PartialJsonElement element, out DateTime value) => JsonTextConversion.TryParse(WholeText(element), out value);

    /// <summary>Gets a string as a date and time with its offset from UTC.</summary>
    /// <param name="element">The value to read.</param>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The value is not a string, or has not arrived whole.</exception>
    /// <exception cref="FormatException">The text is not of the extended profile of ISO 8601-1:2019 that <see cref="JsonElement.GetDateTimeOffset"/> reads.</exception>
    public static DateTimeOffset GetDateTimeOffset(this PartialJsonElement element) =>
        element.TryGetDateTimeOffset(out var value) ? value : throw NotReadable(element, nameof(GetDateTimeOffset), "a date and time");

    /// <summary>Gets a string as a date and time with its offset from UTC.</summary>
    /// <param name="element">The value to read.</param>
    /// <param name="value">The value, or the default.</param>
    /// <returns><see langword="false"/> when the value is not a string, has not arrived whole, or is not a date as <see cref="JsonElement.GetDateTimeOffset"/> reads it.</returns>
    public static bool TryGetDateTimeOffset(this PartialJsonElement element, out DateTimeOffset value) => JsonTextConversion.TryParse(WholeText(element), out value);

    /// <summary>Gets the bytes that a string stands for in Base64.</summary>
    /// <param name="element">The value to read.</param>
    /// <returns>A new array.</returns>
    /// <exception cref="InvalidOperationException">The value is not a string, or has not arrived whole.</exception>
    /// <exception cref="FormatException">The text is not Base64.</exception>
    public static byte[] GetBytesFromBase64(this PartialJsonElement element) => element.TryGetBytesFromBase64(out var value) ? value : throw NotReadable(element, nameof(GetBytesFromBase64), "Base64");

    /// <summary>Gets the bytes that a string stands for in Base64.</summary>
    /// <param name="element">The value to read.</param>
    /// <param name="value">A new array; <see langword="null"/> when there is none.</param>
    /// <returns><see langword="false"/> when the value is not a string, has not arrived whole, or is not Base64.</returns>
    public static bool TryGetBytesFromBase64(this PartialJsonElement element, [NotNullWhen(true)] out byte[]? value)
    {
        value = null;
        return IsWholeString(element) && JsonTextConversion.TryParseBase64(WholeText(element), out value);
    }

    private static ReadOnlySpan<byte> NumberText(PartialJsonElement element) => element.ValueKind == JsonValueKind.Number ? element.GetRawUtf8() : default;

    private static bool IsWholeString(PartialJsonElement element) => element.ValueKind == JsonValueKind.String && element.IsComplete;

    // Empty, which stands for nothing, when the value is not a whole string.
    private static ReadOnlySpan<byte> WholeText(PartialJsonElement element) => IsWholeString(element) ? element.GetRawUtf8()[1..^1] : default;

    private static Exception NotRepresentable(PartialJsonElement element, string member) => element.ValueKind == JsonValueKind.Number
        ? new FormatException($"{member}: the number is not one that the type can hold.")
        : element.WrongKind(nameof(JsonValueKind.Number), member);

    private static Exception NotReadable(PartialJsonElement element, string member, string expected) => element.ValueKind switch
    {
        JsonValueKind.String when element.IsComplete => new FormatException($"{member}: the string is not {expected}."),
        JsonValueKind.String => new InvalidOperationException($"{member}: found a string that has not arrived whole, expected {expected}."),
        _ => element.WrongKind(nameof(JsonValueKind.String), member),
    };
}
