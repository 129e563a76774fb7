namespace Streamline;

/// <summary>A turn began.</summary>
public sealed class SessionTurnStarted : SessionEvent
{
    internal SessionTurnStarted(int turn) => Turn = turn;

    /// <summary>Gets the number of the turn, from 1.</summary>
    public int Turn { get; }
}
