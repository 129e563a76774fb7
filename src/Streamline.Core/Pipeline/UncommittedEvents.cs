using System.Diagnostics.CodeAnalysis;

namespace Streamline;

/// <summary>
/// The events of an attempt that a stage holds back until the first content, so that an attempt that fails before it leaves no trace. They are bounded in number and size:
/// beyond a limit, the attempt is shown although it has no content yet.
/// </summary>
internal sealed class UncommittedEvents(int maxEvents = UncommittedEvents.DefaultMaxEvents)
{
    /// <summary>How many events are held at most, unless the application says otherwise.</summary>
    internal const int DefaultMaxEvents = 256;

    /// <summary>How much text and raw JSON is held at most, in UTF-16 code units and UTF-8 bytes; see <see cref="EventSize"/>.</summary>
    internal const int MaxChars = 1024 * 1024;

    private readonly Queue<StreamEvent> _events = new();
    private long _size;

    public int Count => _events.Count;

    /// <summary>Holds an event.</summary>
    /// <returns>Whether the attempt is to be shown now.</returns>
    public bool Add(StreamEvent streamEvent)
    {
        _events.Enqueue(streamEvent);
        _size += EventSize.Of(streamEvent);
        return streamEvent.CommitsResponse || _events.Count >= maxEvents || _size >= MaxChars;
    }

    /// <summary>Takes the first event that is held.</summary>
    public bool TryTake([NotNullWhen(true)] out StreamEvent? streamEvent) => _events.TryDequeue(out streamEvent);
}
