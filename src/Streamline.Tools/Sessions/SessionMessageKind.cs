namespace Streamline;

/// <summary>When a message of a session is to be delivered.</summary>
public enum SessionMessageKind
{
    /// <summary>At once: the session is idle.</summary>
    Send,

    /// <summary>After the turn that runs, each as its own turn.</summary>
    Queue,

    /// <summary>At the next boundary of the turn that runs: after the tools of the round, or after the answer.</summary>
    Steer,

    /// <summary>At once: the turn that runs is cut off.</summary>
    Interrupt,
}
