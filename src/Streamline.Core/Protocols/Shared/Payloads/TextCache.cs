using System.Text;

namespace Streamline.Protocols.Shared;

/// <summary>The strings of the words that providers repeat in every stream.</summary>
internal static class TextCache
{
    private static readonly WordCache<(byte[] Utf8, string Text)> Words = new(utf8 => (utf8, Encoding.UTF8.GetString(utf8)));

    /// <summary>Gets the string of a word.</summary>
    /// <param name="utf8">The word in UTF-8.</param>
    public static string Get(ReadOnlySpan<byte> utf8) => Words.Get(utf8).Text;

    /// <summary>Gets a copy of a word, and its string.</summary>
    /// <param name="utf8">The word in UTF-8.</param>
    public static (byte[] Utf8, string Text) GetBoth(ReadOnlySpan<byte> utf8) => Words.Get(utf8);
}
