namespace Streamline.Sse;

/// <summary>One server-sent event as strings of its own. Malformed UTF-8 is replaced by U+FFFD.</summary>
/// <param name="EventType">The event's name; <c>message</c> when the event names none; empty for a comment.</param>
/// <param name="Data">The event's data, its lines joined by LF, or the text of a comment.</param>
/// <param name="LastEventId">The last event id of the stream as of this event; empty when there is none.</param>
/// <param name="Kind">What this is: an event, or a comment.</param>
public sealed record SseItem(string EventType, string Data, string LastEventId, SseEventKind Kind = SseEventKind.Message);
