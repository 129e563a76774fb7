using System.Runtime.ExceptionServices;
using Polly;
using Polly.Timeout;

namespace Streamline.Resilience;

/// <summary>
/// The attempts of one stream, made by a Polly pipeline that decides whether and when there is another one. The pipeline runs one callback per attempt, which lasts
/// until the stream reports how the attempt ended; so it sees the outcome of whole attempts, and decides once for each.
/// </summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="isOwn">
/// Whether it only retries, so that it has nothing to decide before an attempt fails. Then it runs from the first failure on: a stream that does not fail costs nothing.
/// </param>
/// <param name="shown">What the consumer has seen.</param>
/// <param name="before">How many attempts the stream has made before, for responses that were then continued.</param>
/// <param name="cancellationToken">The token of the stream.</param>
internal sealed class RetryAttempts(ResiliencePipeline pipeline, bool isOwn, ShownBlocks shown, int before, CancellationToken cancellationToken)
{
    private CancellationTokenSource? _ending; // there once the pipeline runs, as is the next one
    private TaskCompletionSource<Exception?>? _outcome;
    private TaskCompletionSource? _begun;
    private TaskCompletionSource? _announced;
    private Task _running = Task.CompletedTask;
    private RetryScheduled? _notice;
    private Exception? _failure;
    private ResumeStrategy? _strategy;
    private bool _hasBegun;
    private bool _isOver; // whatever the pipeline decides, no further attempt is made

    /// <summary>Gets the number of the current attempt, from 1.</summary>
    public int Number { get; private set; } = before;

    /// <summary>Gets the token of the current attempt.</summary>
    public CancellationToken Token { get; private set; }

    /// <summary>Waits until an attempt begins. Throws what the pipeline ended with when there is no further one.</summary>
    public ValueTask WaitForAttemptAsync()
    {
        if (!_hasBegun && isOwn)
        {
            (_hasBegun, Number, Token) = (true, Number + 1, cancellationToken);
            return ValueTask.CompletedTask;
        }

        if (_ending is null)
        {
            Run();
        }

        return WaitForPipelineAsync(_begun!.Task);
    }

    /// <summary>Reports how the current attempt ended, and has the pipeline decide.</summary>
    /// <param name="failure">The failure; <see langword="null"/> for success.</param>
    /// <param name="strategy">How another attempt continues the response; <see langword="null"/> when it begins anew.</param>
    public void End(Exception? failure, ResumeStrategy? strategy = null)
    {
        var outcome = _outcome;
        (_failure, _strategy) = (failure, strategy);
        if (_ending is not null)
        {
            (_outcome, _begun, _announced) = (new(), NewSignal(), NewSignal());
            outcome!.TrySetResult(failure);
        }
        else if (failure is not null)
        {
            _announced = NewSignal();
            Run();
        }
    }

    /// <summary>Waits until the pipeline has decided. Gives the notice of the next attempt; <see langword="null"/> when there is no further one.</summary>
    public async ValueTask<RetryScheduled?> WaitForNoticeAsync()
    {
        await Task.WhenAny(_announced!.Task, _running).ConfigureAwait(false);
        return Interlocked.Exchange(ref _notice, null);
    }

    /// <summary>Ends the pipeline with the failure of the last attempt: the pipeline sees the failure, and has nothing left to decide.</summary>
    /// <returns>The exception that ends the stream.</returns>
    public async ValueTask<Exception> GiveUpAsync(Exception failure)
    {
        if (isOwn || _running.IsCompleted)
        {
            return Report(failure);
        }

        _isOver = true;
        var isCancelledByPipeline = failure is OperationCanceledException && Token.IsCancellationRequested && !cancellationToken.IsCancellationRequested;

        // On the thread pool, where the strategies that have nothing to wait for take in the outcome at once, before what they do next is cancelled.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        _outcome!.TrySetResult(cancellationToken.IsCancellationRequested ? Cancelled(failure) : failure);
        await StopAsync().ConfigureAwait(false);
        if (isCancelledByPipeline)
        {
            // The pipeline knows why, unless it was about to make another attempt.
            failure = _running.Exception?.InnerException ?? new TimeoutRejectedException("The resilience pipeline cancelled the attempt.", failure);
        }

        return Report(failure);
    }

    /// <summary>Notes on the exception that ends the stream how many attempts were made.</summary>
    public Exception Report(Exception exception)
    {
        if (exception is StreamlineException streamline)
        {
            streamline.Attempts = Math.Max(Number, 1);
        }

        return exception;
    }

    /// <summary>Notes that another attempt follows after a delay.</summary>
    public void Announce(TimeSpan delay)
    {
        _notice = new RetryScheduled { Attempt = Number + 1, Delay = delay, Reason = FailureWords.Of(_failure!), ErrorType = ErrorTypes.Of(_failure!) };
        _announced!.TrySetResult();
    }

    public RetryContext Describe(Exception exception) => new()
    {
        Attempt = Number,
        Phase = shown.Any ? RetryPhase.MidStream : RetryPhase.BeforeContent,
        Strategy = _strategy,
        Exception = exception,
        ShownBlocks = shown.Indexes,
    };

    /// <summary>Ends the pipeline, wherever it is, and waits until it has ended.</summary>
    public async ValueTask LeaveAsync()
    {
        if (_ending is null)
        {
            return;
        }

        await StopAsync().ConfigureAwait(false);
        _ending.Dispose();
    }

    private async ValueTask StopAsync()
    {
        _isOver = true;
        if (!_running.IsCompleted)
        {
            await _ending!.CancelSafelyAsync().ConfigureAwait(false);
            _outcome!.TrySetResult(cancellationToken.IsCancellationRequested ? Cancelled(cause: null) : null);
        }

        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private OperationCanceledException Cancelled(Exception? cause) => new("The stream was cancelled.", cause, Token);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Run()
    {
        _ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        (_outcome, _begun) = (new(), NewSignal());
        _running = RunAsync(_ending.Token);
    }

    private async Task RunAsync(CancellationToken token)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, token);
        context.Properties.Set(RetryStrategy.Attempts, this);
        try
        {
            var hasFailed = _failure is not null;
            await pipeline.ExecuteAsync(
                (context, attempts) =>
                {
                    (var isFirstOver, hasFailed) = (hasFailed, false);
                    return isFirstOver ? ValueTask.FromException(attempts._failure!) : attempts.AttemptAsync(context.CancellationToken);
                },
                context,
                this).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask WaitForPipelineAsync(Task begun)
    {
        await Task.WhenAny(begun, _running).ConfigureAwait(false);
        if (begun.IsCompleted)
        {
            return;
        }

        try
        {
            await _running.ConfigureAwait(false);
            throw _failure ?? new InvalidOperationException("The resilience pipeline ended without an attempt.");
        }
        catch (Exception exception)
        {
            Report(exception);
            throw;
        }
    }

    private async ValueTask AttemptAsync(CancellationToken token)
    {
        if (_isOver)
        {
            throw new OperationCanceledException(token);
        }

        if (_announced?.Task.IsCompleted == false)
        {
            // A pipeline of the application announces nothing.
            Announce(TimeSpan.Zero);
        }

        Number++;
        Token = token;
        var outcome = _outcome!.Task;
        _begun!.TrySetResult();
        if (await outcome.ConfigureAwait(false) is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }
}
