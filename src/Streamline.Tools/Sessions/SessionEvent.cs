namespace Streamline;

/// <summary>Something that happened in a session. One of <see cref="SessionSnapshot"/>, <see cref="SessionStreamEvent"/>, <see cref="SessionMessageEvent"/>, <see cref="SessionTurnStarted"/>, <see cref="SessionTurnEnded"/>.</summary>
/// <remarks>Immutable, and the same object for all observers.</remarks>
public abstract class SessionEvent
{
    private protected SessionEvent()
    {
    }
}
