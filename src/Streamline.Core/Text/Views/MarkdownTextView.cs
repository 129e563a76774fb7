namespace Streamline.Text;

/// <summary>Reports the Markdown blocks of a text.</summary>
internal sealed class MarkdownTextView(MarkdownOptions options) : TextView
{
    private MarkdownStream _stream = new(options);
    private int _first;

    public override IEnumerable<StreamEvent> Append(string text) => Report(_stream.Append(text));

    public override IEnumerable<StreamEvent> Complete()
    {
        foreach (var update in Report(_stream.Complete()))
        {
            yield return update;
        }

        _first = _stream.NextId;
        _stream = new MarkdownStream(options, _first);
    }

    public override IEnumerable<StreamEvent> Restart()
    {
        var discarded = _first;
        foreach (var update in Complete())
        {
            yield return update;
        }

        yield return new MarkdownUpdated { Update = new MarkdownRestarted { FirstDiscardedId = discarded } };
    }

    private IEnumerable<StreamEvent> Report(IReadOnlyList<MarkdownEvent> updates)
    {
        foreach (var update in updates)
        {
            yield return new MarkdownUpdated { Update = update };
        }

        _stream.ThrowIfFailed();
    }
}
