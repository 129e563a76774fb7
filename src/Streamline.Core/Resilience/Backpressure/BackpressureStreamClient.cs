namespace Streamline.Resilience;

/// <summary>Puts a bounded buffer between a stream and its consumer; see <see cref="BackpressureOptions"/>.</summary>
internal sealed class BackpressureStreamClient(IStreamClient inner, BackpressureOptions options) : StageClient(inner)
{
    protected override FoldedEnumerator Open(StreamRequest request, CancellationToken ofCall, CancellationToken ofEnumeration) =>
        new Enumerator(Inner, request, options, MaxRetainedChars, ofCall, ofEnumeration);

    private sealed class Enumerator(
        IStreamClient inner, StreamRequest request, BackpressureOptions options, long maxRetainedChars, CancellationToken ofCall, CancellationToken ofEnumeration)
        : FoldedEnumerator(maxRetainedChars, ofCall, ofEnumeration)
    {
        private EventProducer? _producer;
        private StreamEvent? _current;
        private IAsyncEnumerator<bool>? _waits;

#pragma warning disable MA0055 // A stream that nobody disposed and nobody holds any more would keep its connection for as long as the server stalls.
        ~Enumerator() => _ = _producer?.LeaveAsync();
#pragma warning restore MA0055

        public override StreamEvent Current => _current ?? throw new InvalidOperationException("The enumeration has not begun.");

        protected override ValueTask<bool> MoveCoreAsync()
        {
            _producer ??= new EventProducer(inner, request, options, Token);
            return !Token.IsCancellationRequested && _producer.Buffer.TryTake(out _current) ? new ValueTask<bool>(true) : (_waits ??= WaitAsync(_producer)).MoveNextAsync();
        }

        protected override ValueTask DisposeCoreAsync()
        {
#pragma warning disable CA1816 // The base calls this from DisposeAsync.
            GC.SuppressFinalize(this);
#pragma warning restore CA1816
            return _producer is null ? ValueTask.CompletedTask : new ValueTask(_producer.LeaveAsync());
        }

        // An iterator, whose one object serves every event that has to be waited for.
        private async IAsyncEnumerator<bool> WaitAsync(EventProducer producer)
        {
            try
            {
                while (!Token.IsCancellationRequested && await producer.Buffer.WaitToTakeAsync().ConfigureAwait(false))
                {
                    if (!Token.IsCancellationRequested && producer.Buffer.TryTake(out _current))
                    {
                        yield return true;
                    }
                }

                if (Token.IsCancellationRequested)
                {
                    throw CallerCancellation.ToException(await producer.LeaveAsync().ConfigureAwait(false), Token);
                }
            }
            finally
            {
                _waits = null; // after an end or a failure, the next step asks again
            }
        }
    }
}
