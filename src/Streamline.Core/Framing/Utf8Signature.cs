namespace Streamline.Framing;

/// <summary>The byte order mark that some servers put before UTF-8 text. It may be cut anywhere.</summary>
internal static class Utf8Signature
{
    private static ReadOnlySpan<byte> Bytes => [0xEF, 0xBB, 0xBF];

    /// <summary>Tells whether a byte of a body belongs to the mark at its beginning.</summary>
    /// <param name="value">The byte.</param>
    /// <param name="offset">Its offset in the body.</param>
    public static bool Includes(byte value, long offset) => offset < Bytes.Length && value == Bytes[(int)offset];

    /// <summary>Takes the mark away from the beginning of a body.</summary>
    public static ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> text, long offset) => offset == 0 && text.StartsWith(Bytes) ? text[Bytes.Length..] : text;
}
