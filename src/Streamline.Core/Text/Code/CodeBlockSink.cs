using System.Text;

namespace Streamline.Text;

/// <summary>Makes events of the fenced code that the parser finds, and of the text around it.</summary>
internal sealed class CodeBlockSink(int maxBlockChars, int firstId) : IMarkdownSink
{
    private readonly StringBuilder _pending = new(); // of the open block, or of the text around it
    private List<CodeBlockEvent> _events = [];
    private bool _isOpen;
    private long _blockChars;

    /// <summary>The number of the open block, or else of the next one.</summary>
    public int Id { get; private set; } = firstId;

    /// <summary>Gives the events since the last call.</summary>
    public IReadOnlyList<CodeBlockEvent> TakeEvents()
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
        if (node.Kind == MarkdownBlockKind.FencedCode)
        {
            Flush();
            (_isOpen, _blockChars) = (true, 0);
            _events.Add(new CodeBlockStarted { Id = Id, Info = CodeBlockInfo.Parse(node.Fence.Info) });
        }
    }

    public void Text(MarkdownNode node, ReadOnlySpan<char> text)
    {
        if (node.Kind != MarkdownBlockKind.FencedCode)
        {
            return;
        }

        _blockChars += text.Length;
        if (_blockChars > maxBlockChars)
        {
            throw new StreamLimitException(nameof(CodeBlockOptions.MaxBlockChars), maxBlockChars, _blockChars);
        }

        _pending.Append(text);
    }

    public void Closed(MarkdownNode node)
    {
        if (node.Kind == MarkdownBlockKind.FencedCode)
        {
            Flush();
            _events.Add(new CodeBlockEnded { Id = Id, IsComplete = node.IsComplete });
            _isOpen = false;
            Id++;
        }
    }

    public void Outside(ReadOnlySpan<char> text) => _pending.Append(text);

    public void Changed(MarkdownNode node)
    {
    }

    public void Defined(LinkDefinition definition)
    {
    }

    private void Flush()
    {
        if (_pending.Length > 0)
        {
            var text = _pending.ToString();
            _pending.Clear();
            _events.Add(new CodeBlockDelta { Id = _isOpen ? Id : null, Text = text });
        }
    }
}
