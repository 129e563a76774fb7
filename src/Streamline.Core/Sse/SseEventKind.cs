namespace Streamline.Sse;

/// <summary>What an <see cref="SseEvent"/> or <see cref="SseItem"/> is.</summary>
public enum SseEventKind
{
    /// <summary>An event that the stream dispatched with a blank line.</summary>
    Message,

    /// <summary>A comment line: a keep-alive. Reported only when <see cref="SseReaderOptions.ReportComments"/> is set.</summary>
    Comment,
}
