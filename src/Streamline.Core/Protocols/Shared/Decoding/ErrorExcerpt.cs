namespace Streamline.Protocols.Shared;

/// <summary>Cuts what a server said in an error to a length that is fit for a message and a log.</summary>
internal static class ErrorExcerpt
{
    /// <summary>The most bytes of an answer that are shown: 1 KiB.</summary>
    public const int MaxBytes = 1024;

    /// <summary>Takes the beginning of a text.</summary>
    /// <param name="utf8Text">The text, in UTF-8 or not.</param>
    /// <returns>At most <see cref="MaxBytes"/> bytes of it on one line; <see langword="null"/> when it is blank.</returns>
    public static string? Of(ReadOnlySpan<byte> utf8Text)
    {
        utf8Text = utf8Text.Trim(" \t\r\n"u8);
        if (utf8Text.IsEmpty)
        {
            return null;
        }

        var length = Math.Min(utf8Text.Length, MaxBytes);
        while (length < utf8Text.Length && length > MaxBytes - 4 && (utf8Text[length] & 0xC0) == 0x80)
        {
            length--;
        }

        var characters = Encoding.UTF8.GetString(utf8Text[..length]).ToCharArray();
        for (var i = 0; i < characters.Length; i++)
        {
            if (char.IsControl(characters[i]))
            {
                characters[i] = ' ';
            }
        }

        return new string(characters);
    }

    /// <inheritdoc cref="Of(ReadOnlySpan{byte})"/>
    public static string? Of(string? text) => text is null ? null : Of(Encoding.UTF8.GetBytes(text));
}
