using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Microsoft.Extensions.AI;
using Polly;

namespace Streamline;

/// <summary>One enumeration with all its attempts, of which at most one is open at a time.</summary>
internal sealed class RetryRun(
    IStreamClient inner, StreamRequest request, RetryOptions options, ResiliencePipeline pipeline, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly List<StreamEvent> _held = [];
    private readonly ShownBlocks _shown = new();
    private IAsyncEnumerator<StreamEvent>? _events;
    private Channel<StreamEvent> _notices = null!;
    private Task _opening = Task.CompletedTask;
    private Exception? _failure;
    private ChatResponse? _shownResponse;

    /// <summary>How many attempts have begun.</summary>
    public int Attempts { get; private set; }

    /// <summary>Whether what was shown is broken, and stands only until another attempt gets to its first content.</summary>
    public bool IsBroken => _failure is not null;

    /// <summary>The event that <see cref="MoveNextAsync"/> has moved to.</summary>
    public StreamEvent Current => _events!.Current;

    /// <summary>Starts to make attempts until one gets to its first content, and gives the notices to show meanwhile.</summary>
    public ChannelReader<StreamEvent> Open()
    {
        // With room for one notice, the attempts do not run ahead of a consumer that has stopped reading.
        _notices = Channel.CreateBounded<StreamEvent>(new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true });
        _opening = OpenAsync();
        return _notices.Reader;
    }

    /// <summary>Gives the events that were held back, the first content last, led by the notice that takes back what is broken.</summary>
    public async ValueTask<IEnumerable<StreamEvent>> OpenedAsync()
    {
        try
        {
            await _opening.ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw Reported(CallerCancellation.ToException(exception, cancellationToken));
        }
        catch (StreamlineException exception)
        {
            Reported(exception);
            throw;
        }

        if (_failure is null)
        {
            return _held;
        }

        var restarted = new StreamRestarted { Attempt = Attempts, Reason = RetryReason.Of(_failure), Discarded = _shown.TakeIndexes() };
        _failure = null;
        return _held.Prepend(restarted);
    }

    /// <summary>Moves the open attempt on. False when it has ended, and when it <see cref="IsBroken"/>.</summary>
    public ValueTask<bool> MoveNextAsync()
    {
        ValueTask<bool> next;
        try
        {
            next = _events!.MoveNextAsync();
        }
        catch (Exception exception)
        {
            next = ValueTask.FromException<bool>(exception);
        }

        // An event that is there already costs no state machine.
        return next.IsCompletedSuccessfully ? next : AwaitAsync(next);
    }

    /// <summary>Notes that the consumer is about to see an event.</summary>
    public StreamEvent Show(StreamEvent streamEvent)
    {
        _shown.Add(streamEvent);
        return streamEvent;
    }

    /// <summary>Tells whether another attempt may follow a failure, by its kind, the budget and what was shown.</summary>
    public bool MayRetry(Exception exception) =>
        Attempts < options.MaxAttempts
        && !_shown.IsFinal
        && !cancellationToken.IsCancellationRequested
        && (exception is not ProviderException { RetryAfter: { } hint } || hint <= options.MaxRetryAfter)
        && options.ShouldHandle(exception);

    /// <summary>Leaves the failed attempt, and shows that another one follows after a delay.</summary>
    public async ValueTask AnnounceAsync(Exception exception, TimeSpan delay)
    {
        await CloseAsync().ConfigureAwait(false);
        var notice = new RetryScheduled { Attempt = Attempts + 1, Delay = delay, Reason = RetryReason.Of(exception) };
        await _notices.Writer.WriteAsync(notice, _ending.Token).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CloseAsync().ConfigureAwait(false);
        _ending.Dispose();
    }

    // Pooled, because it suspends once per event that has to be waited for.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> AwaitAsync(ValueTask<bool> next)
    {
        try
        {
            return await next.ConfigureAwait(false);
        }
        catch (Exception exception) when (options.MidStream == MidStreamPolicy.Restart && MayRetry(exception))
        {
            _failure = exception;
            _shownResponse = exception.GetPartialResponse();
            return false;
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw CallerCancellation.ToException(exception, cancellationToken);
        }
        catch (StreamlineException exception)
        {
            Reported(exception);
            throw;
        }
    }

    private async Task OpenAsync()
    {
        // What broke in the middle stands for the first try of this execution, so that one policy serves both phases.
        var broken = _failure;
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, _ending.Token);
        context.Properties.Set(RetryPipeline.Run, this);
        try
        {
            await pipeline.ExecuteAsync(
                _ =>
                {
                    if (Interlocked.Exchange(ref broken, null) is { } failure)
                    {
                        ExceptionDispatchInfo.Throw(failure);
                    }

                    return AttemptAsync();
                },
                context).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
            _notices.Writer.Complete();
        }
    }

    private async ValueTask AttemptAsync()
    {
        _held.Clear();
        Attempts++;
        _events = inner.StreamAsync(request, _ending.Token).GetAsyncEnumerator(_ending.Token);
        while (await _events.MoveNextAsync().ConfigureAwait(false))
        {
            if (_events.Current is KeepAlive or RetryScheduled)
            {
                await _notices.Writer.WriteAsync(_events.Current, _ending.Token).ConfigureAwait(false);
                continue;
            }

            _held.Add(_events.Current);
            if (_events.Current.IsContent || _held.Count == options.MaxHeldEvents)
            {
                return;
            }
        }
    }

    private Exception Reported(Exception exception)
    {
        if (IsBroken)
        {
            // The last attempt showed nothing, so the consumer still has what the one before it showed.
            exception.SetPartialResponse(_shownResponse);
        }

        if (exception is StreamlineException streamline)
        {
            streamline.Attempts = Attempts;
        }

        return exception;
    }

    private ValueTask CloseAsync()
    {
        var events = _events;
        _events = null;
        return events?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
