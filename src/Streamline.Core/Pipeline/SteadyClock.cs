namespace Streamline;

/// <summary>
/// A time of day that moves with the timestamps of a clock, so that it stands neither still nor back when the system's clock is set. It tells nothing of the date: its times are for comparison with each
/// other, within the process. Thread-safe.
/// </summary>
internal sealed class SteadyClock(TimeProvider time)
{
    // Far from both ends of what a date can hold, so that sums with all spans that occur fit.
    private static readonly DateTimeOffset Start = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly long _startedAt = time.GetTimestamp();

    public DateTimeOffset Now => Add(Start, time.GetElapsedTime(_startedAt));

    /// <summary>Adds a span; a sum that no date can hold is the last one, or the first.</summary>
    public static DateTimeOffset Add(DateTimeOffset at, TimeSpan span) =>
        span > DateTimeOffset.MaxValue - at ? DateTimeOffset.MaxValue
        : span < DateTimeOffset.MinValue - at ? DateTimeOffset.MinValue
        : at + span;
}
