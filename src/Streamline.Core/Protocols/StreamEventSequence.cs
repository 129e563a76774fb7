using Streamline.Framing;

namespace Streamline.Protocols;

/// <summary>The events of a body. They can be enumerated once; the enumerator is the reader itself.</summary>
internal sealed class StreamEventSequence(
    StreamProtocol protocol, FrameReader frames, StreamReadOptions options, CancellationToken cancellationToken) : IAsyncEnumerable<StreamEvent>, IFoldedStream
{
    private int _enumerated;

    public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken enumerationToken = default) =>
        Interlocked.Exchange(ref _enumerated, 1) == 0
            ? new StreamEventReader(frames, protocol.CreateDecoder(options, requestId: null), options, cancellationToken, enumerationToken)
            : throw new InvalidOperationException("The body of a response can be enumerated once.");
}
