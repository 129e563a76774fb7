namespace Streamline;

/// <summary>When <see cref="StreamSession.StopAsync"/> ends the turn that runs.</summary>
public enum SessionStop
{
    /// <summary>At once. Tools are cancelled, and open calls answered by an error.</summary>
    Now,

    /// <summary>When the tools of the round have ended. A turn whose model calls no tools runs to its end.</summary>
    AfterRound,
}
