using System.Runtime.ExceptionServices;
using Polly;

namespace Streamline;

/// <summary>
/// The attempts of one stream, made by a Polly pipeline that decides whether and when there is another one. The pipeline runs one callback per attempt, which lasts
/// until the stream reports how the attempt ended; so it sees the outcome of whole attempts, and decides once for each.
/// </summary>
internal sealed class RetryAttempts
{
    private readonly CancellationTokenSource _ending;
    private readonly ShownBlocks _shown;
    private TaskCompletionSource _begun = NewSignal();
    private TaskCompletionSource? _announced;
    private TaskCompletionSource<Exception?> _outcome = new();
    private Task _running = Task.CompletedTask;
    private RetryScheduled? _notice;
    private Exception? _failure;

    private RetryAttempts(ShownBlocks shown, CancellationToken cancellationToken)
    {
        _shown = shown;
        _ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Gets the number of the current attempt, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Gets the token of the current attempt.</summary>
    public CancellationToken Token { get; private set; }

    /// <summary>Starts the first attempt.</summary>
    public static RetryAttempts Start(ResiliencePipeline pipeline, ShownBlocks shown, CancellationToken cancellationToken)
    {
        var attempts = new RetryAttempts(shown, cancellationToken);
        attempts._running = attempts.RunAsync(pipeline);
        return attempts;
    }

    /// <summary>Reports how the current attempt ended, and has the pipeline decide.</summary>
    /// <param name="failure">The failure; <see langword="null"/> for success.</param>
    public void End(Exception? failure)
    {
        var outcome = _outcome;
        (_outcome, _begun, _announced, _failure) = (new TaskCompletionSource<Exception?>(), NewSignal(), NewSignal(), failure);
        outcome.TrySetResult(failure);
    }

    /// <summary>Waits until the pipeline has decided. Gives the notice of the next attempt; <see langword="null"/> when there is no further one.</summary>
    public async ValueTask<RetryScheduled?> WaitForNoticeAsync()
    {
        await Task.WhenAny(_announced!.Task, _running).ConfigureAwait(false);
        return Interlocked.Exchange(ref _notice, null);
    }

    /// <summary>Waits until an attempt begins. Throws what the pipeline ended with when there is no further one.</summary>
    public async ValueTask WaitForAttemptAsync()
    {
        await Task.WhenAny(_begun.Task, _running).ConfigureAwait(false);
        if (_begun.Task.IsCompleted)
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
        _notice = new RetryScheduled { Attempt = Number + 1, Delay = delay, Reason = RetryReason.Of(_failure!) };
        _announced!.TrySetResult();
    }

    public RetryContext Describe(Exception exception) => new()
    {
        Attempt = Number,
        Phase = _shown.Any ? RetryPhase.MidStream : RetryPhase.BeforeContent,
        Exception = exception,
        ShownBlocks = _shown.Indexes,
    };

    /// <summary>Ends the pipeline, wherever it is, and waits until it has ended.</summary>
    public async ValueTask LeaveAsync()
    {
        if (!_running.IsCompleted)
        {
            await _ending.CancelAsync().ConfigureAwait(false);
            _outcome.TrySetResult(null);
        }

        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync(ResiliencePipeline pipeline)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, _ending.Token);
        context.Properties.Set(RetryStrategy.Attempts, this);
        try
        {
            await pipeline.ExecuteAsync(static (context, attempts) => attempts.AttemptAsync(context.CancellationToken), context, this).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask AttemptAsync(CancellationToken token)
    {
        if (_announced?.Task.IsCompleted == false)
        {
            // A pipeline of the application announces nothing.
            Announce(TimeSpan.Zero);
        }

        Number++;
        Token = token;
        var outcome = _outcome.Task;
        _begun.TrySetResult();
        if (await outcome.ConfigureAwait(false) is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }
}
