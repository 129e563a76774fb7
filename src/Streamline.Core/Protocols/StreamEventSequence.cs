using Streamline.Framing;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols;

/// <summary>A body that can be enumerated once, with the token of the call and the token of the enumeration together.</summary>
internal sealed class StreamEventSequence(
    StreamProtocol protocol, FrameReader frames, StreamReadOptions options, CancellationToken cancellationToken) : IAsyncEnumerable<StreamEvent>
{
    private int _enumerated;

    public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken enumerationToken = default)
    {
        if (Interlocked.Exchange(ref _enumerated, 1) != 0)
        {
            throw new InvalidOperationException("The body of a response can be enumerated once.");
        }

        var decoder = protocol.CreateDecoder(options, requestId: null);
        return cancellationToken.CanBeCanceled && enumerationToken.CanBeCanceled && cancellationToken != enumerationToken
            ? Link(decoder, enumerationToken)
            : new StreamEventReader(frames, decoder, options, cancellationToken.CanBeCanceled ? cancellationToken : enumerationToken);
    }

    private async IAsyncEnumerator<StreamEvent> Link(StreamEventDecoder decoder, CancellationToken enumerationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, enumerationToken);
        var reader = new StreamEventReader(frames, decoder, options, linked.Token);
        await using (reader.ConfigureAwait(false))
        {
            while (await MoveNextAsync(reader, enumerationToken).ConfigureAwait(false))
            {
                yield return reader.Current;
            }
        }
    }

    private async ValueTask<bool> MoveNextAsync(StreamEventReader reader, CancellationToken enumerationToken)
    {
        try
        {
            return await reader.MoveNextAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
        {
            throw CallerCancellation.ToException(exception, cancellationToken.IsCancellationRequested ? cancellationToken : enumerationToken);
        }
    }
}
