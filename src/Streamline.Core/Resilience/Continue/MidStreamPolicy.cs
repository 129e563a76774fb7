namespace Streamline.Resilience;

/// <summary>What to do when a response is interrupted after a part of it was shown and cannot be resumed.</summary>
/// <remarks>A response that the provider keeps, such as a background response, is always resumed exactly where it broke, see <see cref="StreamResumed"/>.</remarks>
public enum MidStreamPolicy
{
    /// <summary>Report the failure, with the partial response.</summary>
    Fail,

    /// <summary>Announce by <see cref="StreamRestarted"/> that what was shown is discarded, and stream the response of another attempt.</summary>
    Restart,

    /// <summary>
    /// Have the model continue what was shown, announced by <see cref="StreamResumed"/>: by a prefill where the model is known to continue it at the exact character, else, if
    /// <see cref="ContinueOptions.AllowStitching"/> is set, by asking it to continue and removing what it repeats. Where neither is possible, <see cref="ContinueOptions.Otherwise"/> decides.
    /// </summary>
    Continue,
}
