namespace Streamline.Protocols.GeminiInteractions;

/// <summary>
/// How far the events of an interaction have been decoded. The provider sends again what follows an event that has an id; not every event has one. So what was decoded after the
/// last id is counted, and is skipped when it comes again.
/// </summary>
internal sealed class InteractionsPosition
{
    private int _repeats;
    private long _repeatedLength;

    /// <summary>Gets or sets the id of the interaction; <see langword="null"/> for one that the provider does not keep.</summary>
    public string? InteractionId { get; set; }

    /// <summary>Gets the id of the last event that had one; <see langword="null"/> before there was one.</summary>
    public string? LastEventId { get; private set; }

    /// <summary>Gets how many events were decoded since.</summary>
    public int Events { get; private set; }

    /// <summary>Gets the length of their texts in bytes, by which it is known that the same events come again.</summary>
    public long Length { get; private set; }

    /// <summary>Takes over the position at which another stream was left.</summary>
    public void MoveTo(InteractionsContinuation continuation)
    {
        (InteractionId, LastEventId) = (continuation.InteractionId, continuation.LastEventId);
        (Events, Length) = (continuation.Events, continuation.Length);
        Resume();
    }

    /// <summary>Begins a stream that follows the last event with an id.</summary>
    public void Resume() => (_repeats, _repeatedLength) = (Events, 0);

    /// <summary>Skips an event that was decoded before the stream was left.</summary>
    /// <returns><see langword="false"/> for an event that is new.</returns>
    /// <exception cref="StreamProtocolException">The stream repeats other events than there were.</exception>
    public bool TrySkip(PayloadValue root)
    {
        if (_repeats == 0)
        {
            return false;
        }

        var length = LengthOf(root);
        _repeatedLength += length;
        if (--_repeats == 0 && _repeatedLength != Length)
        {
            throw new StreamProtocolException(
                StreamProtocolError.UnexpectedEvent,
                $"The resumed stream does not repeat what was received: found {_repeatedLength} bytes of text after the last event, expected {Length}",
                byteOffset: null);
        }

        if (root.NonEmptyText("event_id"u8) is { } id)
        {
            (LastEventId, Events, Length, _repeatedLength) = (id, _repeats, Length - _repeatedLength, 0);
        }

        return true;
    }

    /// <summary>Counts an event that was decoded.</summary>
    public void Add(PayloadValue root)
    {
        if (root.NonEmptyText("event_id"u8) is { } id)
        {
            (LastEventId, Events, Length) = (id, 0, 0);
        }
        else
        {
            Events++;
            Length += LengthOf(root);
        }
    }

    private static long LengthOf(PayloadValue root)
    {
        var delta = root.Object("delta"u8);
        return delta.Member("text"u8).TextSlice.Length + delta.Member("arguments"u8).TextSlice.Length + delta.Object("content"u8).Member("text"u8).TextSlice.Length;
    }
}
