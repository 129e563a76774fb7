using System.Diagnostics;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Diagnostics.Telemetry;

/// <summary>How the pipeline gets its span, and the consumer keeps its own.</summary>
[Collection("Telemetry")]
public sealed class SpanContextTests
{
    private static readonly AsyncLocal<int> Ambient = new();

    [Fact]
    public async Task Stream_ListenedTo_MakesNoContextForEachEvent()
    {
        using var recorder = new Recorder();
        await BytesOfAsync(1_000);

        var (few, many) = (await BytesOfAsync(1_000), await BytesOfAsync(11_000));

        (many - few).Should().BeLessThan(100_000, "a context for each of 10,000 more events would be 720,000 bytes");
    }

    /// <summary>What a consumer changes between two events is there in the pipeline at the next one, and what the pipeline changes is not there in the consumer.</summary>
    [Fact]
    public async Task Contexts_OfConsumerAndPipeline_AreTheirOwn()
    {
        using var recorder = new Recorder();
        var source = new SynchronousClient(6);
        var client = new StreamClientBuilder(source).UseTelemetry().Build();
        Ambient.Value = 0;

        var events = client.StreamAsync(Request).GetAsyncEnumerator();
        var expected = new List<int>();
        for (var i = 1; ; i++)
        {
            Ambient.Value = 10 * (i / 2); // two events with one context, two with the next
            expected.Add(Ambient.Value);
            if (!await events.MoveNextAsync())
            {
                break;
            }

            Ambient.Value.Should().Be(10 * (i / 2));
            Activity.Current.Should().BeNull();
        }

        await events.DisposeAsync();
        source.Seen.Should().Equal(expected);
        source.Spans.Should().OnlyContain(name => name != null && name.StartsWith("chat", StringComparison.Ordinal));
    }

    private static async Task<long> BytesOfAsync(int events)
    {
        var client = new StreamClientBuilder(new SynchronousClient(events)).UseTelemetry().Build();
        var before = GC.GetAllocatedBytesForCurrentThread();
        await foreach (var streamEvent in client.StreamAsync(Request))
        {
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>A client whose events are all there at once, and which notes the context in which each is asked for.</summary>
    private sealed class SynchronousClient(int count) : IStreamClient, IAsyncEnumerable<StreamEvent>, IAsyncEnumerator<StreamEvent>
    {
        private const int MaxNoted = 100;

        private static readonly StreamEvent Delta = Words("a");

        private int _next;

        public List<int> Seen { get; } = [];

        public List<string?> Spans { get; } = [];

        public StreamEvent Current => Delta;

        public object? GetService(Type serviceType) => null;

        public IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default) => this;

        public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public ValueTask<bool> MoveNextAsync()
        {
            if (count <= MaxNoted)
            {
                Seen.Add(Ambient.Value);
                Spans.Add(Activity.Current?.OperationName);
                Ambient.Value = -1;
            }

            return new(_next++ < count);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
