using System.Text;

namespace Streamline.Text;

/// <summary>
/// Passes the text of the open leaf on as it arrives, and holds back only what may turn out not to belong to it: blanks at the end of a line, the closing sequence of a
/// heading, blank lines at the end of indented code, a line of a paragraph that may be the header of a table.
/// </summary>
internal sealed class LeafText(IMarkdownSink sink, int maxHeld, int firstId)
{
    private readonly StringBuilder _held = new();
    private bool _isHeadingEmpty = true; // nothing of the heading has been passed on
    private int _nextId = firstId;
    private int _row = -1; // where the line that may be the header of a table begins in what is held; -1 when there is none

    /// <summary>Whether the last line of the paragraph is held, as it may be the header of a table.</summary>
    public bool HasRow => _row >= 0;

    /// <summary>The line of the paragraph that may be the header of a table, without the line end.</summary>
    public string Row => _held.ToString(_row, _held.Length - _row).TrimEnd();

    /// <summary>A block began.</summary>
    public void Begin(MarkdownNode node)
    {
        _isHeadingEmpty = true;
        if (node.Definitions is null)
        {
            Announce(node);
        }
    }

    /// <summary>Drops what is held: it is not part of the leaf.</summary>
    public void Discard()
    {
        _held.Clear();
        _row = -1;
    }

    /// <summary>A line begins that continues a paragraph.</summary>
    /// <param name="paragraph">The paragraph.</param>
    /// <param name="holdsRow">Whether the line is held until the next one tells whether it is the header of a table.</param>
    public void BeginLine(MarkdownNode paragraph, bool holdsRow)
    {
        ReleaseRow(paragraph);
        _row = holdsRow ? _held.Length : -1;
    }

    /// <summary>The line that is held is text of the paragraph.</summary>
    public void ReleaseRow(MarkdownNode paragraph)
    {
        if (HasRow)
        {
            var held = _held.ToString();
            var end = held.AsSpan().TrimEnd(" \t\n").Length;
            Discard();
            EmitCore(paragraph, held.AsSpan(0, end));
            Hold(held.AsSpan(end));
        }
    }

    /// <summary>Adds a piece of a line.</summary>
    /// <param name="leaf">The leaf that the line belongs to.</param>
    /// <param name="text">The piece.</param>
    /// <param name="isBlank">Whether the line, up to the end of the piece, has only blanks.</param>
    public void Append(MarkdownNode leaf, ReadOnlySpan<char> text, bool isBlank)
    {
        switch (leaf.Kind)
        {
            case MarkdownBlockKind.Paragraph when HasRow:
                Hold(text);
                break;
            case MarkdownBlockKind.Paragraph or MarkdownBlockKind.Table:
                HoldFrom(leaf, text, text.LastIndexOfAnyExcept(LineCursor.Blanks) + 1);
                break;
            case MarkdownBlockKind.IndentedCode:
                HoldFrom(leaf, text, isBlank ? 0 : text.Length);
                break;
            case MarkdownBlockKind.Heading:
                AppendHeading(leaf, text);
                break;
            default:
                Emit(leaf, text);
                break;
        }
    }

    /// <summary>A line of the leaf ended.</summary>
    public void EndLine(MarkdownNode leaf, bool isBlank)
    {
        switch (leaf.Kind)
        {
            case MarkdownBlockKind.FencedCode or MarkdownBlockKind.Html:
                Emit(leaf, "\n");
                break;
            case MarkdownBlockKind.IndentedCode when !isBlank:
                Emit(leaf, "\n");
                break;
            case MarkdownBlockKind.Heading:
                EndHeading(leaf);
                break;
            default:
                Hold("\n");
                break;
        }
    }

    private void AppendHeading(MarkdownNode leaf, ReadOnlySpan<char> text)
    {
        const string Closing = "# \t";
        text = _isHeadingEmpty && _held.Length == 0 ? text.TrimStart(LineCursor.Blanks) : text;
        var suffix = text.LastIndexOfAnyExcept(Closing) + 1;
        if (suffix > 0 || _held.Length == 0)
        {
            // The closing sequence follows a blank, or is all there is.
            var blank = suffix == 0 && _isHeadingEmpty ? 0 : text[suffix..].IndexOfAny(' ', '\t');
            suffix = blank < 0 ? text.Length : suffix + blank;
        }

        HoldFrom(leaf, text, suffix);
    }

    private void EndHeading(MarkdownNode leaf)
    {
        var held = _held.ToString().AsSpan().TrimEnd(LineCursor.Blanks);
        var open = held.TrimEnd('#');
        var isClosing = open.Length < held.Length && (open.EndsWith(' ') || open.EndsWith('\t') || (open.IsEmpty && _isHeadingEmpty));
        _held.Clear();
        Emit(leaf, isClosing ? open.TrimEnd(LineCursor.Blanks) : held);
    }

    // The start passes what was held; the rest is held.
    private void HoldFrom(MarkdownNode leaf, ReadOnlySpan<char> text, int start)
    {
        if (start > 0)
        {
            Emit(leaf, text[..start]);
        }

        Hold(text[start..]);
    }

    private void Hold(ReadOnlySpan<char> text)
    {
        _held.Append(text);
        if (_held.Length > maxHeld)
        {
            throw new StreamLimitException(nameof(MarkdownOptions.MaxUndecidedChars), maxHeld, _held.Length);
        }
    }

    private void Emit(MarkdownNode leaf, ReadOnlySpan<char> text)
    {
        if (_held.Length > 0)
        {
            var held = _held.ToString();
            _held.Clear();
            EmitCore(leaf, held);
        }

        EmitCore(leaf, text);
    }

    private void EmitCore(MarkdownNode leaf, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        _isHeadingEmpty = false;
        if (leaf.Definitions is { } definitions)
        {
            text = text[definitions.Append(text)..];
            if (!definitions.IsText)
            {
                return;
            }

            EndDefinitions(leaf);
        }

        Give(leaf, text);
    }

    /// <summary>Announces a paragraph of which it is decided that it is not, or not only, link reference definitions.</summary>
    public void EndDefinitions(MarkdownNode leaf)
    {
        var text = leaf.Definitions!.Text;
        leaf.Definitions = null;
        if (text.Length > 0)
        {
            Announce(leaf);
            Give(leaf, text.ToString());
        }
    }

    private void Give(MarkdownNode leaf, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        if (leaf.Header is { } header)
        {
            AppendHeader(leaf, header, text);
        }

        sink.Text(leaf, text);
    }

    private void Announce(MarkdownNode node)
    {
        node.Id = _nextId++;
        sink.Opened(node);
    }

    // The first line of a paragraph is not held: when it is the header of a table, the whole paragraph is.
    private static void AppendHeader(MarkdownNode leaf, StringBuilder header, ReadOnlySpan<char> text)
    {
        var end = text.IndexOf('\n');
        header.Append(end < 0 ? text : text[..end]);
        leaf.Header = end < 0 ? header : null;
    }
}
