namespace Streamline.Resilience;

/// <summary>What the consumer has seen of the current response, as far as another attempt has to know.</summary>
internal sealed class ShownBlocks
{
    // The block seen first, and those after it: most responses have one.
    private int _first = -1;
    private int _latest = -1;
    private HashSet<int>? _others;

    /// <summary>Gets a value indicating whether anything has been shown.</summary>
    public bool Any { get; private set; }

    /// <summary>Gets a value indicating whether no further attempt may follow: the response has ended, or its tools have begun to run.</summary>
    public bool IsFinal { get; private set; }

    /// <summary>Gets the indexes of the blocks that have been shown, in ascending order.</summary>
    public IReadOnlyList<int> Indexes => _first < 0 ? [] : _others is null ? [_first] : [.. _others.Append(_first).Order()];

    public void Add(StreamEvent streamEvent)
    {
        var index = IndexOf(streamEvent);
        if (index < 0 && streamEvent.IsNotice)
        {
            return;
        }

        if (streamEvent is StreamRestarted)
        {
            TakeIndexes();
            return;
        }

        Any = true;

        // Nearly every event belongs to the block of the one before.
        if (index != _latest && index >= 0)
        {
            _latest = index;
            if (_first < 0)
            {
                _first = index;
            }
            else if (index != _first)
            {
                (_others ??= []).Add(index);
            }
        }

        IsFinal |= index < 0 && streamEvent is ResponseCompleted or ToolExecutionStarted or ToolProgress or ToolResult;
    }

    /// <summary>Gives the indexes of the blocks that have been shown, and forgets them: they are discarded.</summary>
    public IReadOnlyList<int> TakeIndexes()
    {
        var indexes = Indexes;
        (_first, _latest, _others, Any) = (-1, -1, null, false);
        return indexes;
    }

    private static int IndexOf(StreamEvent streamEvent) => streamEvent switch
    {
        TextDelta delta => delta.Index,
        ReasoningDelta delta => delta.Index,
        ToolInputDelta delta => delta.Index,
        RefusalDelta delta => delta.Index,
        CitationAdded citation => citation.Index,
        ContentStarted started => started.Index,
        ContentCompleted completed => completed.Index,
        ToolCallStarted started => started.Index,
        ToolCallCompleted completed => completed.Index,
        _ => -1,
    };
}
