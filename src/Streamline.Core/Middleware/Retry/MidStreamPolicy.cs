namespace Streamline;

/// <summary>What to do when a response breaks after a part of it was shown.</summary>
public enum MidStreamPolicy
{
    /// <summary>Report the failure, with the partial response.</summary>
    Fail,

    /// <summary>Announce that what was shown is void, by <see cref="StreamRestarted"/>, and stream the answer of another attempt.</summary>
    Restart,
}
