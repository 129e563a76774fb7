namespace Streamline;

/// <summary>How a turn of a session ended.</summary>
public enum SessionTurnEnd
{
    /// <summary>The model said all it had to say.</summary>
    Completed,

    /// <summary>Another message cut it off.</summary>
    Interrupted,

    /// <summary>The session was stopped, or the caller that had sent the message cancelled it.</summary>
    Stopped,

    /// <summary>The stream failed.</summary>
    Failed,
}
