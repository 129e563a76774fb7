using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using Streamline.Protocols.Shared;

namespace Streamline.Sse;

/// <summary>Reads server-sent events from a pipe or a stream: <see cref="WaitToReadAsync"/>, then <see cref="TryRead"/> until it finds no more.</summary>
/// <remarks>
/// <para>
/// Follows the WHATWG HTML specification, section "Server-sent events". Once its buffers have grown to the stream's events, reading allocates nothing.
/// Everything received is taken from the pipe at once, and an unfinished event is kept by the reader, so that a long event never stalls a bounded pipe.
/// </para>
/// <para>Not thread-safe: one consumer at a time. A stream is read once.</para>
/// </remarks>
public sealed class SseReader : IDisposable, IAsyncDisposable
{
    private readonly SseEventParser _parser;
    private readonly SseFeed _feed;
    private int _isEnumerated;
    private SseEventTypeTable? _eventTypes;

    /// <summary>Initializes a new instance of the <see cref="SseReader"/> class over a pipe.</summary>
    /// <param name="pipe">The pipe with the bytes of the stream. It stays the caller's: the reader never completes it, and no one else may read it meanwhile.</param>
    /// <param name="options">How to read, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="pipe"/> is <see langword="null"/>.</exception>
    public SseReader(PipeReader pipe, SseReaderOptions? options = null)
        : this(new SsePipeSource(pipe ?? throw new ArgumentNullException(nameof(pipe))), options)
    {
    }

    private SseReader(SseSource source, SseReaderOptions? options)
    {
        _parser = new SseEventParser(options ?? new SseReaderOptions());
        _feed = new SseFeed(source, _parser, this);
    }

    /// <summary>Gets the last event id of the stream, as of the last blank line read; empty when there is none.</summary>
    public string LastEventId => _parser.LastEventId;

    /// <summary>Gets how long the server asks a client to wait before it connects again.</summary>
    /// <value><see langword="null"/> until the server says so. A longer time than <see cref="int.MaxValue"/> milliseconds counts as that.</value>
    public TimeSpan? ReconnectionInterval => _parser.ReconnectionInterval;

    /// <summary>Gets the lines read so far that are neither fields nor comments, joined by LF.</summary>
    /// <value>At most <see cref="SseReaderOptions.MaxUnrecognizedBytes"/>, the first ones; empty when there are none.</value>
    /// <remarks>Some servers answer with bare JSON in place of an event when they fail; the specification has clients ignore it.</remarks>
    public string UnrecognizedText => _parser.UnrecognizedText;

    /// <summary>Gets the lines of <see cref="UnrecognizedText"/> as UTF-8. They are valid until the reader is used again.</summary>
    internal ReadOnlySpan<byte> UnrecognizedBytes => _parser.UnrecognizedBytes;

    /// <summary>Gets how much of the stream has been read: to the end of the last event, or of everything received when there is no further event in it.</summary>
    /// <value>Bytes.</value>
    public long BytesConsumed => _parser.BytesConsumed;

    /// <summary>Gets how many bytes the source has given.</summary>
    internal long BytesReceived => _feed.BytesReceived;

    /// <summary>Creates a reader over a stream.</summary>
    /// <param name="stream">A readable stream with the bytes of the events.</param>
    /// <param name="options">How to read, or <see langword="null"/> for the defaults.</param>
    /// <param name="leaveOpen">Whether <paramref name="stream"/> stays open when the reader is disposed. What was received, but not read as events, is lost then.</param>
    /// <returns>A reader, which the caller disposes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="stream"/> cannot be read.</exception>
    public static SseReader Create(Stream stream, SseReaderOptions? options = null, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.CanRead
            ? new SseReader(new SseStreamSource(stream, leaveOpen), options)
            : throw new ArgumentException("The stream cannot be read.", nameof(stream));
    }

    /// <summary>Waits until an event can be read.</summary>
    /// <param name="cancellationToken">
    /// Ends the wait. Over a pipe nothing is lost, and the reader can wait again. Over a stream that is so when the stream can be read on after a cancelled
    /// read; that of an HTTP response, for one, cannot: the exchange is over.
    /// </param>
    /// <returns><see langword="true"/> when <see cref="TryRead"/> will find an event; <see langword="false"/> when the stream has ended.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the pipe's pending read was.</exception>
    /// <exception cref="StreamLimitException">A line or an event is larger than the options allow. The reader cannot continue after it.</exception>
    /// <exception cref="InvalidOperationException">Another wait is under way.</exception>
    /// <exception cref="ObjectDisposedException">The reader is disposed.</exception>
    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => _feed.WaitAsync(maxBytes: null, cancellationToken);

    /// <summary>Reads once from the source. Call it only after <see cref="TryRead"/> has found no event.</summary>
    /// <param name="maxBytes">The most bytes to read; at least 1.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns><see langword="true"/> when <see cref="TryRead"/> may find an event; <see langword="false"/> when the stream has ended and holds no further event.</returns>
    internal ValueTask<bool> ReceiveAsync(int maxBytes, CancellationToken cancellationToken) => _feed.WaitAsync(Math.Min(maxBytes, SseFeed.MaxReadBytes), cancellationToken);

    /// <summary>Reads the next event of those received. It never waits.</summary>
    /// <param name="sseEvent">The event; its spans are valid until the next call of this method or <see cref="WaitToReadAsync"/>.</param>
    /// <returns><see langword="false"/> when no whole event is left; <see cref="WaitToReadAsync"/> fetches more.</returns>
    /// <exception cref="StreamLimitException">A line or an event is larger than the options allow. The reader cannot continue after it.</exception>
    /// <exception cref="ObjectDisposedException">The reader is disposed.</exception>
    public bool TryRead(out SseEvent sseEvent)
    {
        if (!_feed.TryMoveNext())
        {
            sseEvent = default;
            return false;
        }

        sseEvent = _parser.Current;
        return true;
    }

    /// <summary>Reads the rest of the stream as strings.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The events, to be enumerated once. Breaking off leaves the reader where it is, for its owner to dispose.</returns>
    /// <exception cref="InvalidOperationException">On enumeration: the events have been enumerated before.</exception>
    public IAsyncEnumerable<SseItem> ReadAllAsync(CancellationToken cancellationToken = default)
    {
        _feed.ThrowIfDisposed();
        return CallersTokens.Restore(ReadAllCoreAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Returns the buffers. A pipe of the caller stays open after the last event read; a stream is closed unless <c>leaveOpen</c> was set.</summary>
    /// <remarks>
    /// <para>A wait that is under way ends with <see cref="ObjectDisposedException"/>, and the buffers are given back when it has ended.</para>
    /// <para>
    /// Only what the pipe gave last can be left to it: of an event that was begun before that, and not finished, the beginning is gone. At the end of the
    /// stream nothing is left.
    /// </para>
    /// </remarks>
    public void Dispose() => _feed.Dispose();

    /// <inheritdoc cref="Dispose"/>
    /// <returns>A task that completes when the stream is closed; while a wait is under way, at once, and that wait closes it.</returns>
    public ValueTask DisposeAsync() => _feed.DisposeAsync();

    private async IAsyncEnumerable<SseItem> ReadAllCoreAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isEnumerated, 1) != 0)
        {
            throw new InvalidOperationException("The events of this reader can be enumerated once.");
        }

        _eventTypes = new SseEventTypeTable();
        while (await WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (TryReadItem(out var item))
            {
                yield return item;
            }
        }
    }

    private bool TryReadItem([NotNullWhen(true)] out SseItem? item)
    {
        if (!TryRead(out var e))
        {
            item = null;
            return false;
        }

        var eventType = e.Kind == SseEventKind.Message ? _eventTypes!.GetString(e.EventType) : "";
        item = new SseItem(eventType, Encoding.UTF8.GetString(e.Data), _parser.LastEventId, e.Kind);
        return true;
    }
}
