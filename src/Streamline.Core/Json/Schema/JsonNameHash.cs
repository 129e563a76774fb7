namespace Streamline.Json;

/// <summary>Hashes of property names and enum strings, taken byte by byte, so that a name can be looked up however its text was cut.</summary>
internal static class JsonNameHash
{
    public const ulong Empty = 14695981039346656037; // FNV-1a, 64 bits

    private const ulong Prime = 1099511628211;

    /// <summary>The hash of a text, or of what follows a text.</summary>
    public static ulong Add(ulong hash, ReadOnlySpan<byte> text)
    {
        foreach (var value in text)
        {
            hash = (hash ^ value) * Prime;
        }

        return hash;
    }

    /// <summary>The hash of a text without regard to case and separators: <c>full_name</c>, <c>FullName</c> and <c>full-name</c> have the same one.</summary>
    public static ulong OfLetters(ReadOnlySpan<byte> text)
    {
        var hash = Empty;
        foreach (var value in text)
        {
            if (value is not ((byte)'_' or (byte)'-' or (byte)' ' or (byte)'.'))
            {
                hash = (hash ^ (char.IsAsciiLetterUpper((char)value) ? (uint)value | 0x20 : value)) * Prime;
            }
        }

        return hash;
    }
}
