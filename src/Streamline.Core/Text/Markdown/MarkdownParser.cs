namespace Streamline.Text;

/// <summary>
/// The block structure of Markdown (CommonMark 0.31), read as the text arrives. A line passes three phases: the open blocks that it continues are matched from the outside in,
/// then the blocks that it begins are opened, and its rest is text of a leaf. The beginning of a line waits in <see cref="PendingLine"/> until it is decided; the rest is passed on at once.
/// </summary>
internal sealed class MarkdownParser
{
    private readonly IMarkdownSink _sink;
    private readonly OpenBlocks _blocks;
    private readonly BlockOpener _opener;
    private readonly PendingLine _pending;
    private Phase _phase;
    private MarkdownNode? _leaf; // that takes the rest of the line
    private bool _isTailBlank; // only blanks of it have come
    private bool _isOutside; // the line is not part of fenced code
    private bool _skipsLineFeed;
    private long _line;

    public MarkdownParser(IMarkdownSink sink, MarkdownOptions options, int firstId = 0)
    {
        _sink = sink;
        _blocks = new OpenBlocks(sink, options, firstId);
        _opener = new BlockOpener(_blocks, sink);
        _pending = new PendingLine(options.MaxUndecidedChars);
    }

    private enum Phase
    {
        Matching,
        Opening,
        Tail,
    }

    /// <summary>The innermost open block.</summary>
    public MarkdownNode Tip => _blocks.Tip;

    /// <summary>How many characters were looked at, some of them twice.</summary>
    public long Examined { get; private set; }

    public void Append(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (_skipsLineFeed)
            {
                _skipsLineFeed = false;
                if (text[0] == '\n')
                {
                    EmitOutside("\n");
                    text = text[1..];
                    continue;
                }
            }

            var end = text.IndexOfAny('\r', '\n');
            var piece = end < 0 ? text : text[..end];
            Examined += piece.Length;
            if (_phase == Phase.Tail)
            {
                AppendTail(piece);
            }
            else
            {
                Read(piece, isWhole: end >= 0);
            }

            if (end < 0)
            {
                return;
            }

            EndLine();
            EmitOutside(text.Slice(end, 1));
            _skipsLineFeed = text[end] == '\r';
            text = text[(end + 1)..];
        }
    }

    /// <summary>The text has ended.</summary>
    public void Complete()
    {
        if (_phase == Phase.Tail)
        {
            EndTail(isLineEnd: false);
        }
        else if (_pending.HasText)
        {
            Read("", isWhole: true);
            if (_phase == Phase.Tail)
            {
                EndTail(isLineEnd: false);
            }
        }

        _blocks.CloseAll();
    }

    private void Read(ReadOnlySpan<char> piece, bool isWhole)
    {
        if (!_pending.TryBegin(piece, isWhole, out var text))
        {
            return;
        }

        var line = new LineCursor(text, isWhole, _pending.Position);
        if (_phase == Phase.Matching && Match(ref line))
        {
            _phase = Phase.Opening;
        }

        if (_phase == Phase.Opening)
        {
            Open(ref line);
        }

        Examined += line.Examined;
        if (_phase != Phase.Tail)
        {
            _pending.Wait(line);
        }
    }

    // Finds how many of the open blocks the line continues.
    private bool Match(ref LineCursor line)
    {
        while (_blocks.Next is { } block)
        {
            switch (BlockContinuation.Match(block, ref line))
            {
                case LineMatch.Yes:
                    _blocks.Match();
                    break;
                case LineMatch.No:
                    return true;
                default:
                    return false;
            }
        }

        return true;
    }

    // Opens the blocks that the line begins, until its rest is text.
    private void Open(ref LineCursor line)
    {
        while (true)
        {
            var container = _blocks.Container;
            if (container.IsLiteral)
            {
                ReadLiteral(container, ref line);
                return;
            }

            if (!line.TryScan(int.MaxValue))
            {
                return;
            }

            if (line.IsBlank)
            {
                BeginTail(leaf: null, ref line);
                _blocks.BlankLine(_line);
                return;
            }

            if (line.Indent >= 4)
            {
                if (_blocks.Tip.Kind == MarkdownBlockKind.Paragraph)
                {
                    BeginText(ref line);
                    return;
                }

                _blocks.Add(new MarkdownNode(MarkdownBlockKind.IndentedCode) { FirstLine = _line });
                line.AdvanceColumns(4);
                continue;
            }

            switch (_opener.Open(ref line, _line))
            {
                case LineStart.Need:
                    return;
                case LineStart.None:
                    BeginText(ref line);
                    return;
                case LineStart.Text:
                    BeginTail(_blocks.Tip, ref line);
                    return;
                case LineStart.WholeLine:
                    BeginTail(leaf: null, ref line);
                    return;
                case LineStart.FenceLine:
                    BeginTail(leaf: null, ref line, isOutside: false);
                    return;
                default:
                    break; // a container began, and more may follow
            }
        }
    }

    private void ReadLiteral(MarkdownNode leaf, ref LineCursor line)
    {
        if (leaf.Kind == MarkdownBlockKind.FencedCode)
        {
            var end = BlockStarts.FenceEnd(ref line, leaf.Fence);
            if (end == LineMatch.Need)
            {
                return;
            }

            if (end == LineMatch.Yes)
            {
                leaf.IsComplete = true;
                BeginTail(leaf: null, ref line, isOutside: false);
                _blocks.CloseTip();
                return;
            }

            line.AdvanceColumns(leaf.Fence.Indent);
        }
        else if (leaf is { Kind: MarkdownBlockKind.Html, Level: <= HtmlStarts.LastWithEnd })
        {
            if (!line.IsWhole)
            {
                _ = line.NeedLine();
                return;
            }

            if (HtmlStarts.IsEnd(leaf.Level, line.Rest))
            {
                line.Count(line.Rest.Length);
                BeginTail(leaf, ref line);
                _blocks.Text.EndLine(leaf, isBlank: false);
                _blocks.CloseTip();
                _leaf = null;
                return;
            }
        }

        BeginTail(leaf, ref line, isOutside: leaf.Kind != MarkdownBlockKind.FencedCode);
    }

    private void BeginText(ref LineCursor line)
    {
        line.AdvanceToNonspace();
        if (!_blocks.IsLazy)
        {
            _blocks.CloseUnmatched();
        }

        if (_blocks.Tip.Kind is MarkdownBlockKind.Paragraph or MarkdownBlockKind.Table)
        {
            _blocks.ContinueLeaf(startsWithPipe: line.Rest[0] == '|');
        }
        else
        {
            _blocks.AddParagraph(startsWithBracket: line.Rest[0] == '[', _line);
        }

        BeginTail(_blocks.Tip, ref line);
    }

    private void BeginTail(MarkdownNode? leaf, ref LineCursor line, bool isOutside = true)
    {
        (_phase, _leaf, _isTailBlank, _isOutside) = (Phase.Tail, leaf, true, isOutside);
        _blocks.MarkLastLine(isBlank: false);
        if (isOutside)
        {
            _sink.Outside(line.Text);
        }

        if (leaf is null)
        {
            return;
        }

        for (var spaces = line.TakePartialTab(); spaces > 0; spaces--)
        {
            _blocks.Text.Append(leaf, " ", isBlank: true);
        }

        AppendText(line.Rest);
        _pending.Clear();
    }

    private void AppendTail(ReadOnlySpan<char> text)
    {
        EmitOutside(text);
        AppendText(text);
    }

    private void AppendText(ReadOnlySpan<char> text)
    {
        if (_leaf is not null && !text.IsEmpty)
        {
            _isTailBlank = _isTailBlank && !text.ContainsAnyExcept(LineCursor.Blanks);
            _blocks.Text.Append(_leaf, text, _isTailBlank);
        }
    }

    private void EndLine()
    {
        EndTail(isLineEnd: true);
        _line++;
        _blocks.BeginLine();
    }

    private void EndTail(bool isLineEnd)
    {
        if (_leaf is { Kind: MarkdownBlockKind.Heading } heading)
        {
            _blocks.Text.EndLine(heading, _isTailBlank);
            _blocks.CloseTip();
        }
        else if (_leaf is not null && isLineEnd)
        {
            _blocks.Text.EndLine(_leaf, _isTailBlank);
            if (_isTailBlank && _leaf.Kind is MarkdownBlockKind.IndentedCode or MarkdownBlockKind.Html)
            {
                _blocks.MarkLastLine(isBlank: true);
            }
        }

        (_phase, _leaf) = (Phase.Matching, null);
        _pending.Clear();
    }

    private void EmitOutside(ReadOnlySpan<char> text)
    {
        if (_isOutside && !text.IsEmpty)
        {
            _sink.Outside(text);
        }
    }
}
