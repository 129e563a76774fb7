namespace Streamline;

/// <summary>
/// The response broke after a part of it had been shown, and begins anew: every block of it that was shown is void, with
/// the results of its tool calls. Earlier responses of the same stream stand.
/// </summary>
public sealed class StreamRestarted : StreamEvent
{
    /// <summary>Gets the number of the attempt that follows; the first attempt was 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Gets why the response broke, in a few words without payload.</summary>
    public required string Reason { get; init; }

    /// <summary>Gets the indexes of the blocks that are void, in ascending order.</summary>
    public required IReadOnlyList<int> Discarded { get; init; }
}
