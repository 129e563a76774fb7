namespace Streamline.Protocols.Shared;

/// <summary>
/// Holds events back while a block is open that the protocol sends whole at its beginning. The events have the whole of it only at its end, so everything after
/// its beginning waits for that, in order.
/// </summary>
/// <param name="isSentWhole">Tells whether the protocol sends blocks of a kind whole at their beginning.</param>
internal sealed class HeldEvents(Func<ContentKind, bool> isSentWhole)
{
    private readonly List<StreamEvent> _events = [];
    private readonly Dictionary<int, JsonElement?> _wholes = [];
    private int _awaited;

    /// <summary>Holds an event back if it is the beginning of such a block or comes while one is open.</summary>
    /// <param name="streamEvent">The event.</param>
    /// <param name="isComplete">Whether all blocks are known now, so that the events can be taken.</param>
    /// <returns>Whether the event is held.</returns>
    public bool TryHold(StreamEvent streamEvent, out bool isComplete)
    {
        isComplete = false;
        if (streamEvent is ContentStarted { Kind: var kind } started && isSentWhole(kind))
        {
            _awaited += _wholes.TryAdd(started.Index, null) ? 1 : throw new InvalidOperationException($"Block {started.Index} is open already.");
        }
        else if (_awaited == 0)
        {
            return false;
        }
        else if (streamEvent is ContentCompleted completed && _wholes.ContainsKey(completed.Index))
        {
            _wholes[completed.Index] = completed.Raw;
            _awaited--;
        }

        _events.Add(streamEvent);
        isComplete = _awaited == 0;
        return true;
    }

    /// <summary>Takes all events that are held.</summary>
    /// <returns>The events, each with the whole block if it is the beginning of one that ended.</returns>
    public List<(StreamEvent Event, JsonElement? Whole)> Take()
    {
        List<(StreamEvent, JsonElement?)> taken =
            [.. _events.Select(held => (held, held is ContentStarted started ? _wholes.GetValueOrDefault(started.Index) : null))];
        _events.Clear();
        _wholes.Clear();
        _awaited = 0;
        return taken;
    }
}
