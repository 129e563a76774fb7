using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Streamline.TestSupport;

namespace Streamline.Tests.Pipeline;

public sealed class StreamSnapshotTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly ManualTimeProvider _time = new();
    private readonly Channel<StreamEvent> _events = Channel.CreateUnbounded<StreamEvent>();

    [Fact]
    [Trait("Law", "12")]
    public async Task Snapshots_AreTheLatestStateAtMostOncePerInterval()
    {
        await using var snapshots = ReadAsync(_events).SnapshotsAsync(Interval, _time).GetAsyncEnumerator();
        Send("a");
        (await snapshots.MoveNextAsync()).Should().BeTrue();
        snapshots.Current.Text.Should().Be("a", "the first comes at once");

        Send("b");
        Send("c");
        var next = snapshots.MoveNextAsync().AsTask();
        await _time.WaitForTimersAsync().OrFail();
        _time.Advance(Interval - TimeSpan.FromMilliseconds(1));
        next.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        (await next.OrFail()).Should().BeTrue();
        snapshots.Current.Text.Should().Be("abc");
        _time.ActiveTimers.Should().Be(0);
    }

    [Fact]
    public async Task Interval_LongerThanATimerTakes_GivesTheFirstStateAndTheLast()
    {
        await using var snapshots = ReadAsync(_events).SnapshotsAsync(TimeSpan.MaxValue).GetAsyncEnumerator();
        Send("a");
        (await snapshots.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        Send("b");
        var next = snapshots.MoveNextAsync().AsTask();
        _events.Writer.Complete();
        (await next.OrFail()).Should().BeTrue();
        snapshots.Current.Text.Should().Be("ab");
        (await snapshots.MoveNextAsync().AsTask().OrFail()).Should().BeFalse();
    }

    [Fact]
    public async Task LastState_AlwaysComes()
    {
        await using var snapshots = ReadAsync(_events).SnapshotsAsync(Interval, _time).GetAsyncEnumerator();
        Send("a");
        await snapshots.MoveNextAsync();
        Send("b");
        _events.Writer.Complete();
        (await snapshots.MoveNextAsync().AsTask().OrFail()).Should().BeTrue("though the interval is not over");
        snapshots.Current.Text.Should().Be("ab");
        (await snapshots.MoveNextAsync().AsTask().OrFail()).Should().BeFalse();
    }

    [Fact]
    public async Task LastState_ComesBeforeAFailure()
    {
        await using var snapshots = ReadAsync(_events).SnapshotsAsync(Interval, _time).GetAsyncEnumerator();
        Send("a");
        await snapshots.MoveNextAsync();
        Send("b");
        _events.Writer.Complete(new InvalidTimeZoneException());
        (await snapshots.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        snapshots.Current.Text.Should().Be("ab");
        await snapshots.Awaiting(s => s.MoveNextAsync().AsTask().OrFail()).Should().ThrowAsync<InvalidTimeZoneException>();
    }

    [Fact]
    public async Task ZeroInterval_IsAStatePerEvent()
    {
        Send("a");
        Send("b");
        _events.Writer.Complete();
        List<string> texts = [];
        await foreach (var state in ReadAsync(_events).SnapshotsAsync(TimeSpan.Zero, _time))
        {
            texts.Add(state.Text);
        }

        texts.Should().Equal("a", "ab");
    }

    [Fact]
    public async Task NoEvents_GiveNoState()
    {
        _events.Writer.Complete();
        await using var snapshots = ReadAsync(_events).SnapshotsAsync(Interval, _time).GetAsyncEnumerator();
        (await snapshots.MoveNextAsync()).Should().BeFalse();
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Leaving_WhileAReadIsPending_EndsTheSource()
    {
        var source = new FakeStreamClient((_, token) => FakeStreamClient.StreamThenStall([new TextDelta { Index = 0, Text = "a" }, new TextDelta { Index = 0, Text = "b" }], token));
        await using (var snapshots = source.StreamAsync("hi").SnapshotsAsync(Interval, _time).GetAsyncEnumerator())
        {
            await snapshots.MoveNextAsync().AsTask().OrFail();
            var next = snapshots.MoveNextAsync().AsTask();
            await _time.WaitForTimersAsync().OrFail();
            _time.Advance(Interval);
            await next.OrFail();
        }

        source.Open.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Cancel_IsOnTheException()
    {
        using var cancellation = new CancellationTokenSource();
        await using var snapshots = ReadAsync(_events).SnapshotsAsync(Interval, _time, cancellation.Token).GetAsyncEnumerator();
        var next = snapshots.MoveNextAsync().AsTask();
        await cancellation.CancelAsync();
        (await next.Awaiting(task => task.OrFail()).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancellation.Token);
    }

    [Fact]
    public void BadArguments_AreRefused()
    {
        FluentActions.Invoking(() => StreamEventExtensions.SnapshotsAsync(null!, Interval)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => ReadAsync(_events).SnapshotsAsync(TimeSpan.FromTicks(-1))).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static async IAsyncEnumerable<StreamEvent> ReadAsync(Channel<StreamEvent> events, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var streamEvent in events.Reader.ReadAllAsync(cancellationToken))
        {
            yield return streamEvent;
        }
    }

    private void Send(string text) => _events.Writer.TryWrite(new TextDelta { Index = 0, Text = text });
}
