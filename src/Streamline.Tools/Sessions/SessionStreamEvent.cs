namespace Streamline;

/// <summary>An event of the turn that runs.</summary>
public sealed class SessionStreamEvent : SessionEvent
{
    internal SessionStreamEvent(int turn, StreamEvent streamEvent) => (Turn, Event) = (turn, streamEvent);

    /// <summary>Gets the number of the turn, from 1.</summary>
    public int Turn { get; }

    /// <summary>Gets the event.</summary>
    public StreamEvent Event { get; }
}
