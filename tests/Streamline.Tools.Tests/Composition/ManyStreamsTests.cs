using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using Streamline.Tools.Tests.Support;

namespace Streamline.Tools.Tests.Composition;

/// <summary>What many streams at once cost: bytes are counted, not time.</summary>
/// <remarks>The heap is the process's, so these tests run while no other test does.</remarks>
[Trait("Law", "8")]
[Collection(AloneCollection.Name)]
public sealed class ManyStreamsTests
{
    private const int Streams = 1_000;

    /// <summary>What tools, retry, timeouts and backpressure hold for a stream that waits. A debug build has larger state machines.</summary>
    [Theory]
    [InlineData(false, 4_500)]
    [InlineData(true, 6_500)]
    [Trait("Finding", "R10")]
    public async Task Idle_EachStream_HoldsLittle(bool withTools, int maxBytes)
    {
        var source = new FakeStreamClient((_, token) => FakeStreamClient.StreamThenStall([Wire.Started, Wire.Text("Hello")], token));
        var builder = withTools ? new StreamClientBuilder(source).UseTools(AIFunctionFactory.Create((string city) => city, "tool")) : new StreamClientBuilder(source);
        var client = builder.UseDefaults().Build();
        await HoldAsync(client, 10); // what is made once for all streams

        var bytes = await HoldAsync(client, Streams) - await HoldAsync(source, Streams);

        bytes.Should().BeInRange(1, maxBytes);
    }

    /// <summary>A step that had to be waited for costs no more because other streams wait too.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Finding", "R15")]
    public async Task EachEvent_OfManyStreams_AllocatesNoMoreThanOfOne(bool withTools)
    {
        const int Events = 200;
        var source = new FakeStreamClient((request, _) => StepsAsync(request.Messages[0].Text == "short" ? 1 : Events));
        var client = withTools ? new StreamClientBuilder(source).UseTools(AIFunctionFactory.Create((string city) => city, "tool")).Build() : new StreamClientBuilder(source).UseDefaults().Build();
        await AllocatedAsync(client, "long", Streams);

        var alone = await PerEventAsync(1) / Streams;
        for (var i = 1; i < Streams; i++)
        {
            alone += await PerEventAsync(1) / Streams;
        }

        var together = await PerEventAsync(Streams) / Streams;

        together.Should().BeLessThan((1.2 * alone) + 16);

        async Task<double> PerEventAsync(int count) => (await AllocatedAsync(client, "long", count) - await AllocatedAsync(client, "short", count)) / (Events - 1.0);
    }

    private static async IAsyncEnumerable<StreamEvent> StepsAsync(int events)
    {
        yield return Wire.Started;
        var step = Wire.Text("x");
        for (var i = 0; i < events; i++)
        {
            await Task.Yield();
            yield return step;
        }

        yield return Wire.Ended(FinishReason.Stop);
    }

    private static async Task<double> AllocatedAsync(IStreamClient client, string prompt, int streams)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => ReadAsync(client, prompt)));
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    private static async Task ReadAsync(IStreamClient client, string prompt)
    {
        await foreach (var streamEvent in client.StreamAsync(prompt))
        {
            _ = streamEvent;
        }
    }

    /// <summary>Measures the heap while a number of streams wait for their next event.</summary>
    private static async Task<double> HoldAsync(IStreamClient client, int count)
    {
        using var stop = new CancellationTokenSource();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var streams = new Task[count];
        for (var i = 0; i < count; i++)
        {
            var begun = new TaskCompletionSource();
            streams[i] = HoldAsync(client, begun, stop.Token);
            await begun.Task.OrFail();
        }

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)count;
        await stop.CancelAsync();
        await Task.WhenAll(streams).OrFail();
        return bytes;
    }

    private static async Task HoldAsync(IStreamClient client, TaskCompletionSource begun, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var streamEvent in client.StreamAsync("Hi", cancellationToken: cancellationToken))
            {
                if (streamEvent is TextDelta)
                {
                    begun.TrySetResult();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the test.
        }
    }
}
