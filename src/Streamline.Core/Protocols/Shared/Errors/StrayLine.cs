namespace Streamline.Protocols.Shared;

/// <summary>A line of a body that made no frame, such as <c>error: {"code":400}</c>.</summary>
internal static class StrayLine
{
    private const int MaxName = 16;

    /// <summary>Gets the text after the name of a field; empty when the line has no name.</summary>
    public static ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> line) =>
        NameLength(line) is > 0 and var length ? line[(length + 1)..].TrimStart(" \t"u8) : default;

    /// <summary>Tells whether the line is named an error.</summary>
    public static bool IsError(ReadOnlySpan<byte> line)
    {
        var name = line[..NameLength(line)].Trim("[] "u8);
        return Ascii.EqualsIgnoreCase(name, "error"u8) || Ascii.EqualsIgnoreCase(name, "exception"u8);
    }

    private static int NameLength(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        return colon is > 0 and <= MaxName && !line[..colon].ContainsAny("{\"<"u8) ? colon : 0;
    }
}
