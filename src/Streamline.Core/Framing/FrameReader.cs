using System.IO.Compression;
using System.IO.Pipelines;
using Streamline.Protocols.Shared;
using Streamline.Sse;

namespace Streamline.Framing;

/// <summary>Reads the frames of one body: <see cref="ReceiveAsync"/>, then <see cref="TryRead"/> until it finds no more.</summary>
/// <remarks>Not thread-safe. The reader owns the body and disposes it.</remarks>
internal abstract class FrameReader : IAsyncDisposable
{
    /// <summary>The most bytes that one read takes from a body: 64 KiB.</summary>
    public const int MaxReadBytes = 64 * 1024;

    /// <summary>The name of the limit on a frame: the name of the option.</summary>
    public const string LimitName = "MaxEventBytes";

    /// <summary>The most bytes of stray text that are kept: 64 KiB.</summary>
    protected const int MaxStrayBytes = 64 * 1024;

    // Nearly all streams of an application have the same limit. Options are never changed, so that two threads may both make them.
    private static SseReaderOptions? _lastOptions;

    /// <summary>Gets how much of the body has been read: to the end of the last frame, or of everything received when there is no further frame in it.</summary>
    public abstract long BytesConsumed { get; }

    /// <summary>Gets how many bytes of the body have been received.</summary>
    public abstract long BytesReceived { get; }

    /// <summary>Gets the text received so far that belongs to no frame, such as an error page or a bare JSON error between events.</summary>
    /// <value>UTF-8; the first 64 KiB of it, lines joined by LF. Empty when there is none. Valid until the reader is used again.</value>
    public abstract ReadOnlySpan<byte> StrayText { get; }

    /// <summary>Gets or sets the body of the HTTP response that is read, to be aborted when it is left before its end.</summary>
    /// <value><see langword="null"/> for a body that is not known to come from <see cref="HttpClient"/>: disposing it is enough.</value>
    public Stream? HttpBody { get; set; }

    /// <summary>Gets or sets a value indicating whether the body is decompressed by <see cref="BrotliStream"/>, which reports corrupt bytes as an <see cref="InvalidOperationException"/>.</summary>
    public bool IsBrotli { get; set; }

    /// <summary>Gets a value indicating whether the body has begun and its format says that it has not ended yet.</summary>
    public virtual bool IsOpen => false;

    /// <summary>Gets the last event id of the body; empty when its format has none.</summary>
    public virtual string LastEventId => "";

    /// <summary>Makes a reader over a stream, which is closed with the reader.</summary>
    /// <param name="format">The format of the body.</param>
    /// <param name="body">The body.</param>
    /// <param name="maxFrameBytes">The most bytes that a frame may have.</param>
    /// <exception cref="ArgumentException">The stream cannot be read.</exception>
    public static FrameReader Create(FrameFormat format, Stream body, int maxFrameBytes)
    {
        if (!body.CanRead)
        {
            throw new ArgumentException("The stream cannot be read.", nameof(body));
        }

        FrameReader reader = format == FrameFormat.Sse
            ? new SseFrameReader(SseReader.Create(body, SseOptions(maxFrameBytes)), pipe: null)
            : new SplitFrameReader(body, FrameSplitter.Create(format, maxFrameBytes));
        reader.HttpBody = ResponseBody.IsOne(body) ? body : null;
        reader.IsBrotli = body is BrotliStream;
        return reader;
    }

    /// <summary>Makes a reader over a pipe, which is completed with the reader.</summary>
    /// <param name="format">The format of the body.</param>
    /// <param name="body">The body.</param>
    /// <param name="maxFrameBytes">The most bytes that a frame may have.</param>
    public static FrameReader Create(FrameFormat format, PipeReader body, int maxFrameBytes) => format == FrameFormat.Sse
        ? new SseFrameReader(new SseReader(body, SseOptions(maxFrameBytes)), body)
        : new SplitFrameReader(body.AsStream(), FrameSplitter.Create(format, maxFrameBytes));

    /// <summary>Reads once from the body. Call it only after <see cref="TryRead"/> has found no frame.</summary>
    /// <param name="maxBytes">The most bytes to read, from 1; never more than <see cref="MaxReadBytes"/> are read.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns><see langword="true"/> when <see cref="TryRead"/> may find a frame; <see langword="false"/> when the body has ended and holds no further frame.</returns>
    /// <remarks>The caller decides after each read whether to continue: bytes that make no frame do not escape its limits and its token.</remarks>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="StreamLimitException">A frame is larger than allowed.</exception>
    /// <exception cref="StreamProtocolException">The bytes do not follow the format.</exception>
    public abstract ValueTask<bool> ReceiveAsync(int maxBytes, CancellationToken cancellationToken);

    /// <summary>Reads the next frame of what was received. It never waits.</summary>
    /// <param name="frame">The frame.</param>
    /// <returns><see langword="false"/> when no whole frame is left.</returns>
    /// <exception cref="StreamLimitException">A frame is larger than allowed.</exception>
    /// <exception cref="StreamProtocolException">The bytes do not follow the format.</exception>
    public abstract bool TryRead(out Frame frame);

    public abstract ValueTask DisposeAsync();

    private static SseReaderOptions SseOptions(int maxFrameBytes)
    {
        var options = _lastOptions;
        return options?.MaxEventBytes == maxFrameBytes ? options : _lastOptions = MakeSseOptions(maxFrameBytes);
    }

    private static SseReaderOptions MakeSseOptions(int maxFrameBytes) => new()
    {
        MaxLineBytes = maxFrameBytes,
        MaxEventBytes = maxFrameBytes,
        LineLimitName = LimitName,
        MaxUnrecognizedBytes = MaxStrayBytes,
        IsWholeAtEnd = WholeJson.IsPayload,
        ReportComments = true,
    };
}
