using System.Text;

namespace Streamline.Json;

/// <summary>Reads a scalar as another one that the schema wants.</summary>
internal static class JsonShapeConverter
{
    /// <summary>Longer ones are what they are.</summary>
    public const int MaxLength = 64;

    /// <summary>Converts what is in quotes, or without quotes is not JSON.</summary>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="text">The text, without quotes and escapes.</param>
    /// <param name="kind">The kind that it has in JSON.</param>
    /// <returns>The JSON for it; <see langword="null"/> when there is none.</returns>
    public static byte[]? Convert(JsonShape wanted, ReadOnlySpan<byte> text, JsonKinds kind)
    {
        text = text.Trim(" \t"u8);
        return text.Length > MaxLength || text.Contains((byte)'\\') ? null
            : wanted.Allows(JsonKinds.String) ? ToText(wanted, text, kind)
            : kind == JsonKinds.String ? ToScalar(wanted, text)
            : kind == JsonKinds.Number && wanted.Allows(JsonKinds.Boolean) ? ToBoolean(text)
            : null;
    }

    /// <summary>Converts a word without quotes, where a value begins.</summary>
    public static byte[]? ConvertWord(in JsonShapeCursor cursor, ReadOnlySpan<byte> word) =>
        cursor.MayConvertText ? Convert(cursor.Wanted, word, JsonKinds.String)
        : cursor.Wanted.Allows(JsonKinds.Number) || word[0] >= (byte)'A' || !JsonBareWord.IsScalar(word) ? null
        : Convert(cursor.Wanted, word, JsonKinds.Number); // a number, of which the text is wanted

    private static byte[]? ToText(JsonShape wanted, ReadOnlySpan<byte> text, JsonKinds kind)
    {
        if (wanted.Strings is { } strings)
        {
            return strings.FindAlike(text) ?? (kind == JsonKinds.String ? ToScalar(wanted, text) : null);
        }

        return kind is JsonKinds.Number or JsonKinds.Boolean ? [(byte)'"', .. text, (byte)'"'] : null;
    }

    private static byte[]? ToScalar(JsonShape wanted, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return wanted.Allows(JsonKinds.Null) ? "null "u8.ToArray() : null;
        }

        Span<byte> json = stackalloc byte[JsonBareWord.MaxJsonLength];
        if (JsonBareWord.TryRead(text, json, out var length, out _, out _))
        {
            var kind = json[0] switch { (byte)'t' or (byte)'f' => JsonKinds.Boolean, (byte)'n' => JsonKinds.Null, _ => JsonKinds.Number };
            if (wanted.Allows(kind))
            {
                return [.. json[..length], (byte)' '];
            }
        }

        return wanted.Allows(JsonKinds.Boolean) ? ToBoolean(text) : null;
    }

    private static byte[]? ToBoolean(ReadOnlySpan<byte> text) =>
        Ascii.EqualsIgnoreCase(text, "yes"u8) || Ascii.EqualsIgnoreCase(text, "on"u8) || text is [(byte)'1'] ? "true "u8.ToArray()
        : Ascii.EqualsIgnoreCase(text, "no"u8) || Ascii.EqualsIgnoreCase(text, "off"u8) || text is [(byte)'0'] ? "false "u8.ToArray()
        : null;
}
