using Streamline.TestSupport;

namespace Streamline.Tests;

/// <summary>A clock whose time of day can be set, which moves neither its timestamps nor its timers.</summary>
internal sealed class JumpingTimeProvider(ManualTimeProvider steady) : TimeProvider
{
    /// <summary>Gets or sets the time of day when the test began.</summary>
    public DateTimeOffset Start { get; set; } = steady.GetUtcNow();

    private readonly DateTimeOffset _startedAt = steady.GetUtcNow();

    public override long TimestampFrequency => steady.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => Start == DateTimeOffset.MaxValue ? Start : Start + (steady.GetUtcNow() - _startedAt);

    public override long GetTimestamp() => steady.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => steady.CreateTimer(callback, state, dueTime, period);
}
