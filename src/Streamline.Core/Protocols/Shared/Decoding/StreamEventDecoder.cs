using System.Diagnostics.CodeAnalysis;

namespace Streamline.Protocols.Shared;

/// <summary>
/// Turns the frames of one response into events. A pure state machine: frames in, events out; it knows neither streams nor
/// time. What one frame yields is queued, so that nothing decoded before a fault is lost.
/// </summary>
internal abstract class StreamEventDecoder
{
    // What the last frame yielded, in order: nearly every frame yields one event, which spares the queue.
    private Queue<StreamEvent>? _others;
    private StreamEvent? _next;

    /// <summary>Gets or sets the most events that one frame may yield.</summary>
    public int MaxEventsPerFrame { get; set; } = int.MaxValue;

    /// <summary>Gets a value indicating whether the terminal event was seen. No frame may be decoded after it.</summary>
    public bool IsEnded { get; protected set; }

    /// <summary>Gets a value indicating whether the provider has marked the end of the stream, as by <c>[DONE]</c>. No frame may be decoded after it; what the end means is decided by <see cref="Complete"/>.</summary>
    public bool HasEndMark { get; protected set; }

    /// <summary>Gets or sets a value indicating whether the body has ended before its format says so. To be set before <see cref="Complete"/>.</summary>
    public bool IsBodyOpen { get; set; }

    /// <summary>Gets a value indicating whether the provider has said that the answer is whole, so that a connection that breaks now loses nothing of it.</summary>
    public virtual bool IsAnswerWhole => false;

    /// <summary>Gets what a request must contain to resume the response after what was decoded; <see langword="null"/> when that is not possible.</summary>
    public virtual ResponseContinuationToken? ContinuationToken => null;

    /// <summary>Decodes one frame.</summary>
    /// <param name="eventType">The name of the frame in UTF-8; empty when it has none.</param>
    /// <param name="data">The payload in UTF-8. It is not kept.</param>
    /// <param name="byteOffset">The offset of the payload in the stream, for messages.</param>
    /// <exception cref="StreamProtocolException">The payload is malformed.</exception>
    /// <exception cref="ProviderException">The payload is an error of the provider.</exception>
    /// <exception cref="StreamLimitException">A limit was passed.</exception>
    public abstract void Decode(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, long byteOffset);

    /// <summary>Decodes a frame that is an error by its framing. On protocols whose framing has none, it is as any other frame.</summary>
    /// <param name="code">The code or type of the error in UTF-8.</param>
    /// <param name="data">The payload in UTF-8, or the words of the error. It is not kept.</param>
    /// <param name="byteOffset">The offset of the payload in the stream, for messages.</param>
    /// <exception cref="ProviderException">The error.</exception>
    public virtual void DecodeError(ReadOnlySpan<byte> code, ReadOnlySpan<byte> data, long byteOffset) => Decode(code, data, byteOffset);

    /// <summary>Says that the body has ended. A protocol that does not demand a terminal frame ends its response here.</summary>
    /// <param name="bytesReceived">The length of the body in bytes.</param>
    /// <param name="unrecognizedText">The first text of the body that was not a frame; empty if there was none.</param>
    /// <exception cref="StreamInterruptedException">The response is not complete.</exception>
    /// <exception cref="ProviderException">The text is an error of the provider.</exception>
    public abstract void Complete(long bytesReceived, ReadOnlySpan<byte> unrecognizedText);

    /// <summary>Says that the provider showed by a comment that the connection lives.</summary>
    public void DecodeKeepAlive() => Emit(KeepAlive.Instance);

    /// <summary>Continues with another body, which holds the events after the last that was decoded. The state of the response is kept.</summary>
    public virtual void Resume() => HasEndMark = false;

    /// <summary>Returns pooled memory. Nothing is decoded afterwards, unless the response is resumed.</summary>
    public virtual void Release()
    {
    }

    /// <summary>Takes the next event that was decoded.</summary>
    /// <param name="streamEvent">The event.</param>
    /// <returns><see langword="false"/> when a further frame is needed.</returns>
    public bool TryTake([NotNullWhen(true)] out StreamEvent? streamEvent)
    {
        streamEvent = _next;
        if (streamEvent is null)
        {
            return false;
        }

        _next = null;
        _others?.TryDequeue(out _next);
        return true;
    }

    /// <summary>Queues an event.</summary>
    /// <exception cref="StreamLimitException">The frame yields too many. Those before it are delivered.</exception>
    protected void Emit(StreamEvent streamEvent)
    {
        if (_next is null)
        {
            _next = streamEvent;
        }
        else
        {
            _others ??= new Queue<StreamEvent>();
            if (_others.Count >= MaxEventsPerFrame - 1)
            {
                throw new StreamLimitException(nameof(StreamReadOptions.MaxEventsPerFrame), MaxEventsPerFrame, _others.Count + 2L);
            }

            _others.Enqueue(streamEvent);
        }
    }
}
