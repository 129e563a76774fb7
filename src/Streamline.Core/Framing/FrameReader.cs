using System.IO.Pipelines;
using Streamline.Protocols.Shared;
using Streamline.Sse;

namespace Streamline.Framing;

/// <summary>Reads the frames of one body: <see cref="WaitToReadAsync"/>, then <see cref="TryRead"/> until it finds no more.</summary>
/// <remarks>Not thread-safe. The reader owns the body: both end together.</remarks>
internal abstract class FrameReader : IAsyncDisposable
{
    /// <summary>Gets how much of the body has been read: to the end of the last frame, or of everything received when there is no further frame in it.</summary>
    public abstract long BytesConsumed { get; }

    /// <summary>Gets the beginning of what was received and is no frame; empty when there is no such text.</summary>
    public abstract string UnrecognizedText { get; }

    /// <summary>Gets the last event id of the body; empty when its format has none.</summary>
    public virtual string LastEventId => "";

    /// <summary>Makes a reader over a stream, which is closed with the reader.</summary>
    /// <param name="format">The format of the body.</param>
    /// <param name="body">The body.</param>
    /// <param name="maxFrameBytes">The most bytes that a frame may have.</param>
    /// <exception cref="ArgumentException">The stream cannot be read.</exception>
    public static FrameReader Create(FrameFormat format, Stream body, int maxFrameBytes)
    {
        if (format == FrameFormat.Sse)
        {
            return new SseFrameReader(SseReader.Create(body, SseOptions(maxFrameBytes)), pipe: null);
        }

        return body.CanRead
            ? new SplitFrameReader(body, FrameSplitter.Create(format, maxFrameBytes))
            : throw new ArgumentException("The stream cannot be read.", nameof(body));
    }

    /// <summary>Makes a reader over a pipe, which is completed with the reader.</summary>
    /// <param name="format">The format of the body.</param>
    /// <param name="body">The body.</param>
    /// <param name="maxFrameBytes">The most bytes that a frame may have.</param>
    public static FrameReader Create(FrameFormat format, PipeReader body, int maxFrameBytes) => format == FrameFormat.Sse
        ? new SseFrameReader(new SseReader(body, SseOptions(maxFrameBytes)), body)
        : new SplitFrameReader(body.AsStream(), FrameSplitter.Create(format, maxFrameBytes));

    /// <summary>Waits until more of the body has arrived. It is called only after <see cref="TryRead"/> has found no frame.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see langword="false"/> when the body has ended and holds no further frame.</returns>
    /// <exception cref="StreamLimitException">A frame is larger than allowed.</exception>
    /// <exception cref="StreamProtocolException">The bytes do not follow the format.</exception>
    public abstract ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken);

    /// <summary>Reads the next frame of what was received. It never waits.</summary>
    /// <param name="frame">The frame.</param>
    /// <returns><see langword="false"/> when no whole frame is left.</returns>
    /// <exception cref="StreamLimitException">A frame is larger than allowed.</exception>
    /// <exception cref="StreamProtocolException">The bytes do not follow the format.</exception>
    public abstract bool TryRead(out Frame frame);

    public abstract ValueTask DisposeAsync();

    private static SseReaderOptions SseOptions(int maxFrameBytes) => new()
    {
        MaxLineBytes = maxFrameBytes,
        MaxEventBytes = maxFrameBytes,
        ReportComments = true,
    };
}
