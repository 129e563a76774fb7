using System.Threading.Channels;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Timeouts;

/// <summary>A server that only sends pings or comments holds no stream for ever.</summary>
[Trait("Law", "8")]
[Trait("Law", "12")]
public sealed class TimeoutProgressTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private readonly ManualTimeProvider _time = new();
    private readonly Channel<StreamEvent> _feed = Channel.CreateUnbounded<StreamEvent>();

    [Fact]
    [Trait("Finding", "R13")]
    public async Task StreamAsync_OnlyKeepAlives_EndsWithoutProgress()
    {
        var events = Start(options => { options.Idle = TimeSpan.FromSeconds(30); options.Progress = TimeSpan.FromSeconds(100); });
        await Feed(events, Words("a"));
        for (var i = 0; i < 9; i++)
        {
            var waiting = events.MoveNextAsync().AsTask();
            _time.Advance(TimeSpan.FromSeconds(11));
            _feed.Writer.TryWrite(KeepAlive.Instance);
            (await waiting.OrFail()).Should().BeTrue();
            _time.Advance(TimeSpan.FromHours(1)); // the consumer's own time does not count
        }

        var next = events.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(1) - Tick);
        next.IsCompleted.Should().BeFalse();
        _time.Advance(Tick);

        var thrown = (await FluentActions.Awaiting(() => next.OrFail()).Should().ThrowAsync<StreamTimeoutException>()).Which;
        (thrown.Phase, thrown.Timeout).Should().Be((StreamTimeoutPhase.Progress, TimeSpan.FromSeconds(100)));
        thrown.PartialResponse!.Text.Should().Be("a");
    }

    [Fact]
    public async Task StreamAsync_EventBetweenKeepAlives_IsProgress()
    {
        var events = Start(options => { options.Idle = null; options.Progress = TimeSpan.FromSeconds(100); });
        await Feed(events, Words("a"));
        foreach (var streamEvent in new StreamEvent[] { KeepAlive.Instance, Words("b"), KeepAlive.Instance, Words("c") })
        {
            var waiting = events.MoveNextAsync().AsTask();
            _time.Advance(TimeSpan.FromSeconds(49));
            _feed.Writer.TryWrite(streamEvent);
            (await waiting.OrFail()).Should().BeTrue();
        }
    }

    [Fact]
    public async Task StreamAsync_KeepAlivesBeforeTheFirstEvent_DoNotEndItsLimit()
    {
        var events = Start(options => { options.FirstEvent = TimeSpan.FromSeconds(10); options.Idle = TimeSpan.FromSeconds(1); });
        for (var i = 0; i < 4; i++)
        {
            var waiting = events.MoveNextAsync().AsTask();
            _time.Advance(TimeSpan.FromSeconds(2));
            _feed.Writer.TryWrite(KeepAlive.Instance);
            (await waiting.OrFail()).Should().BeTrue();
            _time.Advance(TimeSpan.FromHours(1)); // the consumer's own time does not count
        }

        var next = events.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(2) - Tick);
        next.IsCompleted.Should().BeFalse();
        _time.Advance(Tick);

        var thrown = (await FluentActions.Awaiting(() => next.OrFail()).Should().ThrowAsync<StreamTimeoutException>()).Which;
        (thrown.Phase, thrown.Timeout).Should().Be((StreamTimeoutPhase.FirstEvent, TimeSpan.FromSeconds(10)));
    }

    private IAsyncEnumerator<StreamEvent> Start(Action<TimeoutOptions> configure) =>
        new StreamClientBuilder(new FakeStreamClient((_, cancellationToken) => _feed.Reader.ReadAllAsync(cancellationToken)))
            .UseTimeProvider(_time).UseTimeouts(configure).Build().StreamAsync(Request).GetAsyncEnumerator();

    private async Task Feed(IAsyncEnumerator<StreamEvent> events, StreamEvent streamEvent)
    {
        _feed.Writer.TryWrite(streamEvent);
        (await events.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
    }
}
