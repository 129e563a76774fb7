namespace Streamline;

/// <summary>What a session does when an observer is slower than the stream.</summary>
public enum SessionObserverPolicy
{
    /// <summary>
    /// The session waits for the observer, and with it every other observer. Reports on messages wait for nobody: an observer that has missed sixteen times its capacity gets a
    /// <see cref="SessionSnapshot"/> in place of what waits, with this policy and the next one.
    /// </summary>
    Wait,

    /// <summary>Adjacent deltas of one block are merged into one. For what cannot be merged, the session waits.</summary>
    Coalesce,

    /// <summary>The events that wait are dropped, and the observer gets a <see cref="SessionSnapshot"/> in their place.</summary>
    Latest,
}
