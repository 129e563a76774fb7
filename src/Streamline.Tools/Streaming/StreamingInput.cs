using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.AI;
using Streamline.Json;

namespace Streamline.Tools;

/// <summary>Passes growing arguments to one call of a streaming tool, at the tool's own pace, and ends it by a commit or a rollback.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and no parent, so nothing needs to be released.")]
internal sealed class StreamingInput(StreamingToolCall call, Action<Exception> onRollbackFailed)
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private PartialJsonElement? _latest;
    private Task _pump = Task.CompletedTask;
    private bool _isPumping;
    private Exception? _failure;
    private State _state;
    private Task? _rollback;

    private enum State
    {
        Growing,
        Committing,
        Committed,
        RolledBack,
    }

    /// <summary>Offers the newest state of the arguments. Never waits; a state that the tool has not taken yet is replaced.</summary>
    public void Offer(PartialJsonElement input)
    {
        lock (_lock)
        {
            _latest = input;
            if (!_isPumping)
            {
                _isPumping = true;
                _pump = Task.Run(PumpAsync);
            }
        }
    }

    public async ValueTask<object?> CommitAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        Task pump;
        lock (_lock)
        {
            if (_state != State.Growing)
            {
                throw new InvalidOperationException("The call was rolled back already.");
            }

            _state = State.Committing;
            pump = _pump;
        }

        try
        {
            await pump.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (_failure is { } failure)
            {
                ExceptionDispatchInfo.Throw(failure);
            }

            var result = await call.CommitAsync(arguments, cancellationToken).ConfigureAwait(false);
            lock (_lock)
            {
                _state = State.Committed;
            }

            return result;
        }
        catch (Exception)
        {
            await RollBackAsync().ConfigureAwait(false); // so that nothing is left when the model reads the error
            throw;
        }
    }

    /// <summary>Rolls back, unless the call was committed. The task never fails.</summary>
    public Task RollBackAsync()
    {
        lock (_lock)
        {
            if (_state == State.Committed)
            {
                return Task.CompletedTask;
            }

            _state = State.RolledBack;
            return _rollback ??= Task.Run(RollBackCoreAsync);
        }
    }

    private async Task PumpAsync()
    {
        while (true)
        {
            PartialJsonElement input;
            lock (_lock)
            {
                if (_latest is not { } latest || _state != State.Growing)
                {
                    _isPumping = false;
                    return;
                }

                input = latest;
                _latest = null;
            }

            try
            {
                await call.OnInputAsync(input, _stop.Token).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                lock (_lock)
                {
                    _failure = exception;
                }

                return; // and never pumps again
            }
        }
    }

    private async Task RollBackCoreAsync()
    {
        try
        {
            await _stop.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _pump.ConfigureAwait(false);
            await call.RollBackAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            onRollbackFailed(exception);
        }
    }
}
