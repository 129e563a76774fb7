namespace Streamline.Benchmarks.Resilience;

/// <summary>A response whose events are all there already, so that nothing but the stages around it is measured.</summary>
internal sealed class ReadySource(int deltas) : IStreamClient
{
    private static readonly StreamEvent Started = new ResponseStarted { Provider = "ready", Model = "m" };
    private static readonly StreamEvent Delta = new TextDelta { Index = 0, Text = "word " };
    private static readonly StreamEvent Completed = new ResponseCompleted { FinishReason = FinishReason.Stop };

    public IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default) => new Events(deltas);

    public object? GetService(Type serviceType) => serviceType.IsInstanceOfType(this) ? this : null;

    private sealed class Events(int deltas) : IAsyncEnumerable<StreamEvent>, IAsyncEnumerator<StreamEvent>
    {
        private int _next = -1;

        public StreamEvent Current => _next == 0 ? Started : _next <= deltas ? Delta : Completed;

        public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public ValueTask<bool> MoveNextAsync() => new(++_next <= deltas + 1);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
