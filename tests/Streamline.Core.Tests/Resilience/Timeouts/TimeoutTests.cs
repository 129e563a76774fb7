using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Timeouts;

[Trait("Law", "9")]
[Trait("Law", "12")]
public sealed class TimeoutTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private readonly ManualTimeProvider _time = new();
    private readonly Channel<StreamEvent> _feed = Channel.CreateUnbounded<StreamEvent>();
    private readonly FakeStreamClient _source;

    public TimeoutTests() => _source = new FakeStreamClient((_, cancellationToken) => _feed.Reader.ReadAllAsync(cancellationToken));

    [Fact]
    public async Task StreamAsync_NoFirstEvent_ThrowsWithItsPhase()
    {
        var next = Start(options => options.FirstEvent = TimeSpan.FromSeconds(10)).MoveNextAsync().AsTask();

        _time.Advance(TimeSpan.FromSeconds(10) - Tick);
        next.IsCompleted.Should().BeFalse();
        _time.Advance(Tick);

        await ShouldTimeOut(next, StreamTimeoutPhase.FirstEvent, TimeSpan.FromSeconds(10));
        _source.Open.Should().Be(0);
        _time.ActiveTimers.Should().Be(0);
    }

    [Fact]
    public async Task StreamAsync_NoNextEvent_ThrowsWithItsPhase()
    {
        var events = Start(options => options.Idle = TimeSpan.FromSeconds(3));
        await Feed(events, Words("a"));
        var next = events.MoveNextAsync().AsTask();

        _time.Advance(TimeSpan.FromSeconds(3) - Tick);
        next.IsCompleted.Should().BeFalse();
        _time.Advance(Tick);

        await ShouldTimeOut(next, StreamTimeoutPhase.Idle, TimeSpan.FromSeconds(3));
        _source.Open.Should().Be(0);
        _time.ActiveTimers.Should().Be(0);
    }

    [Fact]
    public async Task StreamAsync_KeepAlivesAfterTheFirstEvent_CountAsEvents()
    {
        var events = Start(options => { options.FirstEvent = TimeSpan.FromSeconds(3); options.Idle = TimeSpan.FromSeconds(3); });
        await Feed(events, Started());
        for (var i = 0; i < 10; i++)
        {
            var next = events.MoveNextAsync().AsTask();
            _time.Advance(TimeSpan.FromSeconds(3) - Tick);
            _feed.Writer.TryWrite(KeepAlive.Instance);
            (await next.OrFail()).Should().BeTrue();
        }

        await events.DisposeAsync();
    }

    [Fact]
    public async Task StreamAsync_AnotherRequestInside_HasTheTimeOfAFirstEvent()
    {
        var events = Start(options => { options.FirstEvent = TimeSpan.FromSeconds(50); options.Idle = TimeSpan.FromSeconds(4); });
        await Feed(events, Words("a"));
        await Feed(events, new RetryScheduled { Attempt = 2, Delay = TimeSpan.FromSeconds(1), Reason = "the connection broke" });
        var next = events.MoveNextAsync().AsTask();

        _time.Advance(TimeSpan.FromSeconds(50) - Tick);
        next.IsCompleted.Should().BeFalse();
        _time.Advance(Tick);

        await ShouldTimeOut(next, StreamTimeoutPhase.FirstEvent, TimeSpan.FromSeconds(50));
    }

    [Fact]
    public async Task StreamAsync_ConsumerHoldsAnEvent_DoesNotCountAsIdle()
    {
        var events = Start(options => options.Idle = TimeSpan.FromSeconds(3));
        await Feed(events, Words("a"));
        _time.Advance(TimeSpan.FromHours(1));
        await Feed(events, Words("b"));
        _time.Advance(TimeSpan.FromHours(1));
        var next = events.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(3) - Tick);
        next.IsCompleted.Should().BeFalse();
        _time.Advance(Tick);

        await ShouldTimeOut(next, StreamTimeoutPhase.Idle, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task StreamAsync_WaitsOfManyLengths_EachHasTheWholeLimit()
    {
        var random = new Random(7);
        var events = Start(options => { options.FirstEvent = TimeSpan.FromSeconds(100); options.Idle = TimeSpan.FromSeconds(10); options.Progress = null; });
        await Feed(events, Words("a"));
        for (var i = 0; i < 500; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(random.NextDouble() * 15));
            var waiting = events.MoveNextAsync().AsTask();
            _time.Advance(TimeSpan.FromSeconds(random.NextDouble() * 9.99));
            waiting.IsCompleted.Should().BeFalse();
            _feed.Writer.TryWrite(KeepAlive.Instance);
            (await waiting.OrFail()).Should().BeTrue();
        }

        var next = events.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(10) - Tick);
        next.IsCompleted.Should().BeFalse();
        _time.Advance(Tick);
        await ShouldTimeOut(next, StreamTimeoutPhase.Idle, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task StreamAsync_IdleShorterThanFirstEvent_IsNotLate()
    {
        var events = Start(options => { options.FirstEvent = TimeSpan.FromMinutes(5); options.Idle = TimeSpan.FromSeconds(1); });
        await Feed(events, Words("a"));
        var next = events.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));

        await ShouldTimeOut(next, StreamTimeoutPhase.Idle, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StreamAsync_Total_CountsAllTimeAlsoTheConsumers(bool consumerIsSlow)
    {
        var events = Start(options => { options.Idle = null; options.Total = TimeSpan.FromSeconds(30); });
        await Feed(events, Words("a"));
        _time.Advance(TimeSpan.FromSeconds(29));
        if (consumerIsSlow)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var next = events.MoveNextAsync().AsTask();
        if (!consumerIsSlow)
        {
            next.IsCompleted.Should().BeFalse();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await ShouldTimeOut(next, StreamTimeoutPhase.Total, TimeSpan.FromSeconds(30));
        _source.Open.Should().Be(0);
    }

    [Fact]
    public async Task StreamAsync_SourceGoesOnThoughCancelled_TotalStillEndsIt()
    {
        var source = new FakeStreamClient((_, _) => Endless());
        var seen = 0;
        var reading = async () =>
        {
            await foreach (var streamEvent in Build(source, options => options.Total = TimeSpan.FromSeconds(1)).StreamAsync(Request))
            {
                seen++;
                _time.Advance(TimeSpan.FromSeconds(0.25));
            }
        };

        (await reading.Should().ThrowAsync<StreamTimeoutException>()).Which.Phase.Should().Be(StreamTimeoutPhase.Total);
        seen.Should().Be(4);
        source.Open.Should().Be(0);

        static async IAsyncEnumerable<StreamEvent> Endless()
        {
            while (true)
            {
                await Task.Yield();
                yield return KeepAlive.Instance;
            }
        }
    }

    [Fact]
    public async Task StreamAsync_SourceEndsSilentlyWhenCancelled_TimeoutIsNotHidden()
    {
        var source = new FakeStreamClient((_, cancellationToken) => Silent(cancellationToken));
        var next = Build(source, options => options.FirstEvent = TimeSpan.FromSeconds(1)).StreamAsync(Request).GetAsyncEnumerator().MoveNextAsync().AsTask();

        _time.Advance(TimeSpan.FromSeconds(1));

        await ShouldTimeOut(next, StreamTimeoutPhase.FirstEvent, TimeSpan.FromSeconds(1));

        static async IAsyncEnumerable<StreamEvent> Silent([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            yield break;
        }
    }

    [Fact]
    public async Task StreamAsync_AnswerEndsInTime_NothingIsThrown()
    {
        var source = FakeStreamClient.Of(Started(), Words("a"), Completed());

        var (events, exception) = await Build(source, options => options.Total = TimeSpan.FromSeconds(1)).StreamAsync(Request).CatchAsync();

        exception.Should().BeNull();
        events.Should().HaveCount(3);
        _time.ActiveTimers.Should().Be(0);
    }

    [Fact]
    public async Task StreamAsync_TotalPassesAfterTheEndOfTheAnswer_NothingIsThrown()
    {
        var source = new FakeStreamClient((_, _) => Answer());
        var received = new List<StreamEvent>();
        await foreach (var streamEvent in Build(source, options => options.Total = TimeSpan.FromSeconds(1)).StreamAsync(Request))
        {
            received.Add(streamEvent);
            _time.Advance(TimeSpan.FromSeconds(streamEvent is ResponseCompleted ? 5 : 0));
        }

        received.Should().HaveCount(2);

        static async IAsyncEnumerable<StreamEvent> Answer()
        {
            yield return Words("a");
            await Task.Yield();
            yield return Completed();
        }
    }

    [Fact]
    public async Task StreamAsync_SourceFails_ItsExceptionIsUnchanged()
    {
        var failure = Overloaded();

        var (_, exception) = await Build(new FakeStreamClient(Fails(failure, Words("a")))).StreamAsync(Request).CatchAsync();

        exception.Should().BeSameAs(failure);
    }

    [Fact]
    public async Task StreamAsync_CallerCancels_IsNotATimeout()
    {
        using var cancellation = new CancellationTokenSource();
        var events = Build(_source).StreamAsync(Request, cancellation.Token).GetAsyncEnumerator();
        var next = events.MoveNextAsync().AsTask();

        await cancellation.CancelAsync();

        (await FluentActions.Awaiting(() => next.OrFail()).Should().ThrowAsync<OperationCanceledException>())
            .Which.CancellationToken.Should().Be(cancellation.Token);
        _source.Open.Should().Be(0);
    }

    [Fact]
    public async Task StreamAsync_CallerCancelsAndLimitPasses_CallerWins()
    {
        using var cancellation = new CancellationTokenSource();
        var source = new FakeStreamClient((_, cancellationToken) => CancelsTheCaller(cancellationToken));
        var next = Build(source, options => options.FirstEvent = TimeSpan.FromSeconds(1)).StreamAsync(Request, cancellation.Token).GetAsyncEnumerator().MoveNextAsync().AsTask();

        // The limit passes first, and the caller cancels while the stream is ending for it.
        _time.Advance(TimeSpan.FromSeconds(1));

        (await FluentActions.Awaiting(() => next.OrFail()).Should().ThrowAsync<OperationCanceledException>())
            .Which.CancellationToken.Should().Be(cancellation.Token);

        async IAsyncEnumerable<StreamEvent> CancelsTheCaller([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await cancellation.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            yield break;
        }
    }

    [Fact]
    public async Task StreamAsync_LimitPasses_CarriesThePartialResponse()
    {
        var source = new FakeStreamClient((_, cancellationToken) => Attempt(cancellationToken));
        var events = Build(source, options => options.Idle = TimeSpan.FromSeconds(1)).StreamAsync(Request).GetAsyncEnumerator();
        await events.MoveNextAsync().AsTask().OrFail();
        var next = events.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));

        var thrown = await ShouldTimeOut(next, StreamTimeoutPhase.Idle, TimeSpan.FromSeconds(1));

        thrown.PartialResponse!.Text.Should().Be("part");

        static async IAsyncEnumerable<StreamEvent> Attempt([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return Words("part");
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
            catch (OperationCanceledException exception)
            {
                exception.SetPartialResponse(new ChatResponse(new ChatMessage(ChatRole.Assistant, "part")));
                throw;
            }
        }
    }

    [Fact]
    public async Task DisposeAsync_WhileAnEventIsHeld_LeavesNoTimer()
    {
        var events = Start(options => options.Total = TimeSpan.FromHours(1));
        await Feed(events, Words("a"));
        _time.ActiveTimers.Should().Be(1, "only the limit of the whole is running");

        await events.DisposeAsync();

        _time.ActiveTimers.Should().Be(0);
        _source.Open.Should().Be(0);
    }

    [Fact]
    public async Task StreamAsync_CallerAndLimitAtRandomTimes_GiveOneOfTheTwo()
    {
        var seen = new HashSet<string>();
        for (var seed = 0; seed < LeavingStress.Iterations; seed++)
        {
            var random = new Random(seed);
            var time = new ManualTimeProvider();
            using var cancellation = new CancellationTokenSource();
            var source = new FakeStreamClient(Stalls(Words("a")));
            var client = new StreamClientBuilder(source).UseTimeouts(options => { options.TimeProvider = time; options.Idle = TimeSpan.FromSeconds(1); }).Build();
            var reading = client.StreamAsync(Request, cancellation.Token).CatchAsync();
            var cancelling = Task.Run(async () => { await Yield(random.Next(4)); await cancellation.CancelAsync(); });
            while (!reading.IsCompleted)
            {
                time.Advance(TimeSpan.FromSeconds(0.5));
                await Task.Yield();
            }

            var (_, exception) = await reading;
            await cancelling;
            source.Open.Should().Be(0);
            time.ActiveTimers.Should().Be(0);
            seen.Add(exception!.GetType().Name);
            if (exception is OperationCanceledException cancelled)
            {
                cancelled.CancellationToken.Should().Be(cancellation.Token);
            }
            else
            {
                exception.Should().BeOfType<StreamTimeoutException>();
            }
        }

        seen.Should().Contain(nameof(OperationCanceledException));
    }

    [Fact]
    public void UseTimeouts_NoLimit_AddsNothing()
    {
        var built = new StreamClientBuilder(_source).UseTimeouts(options => options.FirstEvent = options.Idle = options.Progress = null).Build();

        built.Should().BeSameAs(_source);
    }

    private static async Task Yield(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Task.Yield();
        }
    }

    private static async Task<StreamTimeoutException> ShouldTimeOut(Task next, StreamTimeoutPhase phase, TimeSpan limit)
    {
        var thrown = (await FluentActions.Awaiting(() => next.OrFail()).Should().ThrowAsync<StreamTimeoutException>()).Which;
        thrown.Phase.Should().Be(phase);
        thrown.Timeout.Should().Be(limit);
        return thrown;
    }

    private IStreamClient Build(IStreamClient source, Action<TimeoutOptions>? configure = null) =>
        new StreamClientBuilder(source).UseTimeouts(options =>
        {
            options.TimeProvider = _time;
            configure?.Invoke(options);
        }).Build();

    private IAsyncEnumerator<StreamEvent> Start(Action<TimeoutOptions> configure) => Build(_source, configure).StreamAsync(Request).GetAsyncEnumerator();

    private async Task Feed(IAsyncEnumerator<StreamEvent> events, StreamEvent streamEvent)
    {
        _feed.Writer.TryWrite(streamEvent);
        (await events.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        events.Current.Should().BeSameAs(streamEvent);
    }
}
