namespace Streamline;

/// <summary>
/// The connection broke after a part of the response had been shown, and the provider, which kept the response, now sends the rest. What was shown stands, and the
/// next events follow it exactly: blocks stay open, and nothing is missing or repeated.
/// </summary>
/// <remarks>It comes together with the first event of the rest, never before a delay; see <see cref="RetryScheduled"/>.</remarks>
public sealed class StreamResumed : StreamEvent
{
    /// <summary>Gets the number of the attempt that brings the rest; the first attempt was 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Gets why the connection broke, in a few words without payload.</summary>
    public required string Reason { get; init; }
}
