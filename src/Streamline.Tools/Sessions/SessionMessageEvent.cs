namespace Streamline;

/// <summary>A message was accepted, changed, delivered, or is not going to be delivered.</summary>
public sealed class SessionMessageEvent : SessionEvent
{
    internal SessionMessageEvent(SessionMessage message, SessionOutcome? outcome) => (Message, Outcome) = (message, outcome);

    /// <summary>Gets the message. While it waits, it can be cancelled, edited and moved by anybody who has it.</summary>
    public SessionMessage Message { get; }

    /// <summary>Gets what became of the message; <see langword="null"/> while it waits.</summary>
    public SessionOutcome? Outcome { get; }
}
