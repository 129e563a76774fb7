using System.Runtime.ExceptionServices;

namespace Streamline.Testing;

/// <summary>Takes the steps of a body as its one reader asks for chunks.</summary>
internal sealed class ReplyBody(IEnumerable<BodyStep> steps, ScriptedExchange exchange, TimeProvider timeProvider) : IDisposable
{
    private readonly IEnumerator<BodyStep> _steps = steps.GetEnumerator();
    private readonly CancellationTokenSource _closing = new();
    private ExceptionDispatchInfo? _failure;
    private int _isReading;
    private int _isClosed;
    private bool _isEnded;

    /// <summary>Gets the next chunk; empty at the end of the body. It is valid until the next one is asked for.</summary>
    /// <exception cref="HttpIOException">The plan breaks the connection here.</exception>
    /// <exception cref="ObjectDisposedException">The body was closed.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        _failure?.Throw();
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isClosed) != 0, typeof(Stream));
        Volatile.Write(ref _isReading, 1);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return await NextAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // A connection on which reading has failed, or was cancelled, gives nothing more.
            _failure = ExceptionDispatchInfo.Capture(exception);
            throw;
        }
        finally
        {
            Volatile.Write(ref _isReading, 0);
        }
    }

    /// <summary>Closes the body; a reader that waits fails.</summary>
    /// <returns>Whether every chunk had been asked for, so that a reader who did not ask for the end as well has missed nothing.</returns>
    /// <exception cref="InvalidOperationException">Looking for the end showed that the plan cannot be kept.</exception>
    public bool Close()
    {
        if (!Shut())
        {
            return _isEnded;
        }

        using (_steps)
        {
            return _failure is null && (_isEnded || !_steps.MoveNext() || _steps.Current.Kind == BodyStepKind.End);
        }
    }

    /// <summary>Closes the body when whether it was read to its end is of no interest.</summary>
    public void Dispose()
    {
        if (Shut())
        {
            _steps.Dispose();
        }
    }

    /// <summary>Lets no more reads begin.</summary>
    /// <returns>Whether the steps may be touched: this was the first call, and no reader is at them.</returns>
    private bool Shut()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
        {
            return false;
        }

        if (Volatile.Read(ref _isReading) != 0)
        {
            _closing.Cancel();
            return false;
        }

        _closing.Dispose();
        return true;
    }

    private async ValueTask<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancellationToken)
    {
        while (!_isEnded && _steps.MoveNext())
        {
            var step = _steps.Current;
            switch (step.Kind)
            {
                case BodyStepKind.Write when step.Bytes.IsEmpty:
                    break;
                case BodyStepKind.Write:
                    return step.Bytes;
                case BodyStepKind.End:
                    _isEnded = true;
                    break;
                case BodyStepKind.Abort:
                    throw PreparedReply.ConnectionBroken();
                default:
                    await WaitAsync(step, cancellationToken).ConfigureAwait(false);
                    break;
            }
        }

        _isEnded = true;
        return default;
    }

    private async Task WaitAsync(BodyStep step, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        try
        {
            await (step.Kind == BodyStepKind.Stall
                ? exchange.StallAsync(either.Token)
                : Task.Delay(step.Duration, timeProvider, either.Token)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            throw new ObjectDisposedException(nameof(Stream), "The response was disposed while its body was being read.");
        }
    }
}
