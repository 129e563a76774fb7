using System.Runtime.CompilerServices;

namespace Streamline.Tools;

/// <summary>One round: merges the events of a response with those of its tools, and ends when the response and the tools have ended.</summary>
/// <remarks>
/// The consumer pulls. While tools run, a read of the response may be pending across several events of theirs, and is never waited for alone; leaving
/// at such a moment cancels it and waits until it has ended.
/// </remarks>
internal sealed class ToolRound(IAsyncEnumerable<StreamEvent> response, ToolLedger ledger, ToolAnswers answers, CancellationTokenSource stop)
{
    private readonly IAsyncEnumerator<StreamEvent> _response = StreamFold.GetUnfoldedEnumerator(response, CancellationToken.None);
    private Task<bool>? _pendingRead;

    private enum Next
    {
        ToolEvents,
        ResponseEvent,
        EndOfResponse,
    }

    public async IAsyncEnumerable<StreamEvent> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isOver = false;
        try
        {
            for (var next = Next.ToolEvents; next != Next.EndOfResponse;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                next = await ReadAsync(cancellationToken).ConfigureAwait(false);
                if (next == Next.ResponseEvent && _response.Current is not StreamRestarted)
                {
                    ledger.Observe(_response.Current);
                    yield return _response.Current;
                }

                while (answers.TryTake(out var toolEvent))
                {
                    yield return toolEvent;
                }

                if (next == Next.ResponseEvent && _response.Current is StreamRestarted)
                {
                    // Only now, so that no event of a void call follows the notice that it is void.
                    ledger.Restart();
                    yield return _response.Current;
                }
            }

            ledger.End();
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                while (answers.TryTake(out var toolEvent))
                {
                    yield return toolEvent;
                }

                if (!ledger.IsWaiting)
                {
                    break;
                }

                await answers.WaitAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            isOver = true;
        }
        finally
        {
            await LeaveAsync(isOver).ConfigureAwait(false);
        }
    }

    // Pooled, because it is awaited for every event of a response.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Next> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_pendingRead is null)
            {
                var read = _response.MoveNextAsync();
                if (read.IsCompleted || !ledger.IsWaiting)
                {
                    return await read.ConfigureAwait(false) ? Next.ResponseEvent : Next.EndOfResponse;
                }

                _pendingRead = read.AsTask();
            }

            await Task.WhenAny(_pendingRead, answers.WaitAsync()).ConfigureAwait(false);
            if (!_pendingRead.IsCompleted)
            {
                return Next.ToolEvents;
            }

            var finished = _pendingRead;
            _pendingRead = null;
            return await finished.ConfigureAwait(false) ? Next.ResponseEvent : Next.EndOfResponse;
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            // The response knows only the token that also stops the tools.
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
    }

    private async ValueTask LeaveAsync(bool isOver)
    {
        if (!isOver)
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }

        if (_pendingRead is not null)
        {
            await ((Task)_pendingRead).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _response.DisposeAsync().ConfigureAwait(false);
    }
}
