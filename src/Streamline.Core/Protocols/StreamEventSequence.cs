using Streamline.Framing;

namespace Streamline.Protocols;

/// <summary>A body that can be enumerated once, with the token of the call and the token of the enumeration together.</summary>
internal sealed class StreamEventSequence(
    StreamProtocol protocol, FrameReader frames, StreamReadOptions options, CancellationToken cancellationToken) : IAsyncEnumerable<StreamEvent>, IFoldedStream
{
    private int _enumerated;

    public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken enumerationToken = default)
    {
        if (Interlocked.Exchange(ref _enumerated, 1) != 0)
        {
            throw new InvalidOperationException("The body of a response can be enumerated once.");
        }

        return new StreamEventReader(frames, protocol.CreateDecoder(options, requestId: null), options, cancellationToken, enumerationToken);
    }
}
