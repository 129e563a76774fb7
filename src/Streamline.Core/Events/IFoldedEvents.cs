namespace Streamline;

/// <summary>An enumerator that folds its own events, unless its reader does so.</summary>
internal interface IFoldedEvents
{
    /// <summary>Gets the state with every event up to <c>Current</c>; <see langword="null"/> when the reader folds.</summary>
    StreamState? State { get; }

    /// <summary>
    /// Leaves folding to the reader, and with it partial responses and the caller's tokens: exceptions then come as the stage throws them. To be called
    /// before the first event.
    /// </summary>
    void StopFolding();
}
