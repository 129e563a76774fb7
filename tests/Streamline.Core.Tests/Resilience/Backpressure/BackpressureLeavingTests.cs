using System.Runtime.CompilerServices;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Backpressure;

/// <summary>What is left of a stream that is cancelled late, or never disposed.</summary>
[Trait("Law", "9")]
public sealed class BackpressureLeavingTests
{
    [Fact]
    [Trait("Finding", "R3")]
    public async Task MoveNext_CancelledAfterTheSourceWasReadToItsEnd_KeepsWhatHadBeenHandedOut()
    {
        using var cancellation = new CancellationTokenSource();
        var source = FakeStreamClient.Of(Started(), Words("The beginning"), Words(" and the end."), Completed());
        var events = new StreamClientBuilder(source).UseBackpressure().Build().StreamAsync(Request, cancellation.Token).GetAsyncEnumerator();
        await events.MoveNextAsync();
        await events.MoveNextAsync();
        while (source.Finished == 0)
        {
            await Task.Yield();
        }

        await cancellation.CancelAsync();

        var thrown = await FluentActions.Awaiting(() => events.MoveNextAsync().AsTask().OrFail()).Should().ThrowAsync<OperationCanceledException>();
        thrown.Which.CancellationToken.Should().Be(cancellation.Token);
        thrown.Which.GetPartialResponse()!.Text.Should().Be("The beginning");
    }

    [Fact]
    [Trait("Finding", "R13")]
    public async Task Abandoned_NeitherReadNorDisposed_SourceIsClosedWhenTheEnumeratorIsCollected()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handlers = new List<CancellationTokenRegistration>();
        var source = new FakeStreamClient((_, cancellationToken) => StallAsync(cancellationToken));

        await AbandonAsync(new StreamClientBuilder(source).UseRetry().UseTimeouts().UseBackpressure().Build());
        for (var i = 0; i < 100 && !closed.Task.IsCompleted; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }

        await closed.Task.OrFail();
        handlers.ForEach(handler => handler.Dispose());

        // A server that stalls: the wait is rooted, as one for a socket is.
        async IAsyncEnumerable<StreamEvent> StallAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var stalling = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Rooted = stalling;
            try
            {
                yield return Words("a");
                handlers.Add(cancellationToken.Register(() => stalling.TrySetCanceled(cancellationToken)));
                await stalling.Task;
            }
            finally
            {
                closed.SetResult();
            }
        }
    }

    private static object? Rooted { get; set; }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task AbandonAsync(IStreamClient client)
    {
        var events = client.StreamAsync(Request).GetAsyncEnumerator();
        (await events.MoveNextAsync()).Should().BeTrue();
    }
}
