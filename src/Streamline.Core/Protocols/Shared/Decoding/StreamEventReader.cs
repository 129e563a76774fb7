using System.IO.Compression;
using System.Runtime.ExceptionServices;
using System.Text;
using Streamline.Framing;

namespace Streamline.Protocols.Shared;

/// <summary>
/// Reads the body of one response: bytes through the frames into the decoder, events out. It is not an async iterator, because nearly every
/// event is available at once and then needs no state machine.
/// </summary>
internal sealed class StreamEventReader : FoldedEnumerator
{
    private const int MaxReadsAtOnce = 16;
    private const string StrayTextName = "unrecognized";

    private readonly FrameReader _frames;
    private readonly StreamEventDecoder _decoder;
    private readonly long _maxResponseBytes;
    private readonly CancellationToken _cancellationToken;
    private ExceptionDispatchInfo? _fault;
    private StreamEvent? _current;
    private ProviderEvent? _stray; // what was found between two frames and belongs to neither
    private int _strayLength;
    private bool _bodyEnded;
    private bool _isReleased;

    /// <summary>Initializes a new instance of the <see cref="StreamEventReader"/> class.</summary>
    /// <param name="frames">The frames of the body, disposed with this reader.</param>
    /// <param name="decoder">The decoder of the response.</param>
    /// <param name="options">The limits.</param>
    /// <param name="ofCall">The token of the call.</param>
    /// <param name="ofEnumeration">The token of the enumeration; either of the two cancels reading.</param>
    public StreamEventReader(
        FrameReader frames, StreamEventDecoder decoder, StreamReadOptions options, CancellationToken ofCall, CancellationToken ofEnumeration = default)
        : base(options.MaxRetainedChars, ofCall, ofEnumeration)
    {
        _frames = frames;
        _decoder = decoder;
        _decoder.MaxEventsPerFrame = options.MaxEventsPerFrame;
        _maxResponseBytes = options.MaxResponseBytes;
        _cancellationToken = Token;
    }

    public override StreamEvent Current => _current ?? throw new InvalidOperationException("The enumeration has not begun.");

    /// <summary>Gets a value indicating whether the response or its body has come to its end.</summary>
    public bool IsEnded => _decoder.IsEnded || _bodyEnded;

    protected override ValueTask<bool> MoveCoreAsync() =>
        !_cancellationToken.IsCancellationRequested && TryAdvance() ? new ValueTask<bool>(true) : AdvanceAsync();

    /// <summary>Closes the body. A response that has not ended is aborted: the server notices at once.</summary>
    protected override async ValueTask DisposeCoreAsync()
    {
        if (_isReleased)
        {
            return;
        }

        _isReleased = true;
        _decoder.Release();
        if (!IsEnded && _frames.HttpBody is { } body)
        {
            await ResponseBody.AbortAsync(body).ConfigureAwait(false);
        }

        await _frames.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<bool> AdvanceAsync()
    {
        try
        {
            var (received, reads) = (_frames.BytesReceived, 0);
            do
            {
                _cancellationToken.ThrowIfCancellationRequested();
                _fault?.Throw();
                if (IsEnded || _isReleased)
                {
                    // Like the end of an async iterator: the connection is free before the enumerator is disposed.
                    await DisposeCoreAsync().ConfigureAwait(false);
                    return false;
                }

                if (_frames.BytesReceived - received >= FrameReader.MaxReadBytes || ++reads > MaxReadsAtOnce)
                {
                    // A body that always has bytes, but no event, must not keep the caller: it could start no timer.
                    await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                    (received, reads) = (_frames.BytesReceived, 1);
                }

                if (_decoder.HasEndMark || !await TryReceiveAsync().ConfigureAwait(false))
                {
                    EndBody();
                }
            }
            while (!TryAdvance());
            return true;
        }
        catch (Exception exception)
        {
            _fault = ExceptionDispatchInfo.Capture(WithContinuation(Translate(exception)));
        }

        // A failure ends the exchange at once, not only when the enumerator is disposed.
        await DisposeCoreAsync().ConfigureAwait(false);
        _fault.Throw();
        return false;
    }

    // A connection that breaks when the answer is whole is as good as one that ends.
    private async ValueTask<bool> TryReceiveAsync()
    {
        try
        {
            return await _frames.ReceiveAsync(GetRoom(), _cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (_decoder.IsAnswerWhole && Translate(exception) is StreamInterruptedException)
        {
            return false;
        }
    }

    private bool TryAdvance()
    {
        do
        {
            if (_stray is not null)
            {
                (_current, _stray) = (_stray, null);
                return true;
            }

            if (_decoder.TryTake(out var streamEvent))
            {
                _current = streamEvent;
                return true;
            }
        }
        while (_fault is null && !_decoder.IsEnded && !_decoder.HasEndMark && TryDecode());
        return false;
    }

    private bool TryDecode()
    {
        try
        {
            if (!_frames.TryRead(out var frame))
            {
                return false;
            }

            ThrowIfTooLong(_frames.BytesConsumed);
            if (_frames.StrayText.Length > _strayLength)
            {
                NoteStrayText();
            }

            switch (frame.Kind)
            {
                case FrameKind.KeepAlive:
                    _decoder.DecodeKeepAlive();
                    break;
                case FrameKind.Error:
                    _decoder.DecodeError(frame.Name, frame.Data, frame.Offset);
                    break;
                default:
                    _decoder.Decode(frame.Name, frame.Data, frame.Offset);
                    break;
            }
        }
        catch (Exception exception)
        {
            // What was decoded before the fault is delivered first.
            _fault = ExceptionDispatchInfo.Capture(exception);
        }

        return true;
    }

    // A response that continues after bytes that mean nothing may lack what they were: that is told, where the gap is.
    private void NoteStrayText()
    {
        var text = _frames.StrayText;
        _stray = new ProviderEvent { Name = StrayTextName, Data = Encoding.UTF8.GetString(text[_strayLength..]).TrimStart('\n') };
        _strayLength = text.Length;
    }

    private void EndBody()
    {
        _bodyEnded = true;
        try
        {
            _decoder.IsBodyOpen = _frames.IsOpen;
            _decoder.Complete(_frames.BytesConsumed, _frames.StrayText);
        }
        catch (Exception exception)
        {
            _fault = ExceptionDispatchInfo.Capture(exception);
        }
    }

    /// <summary>
    /// Gets how much to read next: never more than one byte past the limit, so that the frames within the limit are delivered first, however the
    /// bytes are split.
    /// </summary>
    private int GetRoom()
    {
        var received = _frames.BytesReceived;
        ThrowIfTooLong(received);
        return (int)Math.Min(_maxResponseBytes - received, FrameReader.MaxReadBytes - 1) + 1;
    }

    private void ThrowIfTooLong(long length)
    {
        if (length > _maxResponseBytes)
        {
            throw new StreamLimitException(nameof(StreamReadOptions.MaxResponseBytes), _maxResponseBytes, length);
        }
    }

    private Exception Translate(Exception exception) => exception switch
    {
        OperationCanceledException when _cancellationToken.IsCancellationRequested =>
            CallerCancellation.ToException(exception, _cancellationToken),
        OperationCanceledException or IOException or HttpRequestException or InvalidDataException => Interrupted(exception),
        InvalidOperationException and not ObjectDisposedException when _fault is null && IsOfBrotli(exception) => Interrupted(exception),
        _ => exception,
    };

    // BrotliStream reports corrupt bytes this way. Content of HTTP wraps it, and its type does not show; then the source of the exception does.
    private bool IsOfBrotli(Exception exception) =>
        _frames.IsBrotli || string.Equals(exception.Source, typeof(BrotliStream).Assembly.GetName().Name, StringComparison.Ordinal);

    private StreamInterruptedException Interrupted(Exception exception) =>
        new("The connection broke before the response was complete", _frames.BytesConsumed, exception) { LastEventId = _frames.LastEventId is { Length: > 0 } id ? id : null };

    private Exception WithContinuation(Exception exception)
    {
        if (_decoder.ContinuationToken is { } token)
        {
            PartialResponse.Set(exception, new ChatResponse { ContinuationToken = new ResumptionToken(token.ToBytes(), _decoder, _current) });
        }

        return exception;
    }
}
