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
        private RetryOpening? _opening;
        private RetryAttempts? _attempts;
        private RetryRecovery? _recovery; // there once an attempt has failed, or a response is continued beyond its end
        private IAsyncEnumerator<StreamEvent>? _events;
        private ValueTask<bool> _moving;
        private IAsyncEnumerator<bool>? _steps;
        private StreamEvent? _current;

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
            if (_opening is { IsLive: true } && _events is { } events)
            {
                // An event that is there already costs no state machine.
                var moving = Move(events);
                bool? hasMoved = moving.IsCompletedSuccessfully ? moving.Result : null;
                if (hasMoved == true && !IsContinuable(events.Current))
                {
                    return new ValueTask<bool>(Show(events.Current));
                }

                Await(hasMoved is { } known ? new ValueTask<bool>(known) : moving);
            }

            var step = (_steps ??= RunAsync()).MoveNextAsync();
            return !ContinuesEnds || step.IsCompletedSuccessfully ? step : StepOrEndAsync(step);
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

        // Makes one attempt after the other, and shows the events of each.
        private async IAsyncEnumerator<bool> RunAsync()
        {
            _opening = new RetryOpening(_shown, options.MaxHeldEvents);
            _attempts = NewAttempts(before: 0);
            while (true)
            {
                var failure = await OpenAsync().ConfigureAwait(false);
                var (hasMoved, isContinued) = (true, false);
                while (hasMoved && !isContinued && failure is null)
                {
                    try
                    {
                        hasMoved = await _moving.ConfigureAwait(false);
                    }
                    catch (Exception exception)
                    {
                        failure = exception;
                        break;
                    }

                    try
                    {
                        Take(hasMoved);
                    }
                    catch (Exception exception)
                    {
                        throw await _attempts.GiveUpAsync(exception).ConfigureAwait(false);
                    }

                    while (_opening.TryTake(out var next) && !(isContinued = TryContinue(next)))
                    {
                        yield return Show(next);
                    }

                    if (hasMoved && !isContinued && !_opening.IsLive)
                    {
                        Await(Move(_events!));
                    }
                }

                if (isContinued)
                {
                    await LeaveEndedAsync().ConfigureAwait(false);
                }
                else if (failure is null)
                {
                    yield break;
                }
                else if (await FailAsync(failure).ConfigureAwait(false) is { } notice)
                {
                    yield return Show(notice);
                }
            }
        }

        // A response that is continued beyond its end, with no more to be had, ends as it did.
        private async ValueTask<bool> StepOrEndAsync(ValueTask<bool> step)
        {
            try
            {
                return await step.ConfigureAwait(false);
            }
            catch (Exception)
            {
                if (_recovery?.End is not { } end || Token.IsCancellationRequested)
                {
                    throw;
                }

                return Show(end);
            }
        }

        private void Await(ValueTask<bool> moving) => _moving = moving;

        private RetryAttempts NewAttempts(int before) => new(pipeline, isOwn: options.Pipeline is null, _shown, before, Token);

        private ValueTask CloseAsync() => Interlocked.Exchange(ref _events, null) is { } events ? events.DisposeAsync() : ValueTask.CompletedTask;

        private bool IsContinuable(StreamEvent streamEvent) => streamEvent is ResponseCompleted { FinishReason: FinishReason.Length or FinishReason.Pause } && ContinuesEnds;

        private bool TryContinue(StreamEvent streamEvent) => IsContinuable(streamEvent) && Recovery.TryContinue((ResponseCompleted)streamEvent, State!);

        private bool Show(StreamEvent streamEvent)
        {
            _current = streamEvent;
            _shown.Add(streamEvent);
            return true;
        }

        /// <summary>Begins the next attempt, or the current one in another way. Throws when the pipeline allows no more; gives what the client throws.</summary>
        private async ValueTask<Exception?> OpenAsync()
        {
            if (_recovery is not { IsOtherWay: true })
            {
                await _attempts!.WaitForAttemptAsync().ConfigureAwait(false);
            }

            try
            {
                _events = _recovery is null ? StreamFold.Open(inner, request, _attempts!.Token) : _recovery.Open(_attempts!.Number, _attempts.Token);
                Await(Move(_events!));
                return null;
            }
            catch (Exception exception)
            {
                return exception;
            }
        }

        private void Take(bool hasMoved)
        {
            if (hasMoved)
            {
                _opening!.Add(_events!.Current, _attempts!, _recovery);
            }
            else
            {
                _opening!.End(_attempts!, _recovery);
                _attempts!.End(failure: null);
            }
        }

        /// <summary>Leaves a response that is continued beyond its end. The attempts for that are counted anew.</summary>
        private async ValueTask LeaveEndedAsync()
        {
            await CloseAsync().ConfigureAwait(false);
            _attempts!.End(failure: null);
            await _attempts.LeaveAsync().ConfigureAwait(false);
            _attempts = NewAttempts(before: _attempts.Number);
            _opening!.Reopen();
        }

        /// <summary>Leaves the failed attempt, and has the pipeline decide. Gives the notice to show, if there is one; throws when no further attempt may follow.</summary>
        private async ValueTask<StreamEvent?> FailAsync(Exception exception)
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
                throw await _attempts!.GiveUpAsync(exception).ConfigureAwait(false);
            }

            try
            {
                if (_recovery?.TryOtherWay(exception, State) == true)
                {
                    return null;
                }
            }
            catch (Exception cause)
            {
                throw await _attempts!.GiveUpAsync(cause).ConfigureAwait(false);
            }

            var opening = _opening!;
            if (!Recovery.Decide(exception, opening.IsOver ? _current : opening.Latest, opening.IsOver, _shown.Any ? State : null, out exception))
            {
                throw await _attempts!.GiveUpAsync(exception).ConfigureAwait(false);
            }

            opening.Break(exception, isResumed: Recovery.Strategy == ResumeStrategy.ServerResume);
            _attempts!.End(exception, Recovery.Strategy);
            return await _attempts.WaitForNoticeAsync().ConfigureAwait(false);
        }
    }
}
