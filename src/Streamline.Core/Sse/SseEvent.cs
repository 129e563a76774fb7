namespace Streamline.Sse;

/// <summary>One server-sent event as UTF-8 spans over the reader's buffers.</summary>
/// <remarks>
/// The spans are valid until the next call of <see cref="SseReader.TryRead"/> or <see cref="SseReader.WaitToReadAsync"/>, or until
/// the reader is disposed. They hold the bytes as received: malformed UTF-8 is not replaced.
/// </remarks>
public readonly ref struct SseEvent
{
    internal SseEvent(
        SseEventKind kind,
        ReadOnlySpan<byte> eventType,
        ReadOnlySpan<byte> data,
        ReadOnlySpan<byte> lastEventId,
        long offset)
    {
        Kind = kind;
        EventType = eventType;
        Data = data;
        LastEventId = lastEventId;
        Offset = offset;
    }

    /// <summary>Gets a value indicating whether this is an event or a comment.</summary>
    public SseEventKind Kind { get; }

    /// <summary>Gets the event's name.</summary>
    /// <value>UTF-8 bytes; <c>message</c> when the event names none; empty for a comment.</value>
    public ReadOnlySpan<byte> EventType { get; }

    /// <summary>Gets the event's data, its lines joined by LF, or the text of a comment.</summary>
    /// <value>UTF-8 bytes, without the one leading space that a line may carry.</value>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Gets the last event id of the stream as of this event. It stays until another <c>id</c> line replaces it.</summary>
    /// <value>UTF-8 bytes; empty when no id was sent, or when an empty one was.</value>
    public ReadOnlySpan<byte> LastEventId { get; }

    /// <summary>Gets where the first line of this event, comments not counted, starts in the stream.</summary>
    /// <value>Bytes from 0, a byte order mark included.</value>
    public long Offset { get; }
}
