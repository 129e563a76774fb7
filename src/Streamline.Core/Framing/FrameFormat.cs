namespace Streamline.Framing;

/// <summary>How the bytes of a body are divided into frames.</summary>
internal enum FrameFormat
{
    /// <summary>Server-sent events: <c>text/event-stream</c>.</summary>
    Sse,

    /// <summary>One JSON value per line: <c>application/x-ndjson</c>.</summary>
    Ndjson,

    /// <summary>One JSON array whose elements, all objects, come one by one: <c>application/json</c>.</summary>
    JsonArray,

    /// <summary>Binary messages with checksums: <c>application/vnd.amazon.eventstream</c>.</summary>
    EventStream,
}
