namespace Streamline.Text;

/// <summary>The text of one block on its way through the rules and the check, with the events that have a place in it.</summary>
internal sealed class GuardBlock(GuardOptions options, int index, ContentKind kind)
{
    private readonly GuardRuleFilter _rules = new([.. options.Rules]);
    private readonly GuardWindowFilter _windows = new(options, index, kind);
    private readonly Queue<Mark> _marks = new();
    private long _added;
    private long _ruled;

    /// <summary>Gets why the text was ended; <see langword="null"/> for no reason.</summary>
    public string? BlockReason => _rules.BlockReason ?? _windows.BlockReason;

    /// <summary>Keeps an event until the text before it was shown.</summary>
    public void Add(StreamEvent streamEvent) => _marks.Enqueue(new Mark(streamEvent, _added));

    /// <summary>Adds text, and gives what may be shown now.</summary>
    /// <param name="text">What is new.</param>
    /// <param name="isLast">Whether nothing of the block follows.</param>
    /// <param name="shown">Where the events go that may be shown.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    public async ValueTask AddAsync(string text, bool isLast, Queue<StreamEvent> shown, CancellationToken cancellationToken)
    {
        _added += text.Length;
        var ruled = _rules.Add(text, isLast);
        _ruled += ruled.Length;
        foreach (var mark in _marks)
        {
            mark.RuledPosition ??= mark.Position <= _rules.DecidedChars ? _ruled : null;
        }

        // What the check decides on is whole once a rule ended the text.
        var allowed = await _windows.AddAsync(ruled, isLast || _rules.BlockReason is not null, cancellationToken).ConfigureAwait(false);
        if (allowed.Length > 0)
        {
            shown.Enqueue(Delta(allowed));
        }

        while (BlockReason is null && _marks.TryPeek(out var next) && next.RuledPosition <= _windows.DecidedChars)
        {
            shown.Enqueue(_marks.Dequeue().Event);
        }
    }

    private StreamEvent Delta(string text) => kind switch
    {
        ContentKind.Reasoning => new ReasoningDelta { Index = index, Text = text },
        ContentKind.Refusal => new RefusalDelta { Index = index, Text = text },
        _ => new TextDelta { Index = index, Text = text },
    };

    private sealed class Mark(StreamEvent streamEvent, long position)
    {
        public StreamEvent Event { get; } = streamEvent;

        /// <summary>Gets how many characters of the block came before it.</summary>
        public long Position { get; } = position;

        /// <summary>Gets or sets its place in what the rules left of the text; <see langword="null"/> while the rules hold back text before it.</summary>
        public long? RuledPosition { get; set; }
    }
}
