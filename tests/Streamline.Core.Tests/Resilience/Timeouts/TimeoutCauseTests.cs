using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Timeouts;

/// <summary>What is reported of sources that ignore their token, or fail in their own way, when a limit passes or the caller cancels.</summary>
[Trait("Law", "9")]
[Trait("Law", "12")]
public sealed class TimeoutCauseTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _time = new();
    private readonly CancellationTokenSource _cancellation = new();
    private readonly TaskCompletionSource<StreamEvent?> _next = new();

    public void Dispose() => _cancellation.Dispose();

    [Fact]
    public async Task MoveNextAsync_EventComesAfterTheLimitAllTheSame_IsShownBeforeTheTimeout()
    {
        await using var events = await StartAsync();
        var moving = events.MoveNextAsync().AsTask();
        _time.Advance(Limit);
        _next.SetResult(Words("late"));

        (await moving.OrFail()).Should().BeTrue();
        (await FluentActions.Awaiting(() => events.MoveNextAsync().AsTask().OrFail()).Should().ThrowAsync<StreamTimeoutException>()).Which.Phase.Should().Be(StreamTimeoutPhase.Idle);
    }

    [Fact]
    public async Task MoveNextAsync_CallerCancelsAfterTheLimit_IsTheCallersCancellation()
    {
        await using var events = await StartAsync();
        var moving = events.MoveNextAsync().AsTask();
        _time.Advance(Limit);
        await _cancellation.CancelAsync();
        _next.SetException(Interrupted());

        (await FluentActions.Awaiting(() => moving.OrFail()).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(_cancellation.Token);
    }

    [Fact]
    public async Task MoveNextAsync_SourceFailsInItsOwnWayAfterTheCallerCancelled_IsThatFailure()
    {
        await using var events = await StartAsync();
        var moving = events.MoveNextAsync().AsTask();
        await _cancellation.CancelAsync();
        var failure = Interrupted();
        _next.SetException(failure);

        (await FluentActions.Awaiting(() => moving.OrFail()).Should().ThrowAsync<StreamInterruptedException>()).Which.Should().BeSameAs(failure);
    }

    [Fact]
    [Trait("Law", "14")]
    public async Task MoveNextAsync_SourceEndsBecauseTheCallerCancelled_IsNoEnd()
    {
        await using var events = await StartAsync();
        var moving = events.MoveNextAsync().AsTask();
        await _cancellation.CancelAsync();
        _next.SetResult(null);

        (await FluentActions.Awaiting(() => moving.OrFail()).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(_cancellation.Token);
    }

    [Fact]
    public async Task MoveNextAsync_SourceThrowsItsPartAtTheLimit_IsPassedOn()
    {
        await using var events = await StartAsync();
        var moving = events.MoveNextAsync().AsTask();
        _time.Advance(Limit);
        var cancelled = new OperationCanceledException();
        PartialResponse.Set(cancelled, new ChatResponse { ContinuationToken = ResponseContinuationToken.FromBytes(new byte[] { 7 }) });
        _next.SetException(cancelled);

        var timeout = (await FluentActions.Awaiting(() => moving.OrFail()).Should().ThrowAsync<StreamTimeoutException>()).Which;
        timeout.PartialResponse!.ContinuationToken!.ToBytes().ToArray().Should().Equal(7);
        timeout.InnerException.Should().BeSameAs(cancelled);
    }

    [Fact]
    public async Task MoveNextAsync_ClientTakesTimeBeforeItWaits_CountsIt()
    {
        var source = new FakeStreamClient((_, cancellationToken) =>
        {
            _time.Advance(TimeSpan.FromSeconds(3));
            return FakeStreamClient.StreamThenStall([], cancellationToken);
        });
        await using var events = Build(source).GetAsyncEnumerator();
        var moving = events.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(7) - TimeSpan.FromTicks(1));
        moving.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromTicks(1));

        (await FluentActions.Awaiting(() => moving.OrFail()).Should().ThrowAsync<StreamTimeoutException>()).Which.Phase.Should().Be(StreamTimeoutPhase.FirstEvent);
    }

    [Fact]
    public void MinThroughput_OutOfRange_IsRefusedWithTheReason() =>
        FluentActions.Invoking(() => new TimeoutOptions { MinThroughput = 0 }).Should().Throw<ArgumentOutOfRangeException>().WithMessage("Expected a number more than zero.*");

    // Its first event is there; then it gives what the test says, whatever its token.
    private async Task<IAsyncEnumerator<StreamEvent>> StartAsync()
    {
        var events = Build(new FakeStreamClient((_, _) => GiveAsync())).GetAsyncEnumerator();
        (await events.MoveNextAsync()).Should().BeTrue();
        return events;
    }

    private async IAsyncEnumerable<StreamEvent> GiveAsync()
    {
        yield return Words("a");
        if (await _next.Task is { } next)
        {
            yield return next;
            yield return Words("more");
        }
    }

    private IAsyncEnumerable<StreamEvent> Build(IStreamClient source) => new StreamClientBuilder(source).UseTimeProvider(_time)
        .UseTimeouts(options => (options.FirstEvent, options.Idle) = (Limit, Limit)).Build().StreamAsync(Request, _cancellation.Token);
}
