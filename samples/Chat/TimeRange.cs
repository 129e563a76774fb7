namespace ChatSample;

/// <summary>A stretch of time, counted from the moment of the question. It is open until its end is known.</summary>
internal sealed class TimeRange(TimeSpan start)
{
    public TimeSpan Start { get; } = start;

    public TimeSpan? End { get; set; }

    public bool Contains(TimeSpan at) => at >= Start && (End is not { } end || at < end);

    public TimeSpan Length(TimeSpan now) => (End ?? now) - Start;
}
