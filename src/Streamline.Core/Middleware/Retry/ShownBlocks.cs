namespace Streamline;

/// <summary>What the consumer has seen of the current response, as far as a restart has to know.</summary>
internal sealed class ShownBlocks
{
    private readonly SortedSet<int> _indexes = [];
    private int _latest = -1;

    /// <summary>Whether no further attempt may follow: the response has ended, or its tools have begun to run.</summary>
    public bool IsFinal { get; private set; }

    public void Add(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case TextDelta delta:
                Add(delta.Index);
                break;
            case ReasoningDelta delta:
                Add(delta.Index);
                break;
            case ToolInputDelta delta:
                Add(delta.Index);
                break;
            case RefusalDelta delta:
                Add(delta.Index);
                break;
            case CitationAdded citation:
                Add(citation.Index);
                break;
            case ContentStarted started:
                Add(started.Index);
                break;
            case ContentCompleted completed:
                Add(completed.Index);
                break;
            case ToolCallStarted started:
                Add(started.Index);
                break;
            case ToolCallCompleted completed:
                Add(completed.Index);
                break;
            case ResponseCompleted or ToolExecutionStarted or ToolProgress or ToolResult:
                IsFinal = true;
                break;
            default:
                break;
        }
    }

    /// <summary>Gives the indexes of the blocks that were shown, in ascending order, and forgets them.</summary>
    public IReadOnlyList<int> TakeIndexes()
    {
        int[] indexes = [.. _indexes];
        _indexes.Clear();
        _latest = -1;
        return indexes;
    }

    private void Add(int index)
    {
        // Nearly every event belongs to the block of the one before.
        if (index != _latest)
        {
            _latest = index;
            _indexes.Add(index);
        }
    }
}
