namespace Streamline.Json;

/// <summary>What speaks for it that a comment is data: text with a sign in it, or what follows a quote in a string.</summary>
[Flags]
internal enum JsonCommentSigns : byte
{
    None = 0,

    /// <summary>No byte has come since the sign that begins it.</summary>
    IsEmpty = 1,

    /// <summary>It stands where a value is wanted.</summary>
    IsValue = 1 << 1,

    /// <summary>It follows a string on the same line.</summary>
    IsAfterString = 1 << 2,

    /// <summary>Its last byte is a quote.</summary>
    EndsInQuote = 1 << 3,

    /// <summary>Its last byte that is not whitespace is a comma.</summary>
    EndsInComma = 1 << 4,

    /// <summary>Its last byte that is not whitespace is a closer.</summary>
    EndsInCloser = 1 << 5,

    /// <summary>It may be data.</summary>
    MayBeData = 1 << 6,
}

/// <summary>Looks for data in a comment, byte by byte.</summary>
internal static class JsonComment
{
    /// <summary>The signs before the comment.</summary>
    /// <param name="before">The text before it, as far as it is known.</param>
    /// <param name="isValue">Whether a value is wanted.</param>
    public static JsonCommentSigns Begin(ReadOnlySpan<byte> before, bool isValue)
    {
        var signs = JsonCommentSigns.IsEmpty | (isValue ? JsonCommentSigns.IsValue : JsonCommentSigns.None);
        return before.TrimEnd(" \t"u8) is var text && text is not [.., (byte)'"' or (byte)'\'' or (byte)'`'] ? signs
            : signs | JsonCommentSigns.IsAfterString | (text.Length == before.Length ? JsonCommentSigns.MayBeData : JsonCommentSigns.None);
    }

    /// <summary>The signs after one more byte.</summary>
    public static JsonCommentSigns Next(JsonCommentSigns signs, byte found)
    {
        const JsonCommentSigns Ends = JsonCommentSigns.EndsInComma | JsonCommentSigns.EndsInCloser;
        var mayBeData = signs.HasFlag(JsonCommentSigns.EndsInQuote) && found is (byte)',' or (byte)':' or (byte)'}' or (byte)']';
        mayBeData |= signs.HasFlag(JsonCommentSigns.IsAfterString) && found is (byte)'"' or (byte)'\'';
        mayBeData |= signs.HasFlag(JsonCommentSigns.IsEmpty | JsonCommentSigns.IsValue) && found is not ((byte)' ' or (byte)'\t' or (byte)'#' or (byte)'/' or (byte)'-' or (byte)'=' or (byte)'!');
        var next = (signs & ~(JsonCommentSigns.IsEmpty | JsonCommentSigns.EndsInQuote)) | (mayBeData ? JsonCommentSigns.MayBeData : JsonCommentSigns.None);
        return found switch
        {
            (byte)' ' or (byte)'\t' => next,
            (byte)'"' => (next & ~Ends) | JsonCommentSigns.EndsInQuote,
            (byte)',' => (next & ~Ends) | JsonCommentSigns.EndsInComma,
            (byte)'}' or (byte)']' => (next & ~Ends) | JsonCommentSigns.EndsInCloser,
            _ => next & ~Ends,
        };
    }
}
