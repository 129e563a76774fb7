using System.Runtime.ExceptionServices;
using Polly;

namespace Streamline.Resilience;

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
        private readonly ShownBlocks _shown = new();
        private RetryAttempts? _attempts;
        private IAsyncEnumerator<StreamEvent>? _events;
        private StreamEvent? _current;
        private IAsyncEnumerator<bool>? _waits;
        private ValueTask<bool> _moving;
        private bool _isShowing;
        private bool _hasEnded;
        private bool _isGranted; // an attempt that continues in another way

        // Why what is shown is broken. It stands until another attempt gets to its first content.
        private string? _broken;

        // Events that were read before there was content among them.
        private UncommittedEvents? _held;
        private StreamEvent? _lastHeld;

        // There once an attempt has failed, or a response is continued beyond its end.
        private RetryRecovery? _recovery;

        public override StreamEvent Current => _current ?? throw new InvalidOperationException("The enumeration has not begun.");

        private bool ContinuesEnds => options.Continue is { OnLength: true } or { OnPause: true };

        private RetryRecovery Recovery => _recovery ??= new(inner, request, options, _shown);

        public override void StopFolding()
        {
            // A continuation reads the state, which is that of what this stage has shown: a stage outside of it may hold back or change some of that.
            if (options.MidStream != MidStreamPolicy.Continue && !ContinuesEnds)
            {
                base.StopFolding();
            }
        }

        protected override ValueTask<bool> MoveCoreAsync()
        {
            if (!_isShowing || _hasEnded || _held is not null)
            {
                return AdvanceAsync();
            }

            // An event that is there already costs no state machine.
            var moving = Move(_events!);
            return !moving.IsCompletedSuccessfully ? ContinueAsync(moving)
                : moving.Result ? ShowOrContinue(_events!.Current)
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

        private ValueTask<bool> ContinueAsync(ValueTask<bool> moving)
        {
            _moving = moving;
            return (_waits ??= WaitAsync()).MoveNextAsync();
        }

        // An iterator, whose one object serves every step that has to be waited for.
        private async IAsyncEnumerator<bool> WaitAsync()
        {
            try
            {
                while (true)
                {
                    var isShown = false;
                    Exception? failure = null;
                    try
                    {
                        isShown = await _moving.ConfigureAwait(false);
                    }
                    catch (Exception exception)
                    {
                        failure = exception;
                    }

                    if (failure is not null)
                    {
                        isShown = await FailAsync(failure).ConfigureAwait(false) || await AdvanceAsync().ConfigureAwait(false);
                    }
                    else if (isShown)
                    {
                        isShown = await ShowOrContinue(_events!.Current).ConfigureAwait(false);
                    }
                    else
                    {
                        End();
                    }

                    if (!isShown)
                    {
                        yield break;
                    }

                    yield return true;
                }
            }
            finally
            {
                _waits = null; // after an end or a failure, the next step asks again
            }
        }

        private ValueTask<bool> AdvanceAsync() => _recovery?.End is null ? AdvanceCoreAsync() : AdvanceOrEndAsync();

        private async ValueTask<bool> AdvanceOrEndAsync()
        {
            try
            {
                return await AdvanceCoreAsync().ConfigureAwait(false);
            }
            catch (Exception)
            {
                if (_recovery!.End is not { } end || Token.IsCancellationRequested)
                {
                    throw;
                }

                // There is no more to be had: the response ends as it did.
                (_isShowing, _hasEnded, _held) = (true, true, null);
                return Show(end);
            }
        }

        private async ValueTask<bool> AdvanceCoreAsync()
        {
            _attempts ??= new RetryAttempts(pipeline, isOwn: options.Pipeline is null, _shown, before: 0, Token);
            while (!_isShowing)
            {
                if (_events is null && !_isGranted)
                {
                    await _attempts.WaitForAttemptAsync().ConfigureAwait(false);
                }

                try
                {
                    _isGranted = false;
                    _events ??= _recovery is null
                        ? StreamFold.GetUnfoldedEnumerator(inner.StreamAsync(request, _attempts.Token), _attempts.Token)
                        : _recovery.Open(_attempts.Number, _attempts.Token);
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

            if (_held is null)
            {
                return false;
            }

            _held.TryTake(out var held);
            _held = _held.Count > 0 ? _held : null;
            return await ShowOrContinue(held!).ConfigureAwait(false);
        }

        /// <summary>Holds the event that has been read. True when there is an event to show at once.</summary>
        private bool Take()
        {
            if (!_hasEnded)
            {
                var streamEvent = _events!.Current;
                if (streamEvent.IsNotice)
                {
                    _current = streamEvent;
                    return true;
                }

                if (_recovery is { IsContinuing: false, Resuming: { } cause } && TryResume(streamEvent, cause))
                {
                    return true;
                }

                if (streamEvent is StreamResumed { Strategy: not ResumeStrategy.ServerResume } && _recovery is not null)
                {
                    _recovery.Begin();
                    (_isShowing, _broken, _current) = (true, null, streamEvent);
                    return true;
                }

                _isShowing |= Hold(streamEvent);
            }

            if (!_isShowing || _broken is null)
            {
                return false;
            }

            _current = new StreamRestarted { Attempt = _attempts!.Number, Reason = _broken, Discarded = _shown.TakeIndexes() };
            _broken = null;
            return true;
        }

        private bool Hold(StreamEvent streamEvent) => (_held ??= new(options.MaxHeldEvents)).Add(_lastHeld = streamEvent);

        /// <summary>Takes the first event of the rest of a response. True when there is something to tell before it.</summary>
        private bool TryResume(StreamEvent streamEvent, Exception cause)
        {
            if (streamEvent is ResponseStarted)
            {
                // A client that knows nothing of continuation tokens has asked for a new response.
                if (_shown.Any && !_recovery!.MayRestart)
                {
                    ExceptionDispatchInfo.Throw(_attempts!.Report(cause));
                }

                _recovery!.Forget();
                _held = null;
                return false;
            }

            _recovery!.Begin();
            if (_broken is not { } reason || _held is not null)
            {
                // Nothing was shown of the response that is resumed; if another was, it is restarted.
                return false;
            }

            Hold(streamEvent);
            (_isShowing, _broken) = (true, null);
            _current = new StreamResumed { Attempt = _attempts!.Number, Reason = reason };
            return true;
        }

        private bool Show(StreamEvent streamEvent)
        {
            _current = streamEvent;
            _shown.Add(streamEvent);
            return true;
        }

        private ValueTask<bool> ShowOrContinue(StreamEvent streamEvent) =>
            streamEvent is ResponseCompleted { FinishReason: FinishReason.Length or FinishReason.Pause } completed && ContinuesEnds
                ? ContinueBeyondAsync(completed)
                : new ValueTask<bool>(Show(streamEvent));

        /// <summary>Leaves a response that has ended, and asks for more if it can be continued. The attempts for that are counted anew.</summary>
        private async ValueTask<bool> ContinueBeyondAsync(ResponseCompleted completed)
        {
            if (!Recovery.TryContinue(completed, State!))
            {
                return Show(completed);
            }

            await CloseAsync().ConfigureAwait(false);
            _attempts!.End(failure: null);
            await _attempts.LeaveAsync().ConfigureAwait(false);
            _attempts = new RetryAttempts(pipeline, isOwn: options.Pipeline is null, _shown, before: _attempts.Number, Token);
            (_isShowing, _hasEnded, _held, _lastHeld) = (false, false, null, null);
            return await AdvanceAsync().ConfigureAwait(false);
        }

        private void End()
        {
            (_isShowing, _hasEnded) = (true, true);
            _broken = _recovery?.Resuming is null ? _broken : null;
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

            if (_shown.IsFinal || Token.IsCancellationRequested)
            {
                throw _attempts!.Report(exception);
            }

            if (TryOtherWay(exception))
            {
                _isGranted = true;
                return false;
            }

            if (!Recovery.Decide(exception, _isShowing ? _current : _lastHeld, _isShowing, _shown.Any ? State : null, out exception))
            {
                throw _attempts!.Report(exception);
            }

            if (_isShowing)
            {
                (_isShowing, _broken) = (false, FailureWords.Of(exception));
            }

            if (Recovery.Strategy != ResumeStrategy.ServerResume)
            {
                _held = null;
            }

            _attempts!.End(exception, Recovery.Strategy);
            if (await _attempts.WaitForNoticeAsync().ConfigureAwait(false) is not { } notice)
            {
                return false;
            }

            _current = notice;
            return true;
        }

        private bool TryOtherWay(Exception exception)
        {
            try
            {
                return _recovery?.TryOtherWay(exception, State) == true;
            }
            catch (Exception cause)
            {
                throw _attempts!.Report(cause);
            }
        }
    }
}
