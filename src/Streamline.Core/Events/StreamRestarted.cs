namespace Streamline;

/// <summary>
/// The response was interrupted after a part of it had been shown, and now starts over: discard every block of it that you have received, with
/// the results of its tool calls. Earlier responses of the same stream stay valid.
/// </summary>
/// <remarks>It comes together with the first content of the new attempt, never before a delay; see <see cref="RetryScheduled"/>.</remarks>
public sealed class StreamRestarted : StreamEvent
{
    /// <summary>Gets the number of the attempt that follows; the first attempt was 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Gets why the response broke, in a few words without payload.</summary>
    public required string Reason { get; init; }

    /// <summary>Gets the indexes of the blocks to discard, in ascending order.</summary>
    public required IReadOnlyList<int> Discarded { get; init; }
}
