using System.Text;

namespace Streamline.Text;

/// <summary>Makes events of what the parser decides, and keeps the text of the open leaf.</summary>
internal sealed class MarkdownEventSink(MarkdownOptions options, int firstId) : IMarkdownSink
{
    private readonly StringBuilder _delta = new();
    private readonly StringBuilder _leaf = new();
    private readonly LinkLabels _labels = new(options.MaxLabels);
    private List<MarkdownEvent> _events = [];
    private int _deltaId;

    /// <summary>The number of the next block.</summary>
    public int NextId { get; private set; } = firstId;

    /// <summary>The text so far of the leaf that began last.</summary>
    public StringBuilder LeafText => _leaf;

    /// <summary>Gives the events since the last call.</summary>
    public IReadOnlyList<MarkdownEvent> TakeEvents()
    {
        Flush();
        if (_events.Count == 0)
        {
            return [];
        }

        var events = _events;
        _events = [];
        return events;
    }

    public void Opened(MarkdownNode node)
    {
        _leaf.Clear();
        NextId = node.Id + 1;
        Add(new MarkdownBlockOpened
        {
            Id = node.Id,
            ParentId = node.Parent is { IsAnnounced: true } parent ? parent.Id : null,
            Kind = node.Kind!.Value,
            Level = node.Kind == MarkdownBlockKind.Heading ? node.Level : 0,
            Start = node.Start,
            Code = node.Kind == MarkdownBlockKind.FencedCode ? CodeBlockInfo.Parse(node.Fence.Info) : null,
        });
    }

    public void Text(MarkdownNode node, ReadOnlySpan<char> text)
    {
        if (_delta.Length > 0 && _deltaId != node.Id)
        {
            Flush();
        }

        if (_leaf.Length + text.Length > options.MaxBlockChars)
        {
            throw new StreamLimitException(nameof(MarkdownOptions.MaxBlockChars), options.MaxBlockChars, _leaf.Length + text.Length);
        }

        _deltaId = node.Id;
        _delta.Append(text);
        _leaf.Append(text);
    }

    public void Changed(MarkdownNode node) => Add(new MarkdownBlockChanged
    {
        Id = node.Id,
        Kind = node.Kind!.Value,
        Level = node.Kind == MarkdownBlockKind.Heading ? node.Level : 0,
        IsLoose = node.IsLoose,
        Columns = node.Columns ?? [],
    });

    public void Closed(MarkdownNode node)
    {
        Add(new MarkdownBlockClosed { Id = node.Id, IsComplete = node.IsComplete });
        if (node.Kind is MarkdownBlockKind.Paragraph or MarkdownBlockKind.Heading or MarkdownBlockKind.Table)
        {
            _labels.AddBlock(node.Id, _leaf.ToString());
        }
    }

    public void Defined(LinkDefinition definition)
    {
        if (!_labels.TryDefine(definition.Label, out var waiting))
        {
            return;
        }

        Add(new MarkdownLinkDefined { Label = definition.Label, Destination = definition.Destination, Title = definition.Title });
        foreach (var id in waiting)
        {
            Add(new MarkdownBlockAmended { Id = id, Label = definition.Label });
        }
    }

    public void Outside(ReadOnlySpan<char> text)
    {
    }

    private void Add(MarkdownEvent markdownEvent)
    {
        Flush();
        _events.Add(markdownEvent);
    }

    private void Flush()
    {
        if (_delta.Length > 0)
        {
            _events.Add(new MarkdownBlockText { Id = _deltaId, Text = _delta.ToString() });
            _delta.Clear();
        }
    }
}
