using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Retry;

/// <summary>Leaving a retried stream at any point of it.</summary>
public sealed class RetryLeavingTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    [Trait("Law", "9")]
    public async Task StreamAsync_CancelledDuringTheDelay_EndsAtOnceWithTheCallersToken()
    {
        using var cancellation = new CancellationTokenSource();
        var client = new FakeStreamClient(Fails(Overloaded()));
        var events = Build(client).StreamAsync(Request, cancellation.Token).GetAsyncEnumerator();
        await events.MoveNextAsync().AsTask().OrFail();
        await _time.WaitForTimersAsync().OrFail();

        await cancellation.CancelAsync();

        var thrown = await FluentActions.Awaiting(() => events.MoveNextAsync().AsTask().OrFail()).Should().ThrowAsync<OperationCanceledException>();
        thrown.Which.CancellationToken.Should().Be(cancellation.Token);
        await events.DisposeAsync();
        _time.ActiveTimers.Should().Be(0);
        client.Requests.Should().ContainSingle();
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task DisposeAsync_DuringTheDelay_LeavesNothing()
    {
        var client = new FakeStreamClient(Fails(Overloaded()));
        await foreach (var streamEvent in Build(client).StreamAsync(Request))
        {
            streamEvent.Should().BeOfType<RetryScheduled>();
            await _time.WaitForTimersAsync().OrFail();
            break;
        }

        _time.ActiveTimers.Should().Be(0);
        client.Requests.Should().ContainSingle();
        client.Open.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task DisposeAsync_DuringAnAttempt_ClosesIt()
    {
        var client = new FakeStreamClient(Stalls(KeepAlive.Instance));
        await foreach (var streamEvent in Build(client).StreamAsync(Request))
        {
            streamEvent.Should().BeOfType<KeepAlive>();
            client.Open.Should().Be(1);
            break;
        }

        client.Open.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task StreamAsync_CancelledInTheMiddle_KeepsThePartialResponseOfTheSource()
    {
        using var cancellation = new CancellationTokenSource();
        var client = new FakeStreamClient((_, cancellationToken) => Attempt(cancellationToken));
        var events = Build(client, MidStreamPolicy.Restart).StreamAsync(Request, cancellation.Token).GetAsyncEnumerator();
        await events.MoveNextAsync().AsTask().OrFail();
        var next = events.MoveNextAsync().AsTask();

        await cancellation.CancelAsync();

        var thrown = await FluentActions.Awaiting(() => next.OrFail()).Should().ThrowAsync<OperationCanceledException>();
        thrown.Which.CancellationToken.Should().Be(cancellation.Token);
        thrown.Which.GetPartialResponse()!.Text.Should().Be("part");
        await events.DisposeAsync();

        static async IAsyncEnumerable<StreamEvent> Attempt([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
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
    [Trait("Law", "8")]
    public async Task StreamAsync_ConsumerHoldsANotice_AttemptDoesNotRunAhead()
    {
        var produced = 0;
        var client = new FakeStreamClient((_, _) => Signs());
        var events = Build(client).StreamAsync(Request).GetAsyncEnumerator();

        (await events.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        await events.DisposeAsync();

        produced.Should().Be(0, "the consumer holds the first event, and has asked for no other");

        async IAsyncEnumerable<StreamEvent> Signs()
        {
            for (; produced < 1000; produced++)
            {
                yield return KeepAlive.Instance;
            }

            await Task.CompletedTask;
        }
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 2)]
    [InlineData(false, 0)]
    [InlineData(false, 2)]
    [Trait("Law", "6")]
    [Trait("Law", "9")]
    public async Task StreamAsync_AttemptOfAHandMadeSourceFails_IsDisposedOfBeforeTheNotice(bool throwsAtOnce, int shown)
    {
        var source = new HandMadeSource { ThrowsAtOnce = throwsAtOnce, FailsAfter = shown };
        var events = Build(source, MidStreamPolicy.Restart).StreamAsync(Request).GetAsyncEnumerator();
        for (var i = 0; i < shown; i++)
        {
            (await events.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        }

        (await events.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();

        events.Current.Should().BeOfType<RetryScheduled>();
        (source.Attempts, source.Disposals).Should().Be((1, 1));
        await events.DisposeAsync();
        (source.Attempts, source.Disposals).Should().Be((1, 1), "an attempt is disposed of once");
    }

    private IStreamClient Build(IStreamClient source, MidStreamPolicy midStream = MidStreamPolicy.Fail) =>
        new StreamClientBuilder(source).UseRetry(options => (options.TimeProvider, options.MidStream) = (_time, midStream)).Build();

    /// <summary>Written by hand, so that it ends only when it is disposed of, and may throw from the call itself.</summary>
    private sealed class HandMadeSource : IStreamClient, IAsyncEnumerable<StreamEvent>, IAsyncEnumerator<StreamEvent>
    {
        private int _given;

        public required bool ThrowsAtOnce { get; init; }

        public required int FailsAfter { get; init; }

        public int Attempts { get; private set; }

        public int Disposals { get; private set; }

        public StreamEvent Current => Words("x");

        public IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default)
        {
            Attempts++;
            return this;
        }

        public object? GetService(Type serviceType) => null;

        public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public ValueTask<bool> MoveNextAsync() => _given++ < FailsAfter ? new ValueTask<bool>(true)
            : ThrowsAtOnce ? throw Interrupted()
            : ValueTask.FromException<bool>(Interrupted());

        public ValueTask DisposeAsync()
        {
            Disposals++;
            return ValueTask.CompletedTask;
        }
    }
}
