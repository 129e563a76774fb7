using System.Threading.Channels;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Timeouts;

/// <summary>A model that writes more slowly than it has to.</summary>
[Trait("Law", "8")]
[Trait("Law", "12")]
public sealed class TimeoutThroughputTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private readonly ManualTimeProvider _time = new();
    private readonly Channel<StreamEvent> _feed = Channel.CreateUnbounded<StreamEvent>();

    [Fact]
    public async Task StreamAsync_ModelWritesHalfAsFast_EndsAfterTwiceTheLag()
    {
        var events = Start();
        await FeedAfter(events, TimeSpan.Zero, Words("begin"));
        for (var i = 0; i < 18; i++)
        {
            await FeedAfter(events, Second, Words("12345")); // of ten; half a second is missing each time
        }

        // 9 seconds are used up.
        var next = events.MoveNextAsync().AsTask();
        _time.Advance(Second - Tick);
        next.IsCompleted.Should().BeFalse();
        _time.Advance(Tick);
        var thrown = (await FluentActions.Awaiting(() => next.OrFail()).Should().ThrowAsync<StreamTimeoutException>()).Which;
        (thrown.Phase, thrown.Timeout).Should().Be((StreamTimeoutPhase.Throughput, TimeSpan.FromSeconds(10)));
        thrown.Message.Should().Be("The model wrote too slowly and could not catch up within the time limit of 10000 ms.");
        RetryOptions.IsTransient(thrown).Should().BeTrue();
    }

    [Fact]
    public async Task StreamAsync_ModelWritesFastEnough_GoesOn()
    {
        var events = Start();
        for (var i = 0; i < 200; i++)
        {
            await FeedAfter(events, Second, i % 2 == 0 ? Words("1234567890") : Input("1234567890"));
            _time.Advance(TimeSpan.FromHours(1)); // the consumer's own time does not count
        }
    }

    [Fact]
    public async Task StreamAsync_BurstBeforeASlowPart_SavesNothingUp()
    {
        var events = Start();
        await FeedAfter(events, Second, Words(new string('x', 100_000)));

        var next = events.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(10) - Tick);
        next.IsCompleted.Should().BeFalse();
        _time.Advance(Tick);

        (await FluentActions.Awaiting(() => next.OrFail()).Should().ThrowAsync<StreamTimeoutException>()).Which.Phase.Should().Be(StreamTimeoutPhase.Throughput);
    }

    [Fact]
    public async Task StreamAsync_BetweenBlocksAndBeforeTheFirstCharacter_NothingIsMeasured()
    {
        var events = Start();
        var minute = TimeSpan.FromMinutes(1);
        await FeedAfter(events, minute, Started());
        await FeedAfter(events, minute, new ContentStarted { Index = 0, Kind = ContentKind.Reasoning });
        await FeedAfter(events, minute, Reasoning("a"));
        await FeedAfter(events, TimeSpan.FromSeconds(9), new ContentCompleted { Index = 0, Kind = ContentKind.Reasoning });
        await FeedAfter(events, minute, new ToolCallStarted { Index = 1, CallId = "c", Name = "search" });
        await FeedAfter(events, minute, Input("{}", 1));
        await FeedAfter(events, TimeSpan.FromSeconds(9), new ToolCallCompleted { Index = 1, CallId = "c", Name = "search", ArgumentsText = "{}" });
        await FeedAfter(events, minute, Words("b", 2));
        await FeedAfter(events, TimeSpan.FromSeconds(9), KeepAlive.Instance);

        var next = events.MoveNextAsync().AsTask();
        _time.Advance(Second - Tick);
        next.IsCompleted.Should().BeFalse();
        _time.Advance(Tick);
        (await FluentActions.Awaiting(() => next.OrFail()).Should().ThrowAsync<StreamTimeoutException>()).Which.Phase.Should().Be(StreamTimeoutPhase.Throughput);
    }

    private IAsyncEnumerator<StreamEvent> Start() =>
        new StreamClientBuilder(new FakeStreamClient((_, cancellationToken) => _feed.Reader.ReadAllAsync(cancellationToken)))
            .UseTimeProvider(_time)
            .UseTimeouts(options => (options.MinThroughput, options.MaxLag) = (10, TimeSpan.FromSeconds(10)))
            .Build().StreamAsync(Request).GetAsyncEnumerator();

    private async Task FeedAfter(IAsyncEnumerator<StreamEvent> events, TimeSpan delay, StreamEvent streamEvent)
    {
        var waiting = events.MoveNextAsync().AsTask();
        _time.Advance(delay);
        _feed.Writer.TryWrite(streamEvent);
        (await waiting.OrFail()).Should().BeTrue();
    }
}
