namespace Streamline;

/// <summary>What the consumer has seen of the current response, as far as another attempt has to know.</summary>
internal sealed class ShownBlocks
{
    private SortedSet<int>? _indexes;
    private int _latest = -1;

    /// <summary>Gets a value indicating whether anything has been shown.</summary>
    public bool Any { get; private set; }

    /// <summary>Gets a value indicating whether no further attempt may follow: the response has ended, or its tools have begun to run.</summary>
    public bool IsFinal { get; private set; }

    /// <summary>Gets the indexes of the blocks that have been shown, in ascending order.</summary>
    public IReadOnlyList<int> Indexes => _indexes is null ? [] : [.. _indexes];

    public void Add(StreamEvent streamEvent)
    {
        Any = true;
        var index = IndexOf(streamEvent);

        // Nearly every event belongs to the block of the one before.
        if (index != _latest && index >= 0)
        {
            _latest = index;
            (_indexes ??= []).Add(index);
        }

        IsFinal |= index < 0 && streamEvent is ResponseCompleted or ToolExecutionStarted or ToolProgress or ToolResult;
    }

    /// <summary>Gives the indexes of the blocks that have been shown, and forgets them: they are discarded.</summary>
    public IReadOnlyList<int> TakeIndexes()
    {
        var indexes = Indexes;
        (_indexes, _latest, Any) = (null, -1, false);
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
