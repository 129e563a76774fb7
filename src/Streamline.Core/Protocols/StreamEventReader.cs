using System.Runtime.ExceptionServices;
using System.Text;
using Microsoft.Extensions.AI;
using Streamline.Framing;

namespace Streamline.Protocols;

/// <summary>
/// Reads the body of one response: bytes through the frames into the decoder, events out. Written by hand rather than
/// as an async iterator, because nearly every event is there already and then costs no state machine.
/// </summary>
internal sealed class StreamEventReader : FoldedEnumerator
{
    private readonly FrameReader _frames;
    private readonly StreamEventDecoder _decoder;
    private readonly long _maxResponseBytes;
    private readonly CancellationToken _cancellationToken;
    private ExceptionDispatchInfo? _fault;
    private StreamEvent? _current;
    private bool _bodyEnded;

    /// <param name="frames">The frames of the body, disposed with this reader.</param>
    /// <param name="decoder">The decoder of the response.</param>
    /// <param name="options">The limits.</param>
    /// <param name="ofCall">The token of the call.</param>
    /// <param name="ofEnumeration">The token of the enumeration.</param>
    public StreamEventReader(FrameReader frames, StreamEventDecoder decoder, StreamReadOptions options, CancellationToken ofCall, CancellationToken ofEnumeration = default)
        : base(options.MaxRetainedChars, ofCall, ofEnumeration)
    {
        _frames = frames;
        _decoder = decoder;
        _maxResponseBytes = options.MaxResponseBytes;
        _cancellationToken = Token;
    }

    public override StreamEvent Current => _current ?? throw new InvalidOperationException("The enumeration has not begun.");

    /// <summary>Gets a value indicating whether the response or its body has come to its end.</summary>
    public bool IsEnded => _decoder.IsEnded || _bodyEnded;

    protected override ValueTask<bool> MoveCoreAsync() =>
        !_cancellationToken.IsCancellationRequested && TryAdvance() ? new ValueTask<bool>(true) : AdvanceAsync();

    protected override ValueTask DisposeCoreAsync() => _frames.DisposeAsync();

    private async ValueTask<bool> AdvanceAsync()
    {
        try
        {
            do
            {
                _cancellationToken.ThrowIfCancellationRequested();
                _fault?.Throw();
                if (IsEnded)
                {
                    return false;
                }

                if (await _frames.WaitToReadAsync(_cancellationToken).ConfigureAwait(false))
                {
                    CheckLength();
                }
                else
                {
                    EndBody();
                }
            }
            while (!TryAdvance());
            return true;
        }
        catch (Exception exception)
        {
            ExceptionDispatchInfo.Throw(WithContinuation(Translate(exception)));
            throw;
        }
    }

    private bool TryAdvance()
    {
        do
        {
            if (_decoder.TryTake(out var streamEvent))
            {
                _current = streamEvent;
                return true;
            }
        }
        while (_fault is null && !_decoder.IsEnded && TryDecode());
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

            CheckLength();
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

    private void EndBody()
    {
        _bodyEnded = true;
        try
        {
            _decoder.Complete(_frames.BytesConsumed, Encoding.UTF8.GetBytes(_frames.UnrecognizedText));
        }
        catch (Exception exception)
        {
            _fault = ExceptionDispatchInfo.Capture(exception);
        }
    }

    private void CheckLength()
    {
        if (_frames.BytesConsumed > _maxResponseBytes)
        {
            throw new StreamLimitException(nameof(StreamReadOptions.MaxResponseBytes), _maxResponseBytes, _frames.BytesConsumed);
        }
    }

    private Exception Translate(Exception exception) => exception switch
    {
        OperationCanceledException when _cancellationToken.IsCancellationRequested =>
            CallerCancellation.ToException(exception, _cancellationToken),
        OperationCanceledException or IOException or HttpRequestException or InvalidDataException => Interrupted(exception),
        InvalidOperationException and not ObjectDisposedException when _fault is null => Interrupted(exception), // so says BrotliStream that its bytes are spoilt
        _ => exception,
    };

    private StreamInterruptedException Interrupted(Exception exception) =>
        new("The connection broke before the response was complete", _frames.BytesConsumed, exception) { LastEventId = _frames.LastEventId is { Length: > 0 } id ? id : null };

    private Exception WithContinuation(Exception exception)
    {
        if (_current is not null && _decoder.ContinuationToken is { } token)
        {
            PartialResponse.Set(exception, new ChatResponse { ContinuationToken = token });
        }

        return exception;
    }
}
