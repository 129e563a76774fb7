namespace Streamline.Text;

/// <summary>Reports the fenced code of a text. The text around it is left out: it is in the stream already.</summary>
internal sealed class CodeBlockTextView(CodeBlockOptions options) : TextView
{
    private CodeBlockReader _reader = new(options);
    private int _first;

    public override IEnumerable<StreamEvent> Append(string text) => Report(_reader.Append(text));

    public override IEnumerable<StreamEvent> Complete()
    {
        foreach (var update in Report(_reader.Complete()))
        {
            yield return update;
        }

        _first = _reader.NextId;
        _reader = new CodeBlockReader(options, _first);
    }

    public override IEnumerable<StreamEvent> Restart()
    {
        var discarded = _first;
        foreach (var update in Complete())
        {
            yield return update;
        }

        yield return new CodeBlockUpdated { Update = new CodeBlocksRestarted { FirstDiscardedId = discarded } };
    }

    private IEnumerable<StreamEvent> Report(IReadOnlyList<CodeBlockEvent> updates)
    {
        foreach (var update in updates)
        {
            if (update is not CodeBlockDelta { Id: null })
            {
                yield return new CodeBlockUpdated { Update = update };
            }
        }

        _reader.ThrowIfFailed();
    }
}
