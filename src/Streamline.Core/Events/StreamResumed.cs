using Streamline.Resilience;

namespace Streamline;

/// <summary>
/// The response was cut after a part of it had been shown, and now continues. What was shown stands, and the next events follow it: open blocks stay open or are closed
/// at once, and new blocks have new indexes. <see cref="Strategy"/> says how the rest was obtained, and <see cref="Confidence"/> how certain the seam is.
/// </summary>
/// <remarks>It comes together with the first event of the rest, never before a delay; see <see cref="RetryScheduled"/>.</remarks>
public sealed class StreamResumed : StreamEvent
{
    /// <summary>Gets the number of the attempt that brings the rest; the first attempt was 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Gets why the response was cut, in a few words without payload.</summary>
    public required string Reason { get; init; }

    /// <summary>Gets how the rest was obtained.</summary>
    /// <value>The default is <see cref="ResumeStrategy.ServerResume"/>.</value>
    public ResumeStrategy Strategy { get; init; }

    /// <summary>Gets how certain it is that nothing is missing or repeated at this place.</summary>
    /// <value>The default is <see cref="SeamConfidence.Exact"/>.</value>
    public SeamConfidence Confidence { get; init; } = SeamConfidence.Exact;

    /// <summary>Gets how much of what the provider sent was removed because it repeated what had been shown, in UTF-16 code units.</summary>
    public int OverlapRemoved { get; init; }

    /// <summary>Gets how much was removed before the overlap, such as "Sure, continuing:" or the reopening of a code block, in UTF-16 code units.</summary>
    public int PrefaceRemoved { get; init; }

    /// <summary>Gets what was inserted between the two parts, such as a space; <see langword="null"/> for nothing.</summary>
    public string? InsertedSeparator { get; init; }

    /// <summary>
    /// Gets the token counts of the part before, as far as the provider had reported any when it was cut; <see langword="null"/> when it had not. Later counts of the response
    /// include them, so without them the totals are too low.
    /// </summary>
    public TokenUsage? PriorUsage { get; init; }

    /// <summary>Gets the provider that sends the rest; <see langword="null"/> when it has begun no new response for it.</summary>
    public string? Provider { get; init; }

    /// <summary>Gets the name of the protocol that the rest comes over; <see langword="null"/> when it is that of the part before.</summary>
    public string? Protocol { get; init; }

    /// <summary>Gets the model that writes the rest; <see langword="null"/> when the provider does not say.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the provider's id of the response with the rest; <see langword="null"/> when there is no new one.</summary>
    public string? ResponseId { get; init; }
}
