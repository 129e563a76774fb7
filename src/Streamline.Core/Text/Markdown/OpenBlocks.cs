using System.Text;

namespace Streamline.Text;

/// <summary>The open blocks, from the document to the innermost, and how many of them the current line continues.</summary>
internal sealed class OpenBlocks
{
    private readonly IMarkdownSink _sink;
    private readonly MarkdownOptions _options;
    private readonly List<MarkdownNode> _open = [new MarkdownNode(kind: null)];

    public OpenBlocks(IMarkdownSink sink, MarkdownOptions options, int firstId)
    {
        (_sink, _options) = (sink, options);
        Text = new LeafText(sink, options.MaxUndecidedChars, firstId);
    }

    /// <summary>How many of the blocks the line continues or has begun, with the document.</summary>
    public int Matched { get; private set; } = 1;

    /// <summary>Whether the line has begun a block.</summary>
    public bool HasOpened { get; private set; }

    public LeafText Text { get; }

    public MarkdownNode Tip => _open[^1];

    /// <summary>The innermost block that the line continues or has begun.</summary>
    public MarkdownNode Container => _open[Matched - 1];

    /// <summary>Whether text would continue the paragraph of blocks that the line does not continue.</summary>
    public bool IsLazy => Matched < _open.Count && Tip.Kind == MarkdownBlockKind.Paragraph;

    /// <summary>The next block that the line may continue; <see langword="null"/> when it continues all.</summary>
    public MarkdownNode? Next => Matched < _open.Count ? _open[Matched] : null;

    public void BeginLine() => (Matched, HasOpened) = (1, false);

    /// <summary>The line continues <see cref="Next"/>.</summary>
    public void Match() => Matched++;

    /// <summary>Opens a block within the container, or within the nearest block around it that may contain it.</summary>
    public void Add(MarkdownNode node)
    {
        CloseUnmatched();
        while (!Tip.CanContain(node.Kind!.Value))
        {
            CloseTip();
        }

        var parent = Tip;
        if (parent.LastChild is { } previous && (parent.IsList || parent.Kind == MarkdownBlockKind.ListItem) && previous.EndsWithBlankLine())
        {
            Loosen(parent.IsList ? parent : parent.Parent!);
        }

        (node.Parent, parent.LastChild) = (parent, node);
        _open.Add(node);
        (Matched, HasOpened) = (_open.Count, true);
        if (_open.Count - 1 > _options.MaxDepth)
        {
            throw new StreamLimitException(nameof(MarkdownOptions.MaxDepth), _options.MaxDepth, _open.Count - 1);
        }

        Text.Begin(node);
    }

    public void AddItem(BlockStarts.ListMarker marker, long line)
    {
        CloseUnmatched();
        var kind = marker.IsOrdered ? MarkdownBlockKind.OrderedList : MarkdownBlockKind.BulletList;
        if (Container.Kind != kind || Container.Marker != marker.Marker)
        {
            Add(new MarkdownNode(kind) { FirstLine = line, Marker = marker.Marker, Start = marker.Start });
        }

        Add(new MarkdownNode(MarkdownBlockKind.ListItem) { FirstLine = line, ContentOffset = marker.ContentOffset });
    }

    public void AddParagraph(bool startsWithBracket, long line) => Add(new MarkdownNode(MarkdownBlockKind.Paragraph)
    {
        FirstLine = line,
        Header = _options.Tables ? new StringBuilder() : null,
        Definitions = startsWithBracket ? new LinkDefinitionReader(_options.MaxUndecidedChars, _sink.Defined) : null,
    });

    /// <summary>A line continues the open leaf.</summary>
    public void ContinueLeaf(bool startsWithPipe)
    {
        if (Tip.Kind == MarkdownBlockKind.Paragraph)
        {
            Text.BeginLine(Tip, holdsRow: startsWithPipe && _options.Tables);
        }
    }

    /// <summary>The last line of the open paragraph, when it may be the header of a table: its first line, or one that was held.</summary>
    public string? TableHeader() =>
        Text.HasRow ? Text.Row
        : !_options.Tables ? null
        : Tip.Definitions is { } definitions ? (definitions.HasOneLine ? definitions.Text.ToString() : null)
        : Tip.Header?.ToString();

    /// <summary>Makes a table of the last line of the open paragraph, which ends before it.</summary>
    public void BeginTable(MarkdownAlignment[] columns, long line)
    {
        if (Text.HasRow)
        {
            var row = Text.Row;
            Text.Discard();
            if (HasTextAfterDefinitions())
            {
                CloseTip();
            }

            AddParagraph(startsWithBracket: false, line - 1);
            Text.Append(Tip, row, isBlank: false);
            Text.EndLine(Tip, isBlank: false);
        }
        else if (Tip.Definitions is not null)
        {
            Text.EndDefinitions(Tip);
        }

        ChangeTip(MarkdownBlockKind.Table, level: 0, columns);
    }

    /// <summary>Makes another kind of block of the open paragraph.</summary>
    public void ChangeTip(MarkdownBlockKind kind, int level, MarkdownAlignment[]? columns)
    {
        (Tip.Kind, Tip.Level, Tip.Columns, Tip.Header) = (kind, level, columns, null);
        if (kind == MarkdownBlockKind.Heading)
        {
            Text.Discard();
        }

        _sink.Changed(Tip);
    }

    /// <summary>Decides whether the open paragraph has text, or is only link reference definitions; then it is removed.</summary>
    public bool HasTextAfterDefinitions()
    {
        Text.ReleaseRow(Tip);
        if (Tip.Definitions is { } definitions)
        {
            definitions.Complete();
            Text.EndDefinitions(Tip);
        }

        if (Tip.IsAnnounced)
        {
            return true;
        }

        CloseTip();
        return false;
    }

    /// <summary>The line is blank after the markers of the open blocks.</summary>
    public void BlankLine(long line)
    {
        CloseUnmatched();
        if (Tip.LastChild is { } last)
        {
            last.IsLastLineBlank = true;
        }

        // A quote that is blank is not; nor is the line that begins an item.
        var isFirst = Tip.Kind == MarkdownBlockKind.ListItem && Tip.LastChild is null && Tip.FirstLine == line;
        MarkLastLine(isBlank: !isFirst && Tip.Kind != MarkdownBlockKind.Quote);
    }

    public void MarkLastLine(bool isBlank)
    {
        foreach (var node in _open)
        {
            node.IsLastLineBlank = isBlank;
        }
    }

    public void CloseUnmatched()
    {
        while (_open.Count > Matched)
        {
            CloseTip();
        }
    }

    public void CloseTip()
    {
        var node = Tip;
        Text.ReleaseRow(node);
        if (node.Definitions is { } definitions)
        {
            definitions.Complete();
            Text.EndDefinitions(node);
        }

        _open.RemoveAt(_open.Count - 1);
        Matched = Math.Min(Matched, _open.Count);
        Text.Discard();
        if (node.IsAnnounced)
        {
            _sink.Closed(node);
        }
    }

    public void CloseAll()
    {
        while (_open.Count > 1)
        {
            CloseTip();
        }
    }

    private void Loosen(MarkdownNode list)
    {
        if (!list.IsLoose)
        {
            list.IsLoose = true;
            _sink.Changed(list);
        }
    }
}
