using System.Text;

namespace Streamline;

/// <summary>A queue of events, bounded in number and in size, that can merge neighbouring deltas. Not thread-safe.</summary>
internal sealed class EventQueue(BackpressureOptions options)
{
    private const int InitialLength = 16;

    // A ring whose length is a power of two. It grows on demand, so that a stream whose consumer keeps up costs little.
    private Entry[] _ring = new Entry[InitialLength];
    private int _head;
    private int _mergeablePairs;
    private long _size;

    /// <summary>How many events are in the queue, merged ones counted once.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an event at the end, if need be merged into the one before; false when there is no room for it.</summary>
    public bool TryEnqueue(StreamEvent streamEvent)
    {
        var size = EventSize.Of(streamEvent);
        if (Count > 0 && _size + size > options.MaxBufferedChars)
        {
            // Merging keeps all text, so it would make no room.
            return false;
        }

        var extendsLast = Count > 0 && DeltaMerge.IsPossible(At(Count - 1).Latest, streamEvent);
        if (Count < options.Capacity)
        {
            Append(new Entry(streamEvent, size, extendsLast));
        }
        else if (options.FullMode == BackpressureFullMode.Coalesce && extendsLast)
        {
            At(Count - 1).Merge(new Entry(streamEvent, size, extendsPrevious: true));
        }
        else if (options.FullMode == BackpressureFullMode.Coalesce && _mergeablePairs > 0)
        {
            MergeNeighbours();
            Append(new Entry(streamEvent, size, extendsPrevious: false));
        }
        else
        {
            return false;
        }

        _size += size;
        return true;
    }

    /// <summary>Takes the first event. The queue must not be empty.</summary>
    public StreamEvent Dequeue()
    {
        var entry = At(0);
        At(0) = default;
        if (Count > 1 && At(1).ExtendsPrevious)
        {
            _mergeablePairs--;
        }

        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
        _size -= entry.Size;
        return entry.ToEvent();
    }

    private ref Entry At(int position) => ref _ring[(_head + position) & (_ring.Length - 1)];

    private void Append(Entry entry)
    {
        if (Count == _ring.Length)
        {
            Grow();
        }

        _mergeablePairs += entry.ExtendsPrevious ? 1 : 0;
        At(Count++) = entry;
    }

    private void MergeNeighbours()
    {
        var kept = 1;
        for (var i = 1; i < Count; i++)
        {
            if (At(i).ExtendsPrevious)
            {
                At(kept - 1).Merge(At(i));
            }
            else
            {
                At(kept++) = At(i);
            }
        }

        for (var i = kept; i < Count; i++)
        {
            At(i) = default;
        }

        Count = kept;
        _mergeablePairs = 0;
    }

    private void Grow()
    {
        var larger = new Entry[_ring.Length * 2];
        for (var i = 0; i < Count; i++)
        {
            larger[i] = At(i);
        }

        _ring = larger;
        _head = 0;
    }

    /// <summary>An event, or several merged deltas whose text is put together only when they are taken: so merging many is linear.</summary>
    private struct Entry(StreamEvent streamEvent, int size, bool extendsPrevious)
    {
        private StringBuilder? _text;

        public StreamEvent Latest { get; private set; } = streamEvent;

        public long Size { get; private set; } = size;

        /// <summary>Gets a value indicating whether the event can be merged into the one that was before it when it was added.</summary>
        public bool ExtendsPrevious { get; } = extendsPrevious;

        public void Merge(Entry later)
        {
            _text ??= new StringBuilder(DeltaMerge.TextOf(Latest));
            _ = later._text is null ? _text.Append(DeltaMerge.TextOf(later.Latest)) : _text.Append(later._text);
            Latest = later.Latest;
            Size += later.Size;
        }

        public readonly StreamEvent ToEvent() => _text is null ? Latest : DeltaMerge.WithText(Latest, _text);
    }
}
