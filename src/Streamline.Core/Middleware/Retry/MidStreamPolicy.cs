namespace Streamline;

/// <summary>What to do when a response is interrupted after a part of it was shown.</summary>
public enum MidStreamPolicy
{
    /// <summary>Report the failure, with the partial response.</summary>
    Fail,

    /// <summary>Announce by <see cref="StreamRestarted"/> that what was shown is discarded, and stream the response of another attempt.</summary>
    Restart,
}
