namespace Streamline.Protocols.Shared;

/// <summary>Judges what a stream held that is no field.</summary>
internal static class UnrecognizedText
{
    /// <summary>Tells a page of a proxy, or a whole answer that is no stream, from nothing and from the name of a field that the end of the body cut.</summary>
    /// <param name="text">The text of a body in which no event was.</param>
    public static bool IsPage(ReadOnlySpan<byte> text) => !text.IsEmpty && !"data"u8.StartsWith(text) && !"event"u8.StartsWith(text);
}
