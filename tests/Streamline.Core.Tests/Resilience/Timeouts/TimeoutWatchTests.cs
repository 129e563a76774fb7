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

    [Fact]
    public async Task BeginWait_SignsOfLifeOnly_LeaveLessOfTheLimitOfProgress()
    {
        await using var watch = new TimeoutWatch(new TimeoutOptions { FirstEvent = null, Idle = null, Progress = Limit }, _time, CancellationToken.None);
        watch.BeginWait();
        _time.Now += 0.4 * Limit;
        watch.EndWait();
        watch.Note(KeepAlive.Instance);
        watch.BeginWait();
        _time.Wait.DueTime.Should().Be(0.6 * Limit);

        _time.Now += 0.8 * Limit; // the event comes before the callback
        watch.EndWait();
        _time.Wait.DueTime.Should().Be(Timeout.InfiniteTimeSpan, "nothing is waited for");
        watch.Note(KeepAlive.Instance);
        watch.BeginWait();
        _time.Wait.DueTime.Should().Be(TimeSpan.Zero, "it is over");
        watch.EndWait();
        watch.Note(Make.Words("a"));
        watch.BeginWait();
        _time.Wait.DueTime.Should().Be(Limit, "an event is progress");
    }

    [Theory]
    [InlineData(10, 10, StreamTimeoutPhase.Idle)]
    [InlineData(10, 9, StreamTimeoutPhase.Progress)]
    [InlineData(null, 20, StreamTimeoutPhase.Progress)]
    public async Task BeginWait_SeveralLimits_ReportsTheShortest_AndOfTwoTheOneThatSaysMore(int? idle, int progress, StreamTimeoutPhase expected)
    {
        await using var watch = new TimeoutWatch(
            new TimeoutOptions { Idle = idle is { } seconds ? TimeSpan.FromSeconds(seconds) : null, Progress = TimeSpan.FromSeconds(progress) }, _time, CancellationToken.None);
        watch.Note(Make.Words("a"));
        watch.BeginWait();
        _time.Now += TimeSpan.FromMinutes(1);
        _time.Wait.Fire();

        watch.Passed!.Value.Phase.Should().Be(expected);
    }

    [Theory]
    [InlineData(10, StreamTimeoutPhase.Idle)]
    [InlineData(11, StreamTimeoutPhase.Throughput)]
    [InlineData(null, StreamTimeoutPhase.Throughput)]
    public async Task BeginWait_ThroughputBesideIdle_ReportsTheShorter(int? idle, StreamTimeoutPhase expected)
    {
        var options = new TimeoutOptions { Idle = idle is { } seconds ? TimeSpan.FromSeconds(seconds) : null, Progress = null, MinThroughput = 10, MaxLag = Limit };
        await using var watch = new TimeoutWatch(options, _time, CancellationToken.None);
        watch.Note(Make.Words("a"));
        watch.BeginWait();
        _time.Wait.DueTime.Should().Be(Limit);
        _time.Now += Limit;
        _time.Wait.Fire();

        watch.Passed!.Value.Phase.Should().Be(expected);
    }

    [Fact]
    public async Task BeginWait_FirstEventAfterSignsOfLife_WaitsForTheRestOfItsLimit()
    {
        await using var watch = new TimeoutWatch(new TimeoutOptions { FirstEvent = Limit, Idle = TimeSpan.FromSeconds(3), Progress = null }, _time, CancellationToken.None);
        watch.BeginWait();
        _time.Now += 0.4 * Limit;
        watch.EndWait();
        watch.Note(KeepAlive.Instance);
        watch.BeginWait();
        _time.Wait.DueTime.Should().Be(0.6 * Limit);
        watch.EndWait();
        watch.Note(Make.Started());
        watch.BeginWait();
        _time.Wait.DueTime.Should().Be(TimeSpan.FromSeconds(3));
        watch.EndWait();
        watch.Note(new RetryScheduled { Attempt = 2, Delay = TimeSpan.Zero, Reason = "r" });
        watch.BeginWait();
        _time.Wait.DueTime.Should().Be(Limit, "another request is made, whose first event is waited for");
        watch.EndWait();
        watch.Note(new RateLimitWait { Resource = "requests", Delay = TimeSpan.Zero, Position = 0 });
        watch.BeginWait();
        _time.Wait.DueTime.Should().Be(Limit, "a notice is no event of the response");
    }

    [Fact]
    public async Task BeginWait_NoLimit_NeedsNoTimer()
    {
        await using var watch = new TimeoutWatch(new TimeoutOptions { FirstEvent = null, Idle = null, Progress = null }, _time, CancellationToken.None);
        watch.BeginWait();
        watch.EndWait();

        _time.Timers.Should().BeEmpty();
    }

    [Fact]
    public async Task TotalTimer_AfterAnotherLimit_DoesNotHideIt()
    {
        await using var watch = Watch();
        watch.BeginWait();
        _time.Now += Limit;
        _time.Wait.Fire();
        _time.Timers.Single(timer => !timer.IsMadeIdle).Fire();

        watch.Passed.Should().Be((StreamTimeoutPhase.FirstEvent, Limit));
    }

    [Fact]
    public async Task WaitTimer_AfterTheLimitOfTheWhole_DoesNotHideIt()
    {
        await using var watch = Watch();
        watch.BeginWait();
        _time.Now += Limit;
        _time.Timers.Single(timer => !timer.IsMadeIdle).Fire();
        _time.Wait.Fire();

        watch.Passed.Should().Be((StreamTimeoutPhase.Total, TimeSpan.FromDays(1)));
        watch.Token.IsCancellationRequested.Should().BeTrue();
    }

    [Fact]
    public async Task WaitTimer_FiresAFractionEarly_WaitsForAWholeMillisecond()
    {
        await using var watch = Watch();
        watch.BeginWait();
        _time.Now += Limit - TimeSpan.FromTicks(1);
        _time.Wait.Fire();

        watch.Passed.Should().BeNull();
        _time.Wait.DueTime.Should().Be(TimeSpan.FromMilliseconds(1), "a timer takes no less");
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
