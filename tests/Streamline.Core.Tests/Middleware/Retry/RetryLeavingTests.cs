using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Middleware.Make;

namespace Streamline.Tests.Middleware.Retry;

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
            yield return Text("part");
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

    private IStreamClient Build(IStreamClient source, MidStreamPolicy midStream = MidStreamPolicy.Fail) =>
        new StreamClientBuilder(source).UseRetry(options => (options.TimeProvider, options.MidStream) = (_time, midStream)).Build();
}
