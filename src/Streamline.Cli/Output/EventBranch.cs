using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Streamline.Cli.Output;

/// <summary>A second reader of one stream. It lags by a bounded number of events at most.</summary>
internal sealed class EventBranch
{
    private const int MaxBehind = 256;

    private readonly Channel<StreamEvent> _events = Channel.CreateBounded<StreamEvent>(MaxBehind);

    /// <summary>Reads what the first reader reads; fails as it does.</summary>
    public IAsyncEnumerable<StreamEvent> ReadAllAsync() => _events.Reader.ReadAllAsync();

    /// <summary>Passes the events on to the first reader.</summary>
    /// <param name="events">The stream.</param>
    /// <param name="second">The work of the second reader: when it fails, the stream ends with its failure.</param>
    /// <param name="cancellationToken">Cancels the stream.</param>
    public async IAsyncEnumerable<StreamEvent> CopyAsync(IAsyncEnumerable<StreamEvent> events, Task second, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var failure = new StreamClosedException();
        try
        {
            var enumerator = events.GetAsyncEnumerator(cancellationToken);
            await using (enumerator.ConfigureAwait(false))
            {
                while (await MoveNextAsync(enumerator).ConfigureAwait(false))
                {
                    if (!_events.Writer.TryWrite(enumerator.Current))
                    {
                        await Task.WhenAny(second, _events.Writer.WriteAsync(enumerator.Current, cancellationToken).AsTask()).ConfigureAwait(false);
                    }

                    if (second.IsFaulted)
                    {
                        await second.ConfigureAwait(false);
                    }

                    yield return enumerator.Current;
                }
            }

            failure = null;
        }
        finally
        {
            _events.Writer.TryComplete(failure);
        }
    }

    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<StreamEvent> enumerator)
    {
        try
        {
            return await enumerator.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _events.Writer.TryComplete(exception);
            throw;
        }
    }

    /// <summary>The first reader left before the end.</summary>
    private sealed class StreamClosedException() : Exception("The stream was left before its end.");
}
