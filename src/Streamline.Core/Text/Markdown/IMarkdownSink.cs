namespace Streamline.Text;

/// <summary>Receives what <see cref="MarkdownParser"/> decides, in the order of the text.</summary>
internal interface IMarkdownSink
{
    /// <summary>A block began. Its parent has begun already.</summary>
    void Opened(MarkdownNode node);

    /// <summary>More text of a leaf block, without the markup of the blocks around it.</summary>
    void Text(MarkdownNode node, ReadOnlySpan<char> text);

    /// <summary>An open block turned out to be of another kind, or a list to be loose.</summary>
    void Changed(MarkdownNode node);

    /// <summary>A block ended. It never changes again.</summary>
    void Closed(MarkdownNode node);

    /// <summary>A link reference definition was read.</summary>
    void Defined(LinkDefinition definition);

    /// <summary>More of the text as it was received that is not part of fenced code.</summary>
    void Outside(ReadOnlySpan<char> text);
}
