namespace Streamline.Tests.Resilience.Timeouts;

/// <summary>Callbacks of timers that come late, as those of the thread pool may.</summary>
[Trait("Law", "9")]
[Trait("Law", "12")]
public sealed class TimeoutWatchTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly HandTime _time = new();

    [Fact]
    public async Task BeginWait_LimitPasses_CancelsWithItsPhase()
    {
        await using var watch = Watch();
        watch.Note(Make.Words("a"));
        watch.BeginWait();

        _time.Now += Limit;
        _time.Wait.Fire();

        watch.Passed.Should().Be((StreamTimeoutPhase.Idle, Limit));
        watch.Token.IsCancellationRequested.Should().BeTrue();
    }

    [Fact]
    public async Task EndWait_CallbackComesLate_DoesNothing()
    {
        await using var watch = Watch();
        watch.BeginWait();
        watch.EndWait();

        _time.Now += 2 * Limit;
        _time.Wait.Fire();

        watch.Passed.Should().BeNull("the time that the consumer spends does not count");
        watch.Token.IsCancellationRequested.Should().BeFalse();
    }

    [Fact]
    public async Task BeginWait_CallbackOfTheWaitBefore_WaitsForTheRest()
    {
        await using var watch = Watch();
        watch.BeginWait();
        _time.Now += 0.9 * Limit;
        watch.EndWait();
        watch.Note(Make.Words("a"));
        watch.BeginWait();
        _time.Now += 0.2 * Limit;

        _time.Wait.Fire();

        watch.Passed.Should().BeNull();
        _time.Wait.DueTime.Should().Be(0.8 * Limit);
        _time.Now += 0.8 * Limit;
        _time.Wait.Fire();
        watch.Passed.Should().Be((StreamTimeoutPhase.Idle, Limit));
    }

    [Fact]
    public async Task DisposeAsync_EveryTimer_IsDisposedOf()
    {
        var watch = Watch();
        watch.BeginWait();

        await watch.DisposeAsync();

        _time.Timers.Should().HaveCount(2).And.OnlyContain(timer => timer.IsDisposed);
    }

    private TimeoutWatch Watch() => new(new TimeoutOptions { FirstEvent = Limit, Idle = Limit, Total = TimeSpan.FromDays(1) }, _time, CancellationToken.None);

    /// <summary>A clock whose timers fire when the test says so, whatever the time.</summary>
    private sealed class HandTime : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public List<HandTimer> Timers { get; } = [];

        /// <summary>The timer of the waits, which is made idle; that of the whole is armed from the beginning.</summary>
        public HandTimer Wait => Timers.Single(timer => timer.IsMadeIdle);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new HandTimer(callback, state, dueTime);
            Timers.Add(timer);
            return timer;
        }
    }

    private sealed class HandTimer(TimerCallback callback, object? state, TimeSpan dueTime) : ITimer
    {
        public bool IsMadeIdle { get; } = dueTime == Timeout.InfiniteTimeSpan;

        public TimeSpan DueTime { get; private set; } = dueTime;

        public bool IsDisposed { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            DueTime = dueTime;
            return true;
        }

        public void Dispose() => IsDisposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
