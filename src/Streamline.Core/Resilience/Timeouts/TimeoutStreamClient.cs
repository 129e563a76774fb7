namespace Streamline.Resilience;

/// <summary>Ends streams that take too long; see <see cref="TimeoutOptions"/>.</summary>
internal sealed class TimeoutStreamClient(IStreamClient inner, TimeoutOptions options, TimeProvider time) : StageClient(inner)
{
    protected override FoldedEnumerator Open(StreamRequest request, CancellationToken ofCall, CancellationToken ofEnumeration) =>
        new Enumerator(Inner, request, options, time, MaxRetainedChars, ofCall, ofEnumeration);

    private sealed class Enumerator(
        IStreamClient inner, StreamRequest request, TimeoutOptions options, TimeProvider time, long maxRetainedChars, CancellationToken ofCall, CancellationToken ofEnumeration)
        : FoldedEnumerator(maxRetainedChars, ofCall, ofEnumeration)
    {
        private TimeoutWatch? _watch;
        private IAsyncEnumerator<StreamEvent>? _events;
        private StreamEvent? _current;
        private IAsyncEnumerator<bool>? _waits;
        private ValueTask<bool> _moving;
        private bool _wasCancelled;

        public override StreamEvent Current => _current ?? throw new InvalidOperationException("The enumeration has not begun.");

        protected override ValueTask<bool> MoveCoreAsync()
        {
            if (_watch is null)
            {
                _watch = new TimeoutWatch(options, time, Token);
                return OpenAsync(_watch);
            }

            return MoveOrAwait(_watch, _watch.Token.IsCancellationRequested);
        }

        protected override async ValueTask DisposeCoreAsync()
        {
            try
            {
                if (_events is not null)
                {
                    await _events.DisposeAsync().ConfigureAwait(false);
                }
            }
            finally
            {
                if (_watch is not null)
                {
                    await _watch.DisposeAsync().ConfigureAwait(false);
                }
            }
        }

        private async ValueTask<bool> OpenAsync(TimeoutWatch watch)
        {
            watch.BeginWait();
            _events = StreamFold.Open(inner, request, watch.Token);
            return await MoveOrAwait(watch, watch.Token.IsCancellationRequested).ConfigureAwait(false);
        }

        private ValueTask<bool> MoveOrAwait(TimeoutWatch watch, bool wasCancelled)
        {
            var moving = Move(_events!);
            if (!moving.IsCompletedSuccessfully || wasCancelled)
            {
                return AwaitAsync(watch, moving, wasCancelled);
            }

            return moving.Result ? new ValueTask<bool>(Take(watch)) : AwaitAsync(watch, new ValueTask<bool>(false), wasCancelled);
        }

        private ValueTask<bool> AwaitAsync(TimeoutWatch watch, ValueTask<bool> moving, bool wasCancelled)
        {
            (_moving, _wasCancelled) = (moving, wasCancelled);
            return (_waits ??= WaitAsync(watch)).MoveNextAsync();
        }

        // An iterator, whose one object serves every step that has to be waited for.
        private async IAsyncEnumerator<bool> WaitAsync(TimeoutWatch watch)
        {
            try
            {
                while (true)
                {
                    bool moved;
                    try
                    {
                        if (_current is not null && !_moving.IsCompleted)
                        {
                            watch.BeginWait();
                        }

                        moved = await _moving.ConfigureAwait(false);
                    }
                    catch (Exception exception)
                    {
                        if (Cause(watch, exception) is { } cause)
                        {
                            throw cause;
                        }

                        throw;
                    }
                    finally
                    {
                        watch.EndWait();
                    }

                    // A source that ends or continues in spite of its cancelled token must not hide the cause from the consumer.
                    if ((moved ? _wasCancelled : _current is not ResponseCompleted) && Cause(watch, exception: null) is { } hidden)
                    {
                        throw hidden;
                    }

                    if (!moved)
                    {
                        yield break;
                    }

                    yield return Take(watch);
                }
            }
            finally
            {
                _waits = null; // after an end or a failure, the next step asks again
            }
        }

        private bool Take(TimeoutWatch watch)
        {
            watch.EndWait();
            _current = _events!.Current;
            watch.Note(_current);
            return true;
        }

        /// <summary>What made the stream end, the caller before a limit; <see langword="null"/> when it was neither.</summary>
        private Exception? Cause(TimeoutWatch watch, Exception? exception)
        {
            var passed = watch.Passed;
            if (Token.IsCancellationRequested && (passed is not null || exception is null or OperationCanceledException))
            {
                return CallerCancellation.ToException(exception, Token);
            }

            return passed is var (phase, limit)
                ? new StreamTimeoutException(phase, limit, exception) { PartialResponse = exception is not null && PartialResponse.TryGet(exception, out var partial) ? partial : null }
                : null;
        }
    }
}
