using System.Runtime.CompilerServices;
using Polly;

namespace Streamline;

/// <summary>Sends a failed request again; see <see cref="RetryOptions"/>.</summary>
internal sealed class RetryStreamClient(IStreamClient inner, RetryOptions options, TimeProvider time) : StageClient(inner)
{
    private readonly ResiliencePipeline _pipeline = options.Pipeline ?? RetryStrategy.Build(options, time);

    protected override FoldedEnumerator Open(StreamRequest request, CancellationToken ofCall, CancellationToken ofEnumeration) =>
        new Enumerator(Inner, request, options, _pipeline, MaxRetainedChars, ofCall, ofEnumeration);

    private sealed class Enumerator(
        IStreamClient inner, StreamRequest request, RetryOptions options, ResiliencePipeline pipeline, long maxRetainedChars, CancellationToken ofCall, CancellationToken ofEnumeration)
        : FoldedEnumerator(maxRetainedChars, ofCall, ofEnumeration)
    {
        // Events that were read before there was content among them.
        private readonly Queue<StreamEvent> _held = new();
        private readonly ShownBlocks _shown = new();
        private RetryAttempts? _attempts;
        private IAsyncEnumerator<StreamEvent>? _events;
        private StreamEvent? _current;
        private bool _isShowing;
        private bool _hasEnded;

        // Why what is shown is broken. It stands until another attempt gets to its first content.
        private string? _broken;

        public override StreamEvent Current => _current ?? throw new InvalidOperationException("The enumeration has not begun.");

        protected override ValueTask<bool> MoveCoreAsync()
        {
            if (!_isShowing || _hasEnded || _held.Count > 0)
            {
                return AdvanceAsync();
            }

            // An event that is there already costs no state machine.
            var moving = Move(_events!);
            return !moving.IsCompletedSuccessfully ? ContinueAsync(moving)
                : moving.Result ? new ValueTask<bool>(Show(_events!.Current))
                : ContinueAsync(new ValueTask<bool>(false));
        }

        protected override async ValueTask DisposeCoreAsync()
        {
            try
            {
                await CloseAsync().ConfigureAwait(false);
            }
            finally
            {
                if (_attempts is not null)
                {
                    await _attempts.LeaveAsync().ConfigureAwait(false);
                }
            }
        }

        private ValueTask CloseAsync() => Interlocked.Exchange(ref _events, null) is { } events ? events.DisposeAsync() : ValueTask.CompletedTask;

        // Pooled, because it suspends once per event that has to be waited for.
        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        private async ValueTask<bool> ContinueAsync(ValueTask<bool> moving)
        {
            try
            {
                if (await moving.ConfigureAwait(false))
                {
                    return Show(_events!.Current);
                }
            }
            catch (Exception exception)
            {
                return await FailAsync(exception).ConfigureAwait(false) || await AdvanceAsync().ConfigureAwait(false);
            }

            End();
            return false;
        }

        private async ValueTask<bool> AdvanceAsync()
        {
            _attempts ??= RetryAttempts.Start(pipeline, _shown, Token);
            while (!_isShowing)
            {
                if (_events is null)
                {
                    await _attempts.WaitForAttemptAsync().ConfigureAwait(false);
                }

                try
                {
                    _events ??= StreamFold.GetUnfoldedEnumerator(inner.StreamAsync(request, _attempts.Token), _attempts.Token);
                    if (!await _events.MoveNextAsync().ConfigureAwait(false))
                    {
                        End();
                    }
                }
                catch (Exception exception)
                {
                    if (await FailAsync(exception).ConfigureAwait(false))
                    {
                        return true;
                    }

                    continue;
                }

                if (Take())
                {
                    return true;
                }
            }

            return _held.TryDequeue(out var held) && Show(held);
        }

        /// <summary>Holds the event that has been read. True when there is an event to show at once.</summary>
        private bool Take()
        {
            if (!_hasEnded)
            {
                var streamEvent = _events!.Current;
                if (streamEvent is KeepAlive or RetryScheduled)
                {
                    _current = streamEvent;
                    return true;
                }

                _held.Enqueue(streamEvent);
                _isShowing = streamEvent.CommitsResponse || _held.Count == options.MaxHeldEvents;
            }

            if (!_isShowing || _broken is null)
            {
                return false;
            }

            _current = new StreamRestarted { Attempt = _attempts!.Number, Reason = _broken, Discarded = _shown.TakeIndexes() };
            _broken = null;
            return true;
        }

        private bool Show(StreamEvent streamEvent)
        {
            _current = streamEvent;
            _shown.Add(streamEvent);
            return true;
        }

        private void End()
        {
            (_isShowing, _hasEnded) = (true, true);
            _attempts!.End(failure: null);
        }

        /// <summary>Leaves the failed attempt, and has the pipeline decide. True when a notice is to be shown; throws when no further attempt may follow.</summary>
        private async ValueTask<bool> FailAsync(Exception exception)
        {
            try
            {
                await CloseAsync().ConfigureAwait(false);
            }
            catch (Exception later)
            {
                // As with await foreach, what fails last is what is thrown.
                exception = later;
            }

            if (_shown.IsFinal || Token.IsCancellationRequested || (_shown.Any && options.MidStream == MidStreamPolicy.Fail))
            {
                throw _attempts!.Report(exception);
            }

            if (_isShowing)
            {
                (_isShowing, _broken) = (false, RetryReason.Of(exception));
            }

            _held.Clear();
            _attempts!.End(exception);
            if (await _attempts.WaitForNoticeAsync().ConfigureAwait(false) is not { } notice)
            {
                return false;
            }

            _current = notice;
            return true;
        }
    }
}
