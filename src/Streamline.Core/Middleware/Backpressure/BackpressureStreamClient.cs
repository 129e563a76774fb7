using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Streamline;

/// <summary>Puts a bounded buffer between a stream and its consumer; see <see cref="BackpressureOptions"/>.</summary>
internal sealed class BackpressureStreamClient(IStreamClient inner, BackpressureOptions options) : DelegatingStreamClient(inner)
{
    public override IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StreamCoreAsync(request, cancellationToken);
    }

    private async IAsyncEnumerable<StreamEvent> StreamCoreAsync(StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new EventBuffer(options);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var closing = leaving.Token.UnsafeRegister(static state => ((EventBuffer)state!).Close(), buffer);
        var producing = Task.Run(() => ProduceAsync(request, buffer, leaving.Token), CancellationToken.None);
        Exception? failure;
        try
        {
            while (await buffer.WaitToReadAsync().ConfigureAwait(false))
            {
                while (!cancellationToken.IsCancellationRequested && buffer.TryRead(out var streamEvent))
                {
                    yield return streamEvent;
                }

                if (cancellationToken.IsCancellationRequested)
                {
                    break;
                }
            }
        }
        finally
        {
            await leaving.CancelAsync().ConfigureAwait(false);
            failure = await producing.ConfigureAwait(false);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            throw CallerCancellation.ToException(failure, cancellationToken);
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Reads the stream into the buffer, and gives the exception that ended it.</summary>
    private async Task<Exception?> ProduceAsync(StreamRequest request, EventBuffer buffer, CancellationToken cancellationToken)
    {
        try
        {
            var isRead = true;
            await foreach (var streamEvent in Inner.StreamAsync(request, cancellationToken).WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                // Left only at the next event, so that a cancelled stream can throw, with what had arrived of its response.
                if (!isRead)
                {
                    break;
                }

                isRead = await buffer.WriteAsync(streamEvent).ConfigureAwait(false);
            }

            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
        finally
        {
            buffer.Complete();
        }
    }
}
