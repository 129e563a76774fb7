using Microsoft.Extensions.Logging;

namespace Streamline.Diagnostics;

/// <summary>The messages that a pipeline logs. None holds text of the model or the user, except that of single events.</summary>
internal static class StreamLog
{
    public static readonly Action<ILogger, string, string?, int, Exception?> Sending =
        LoggerMessage.Define<string, string?, int>(LogLevel.Debug, new EventId(1, "StreamSending"), "Asking {Provider} for {Model} with {Messages} messages");

    public static readonly Action<ILogger, string, string?, string?, string?, Exception?> Started =
        LoggerMessage.Define<string, string?, string?, string?>(LogLevel.Debug, new EventId(2, "StreamStarted"), "{Provider} answers with {Model}, response {ResponseId}, request {RequestId}");

    public static readonly Action<ILogger, string, double, long?, long?, Exception?> Completed =
        LoggerMessage.Define<string, double, long?, long?>(LogLevel.Information, new EventId(3, "StreamCompleted"), "The response ended with {FinishReason} after {Seconds} s; {InputTokens} input and {OutputTokens} output tokens");

    public static readonly Action<ILogger, int, string, double, Exception?> Retrying =
        LoggerMessage.Define<int, string, double>(LogLevel.Warning, new EventId(4, "StreamRetrying"), "Attempt {Attempt} follows, because {Reason}, in {Seconds} s");

    public static readonly Action<ILogger, string, Exception?> Restarted =
        LoggerMessage.Define<string>(LogLevel.Warning, new EventId(5, "StreamRestarted"), "The response was discarded and begins anew, because {Reason}");

    public static readonly Action<ILogger, string, Exception?> Resumed =
        LoggerMessage.Define<string>(LogLevel.Information, new EventId(6, "StreamResumed"), "The response continues after {Reason}");

    public static readonly Action<ILogger, string, string, FailureKind, string, Exception?> ClientChanged =
        LoggerMessage.Define<string, string, FailureKind, string>(LogLevel.Warning, new EventId(7, "StreamClientChanged"), "{Client} is asked in place of {Previous} ({Kind}: {Reason})");

    public static readonly Action<ILogger, string, string, Exception?> Hedged =
        LoggerMessage.Define<string, string>(LogLevel.Information, new EventId(8, "StreamHedged"), "Of two requests, {Winner} answers and {Loser} is closed");

    public static readonly Action<ILogger, string, double, int, Exception?> Waiting =
        LoggerMessage.Define<string, double, int>(LogLevel.Information, new EventId(9, "StreamWaiting"), "The request waits for {Resource}, {Seconds} s at least, with {Position} before it");

    public static readonly Action<ILogger, string, bool, double, Exception?> ToolEnded =
        LoggerMessage.Define<string, bool, double>(LogLevel.Debug, new EventId(10, "StreamToolEnded"), "The tool {Tool} ended (error: {IsError}) after {Seconds} s");

    public static readonly Action<ILogger, string, double, string, int?, string?, string?, Exception?> Failed =
        LoggerMessage.Define<string, double, string, int?, string?, string?>(LogLevel.Error, new EventId(11, "StreamFailed"), "The stream failed, because {Reason}, after {Seconds} s ({Exception}, status {Status}, code {Code}, request {RequestId})");

    public static readonly Action<ILogger, double, Exception?> Left =
        LoggerMessage.Define<double>(LogLevel.Debug, new EventId(12, "StreamLeft"), "The stream was left or cancelled after {Seconds} s");

    public static readonly Action<ILogger, string, Exception?> Event =
        LoggerMessage.Define<string>(LogLevel.Trace, new EventId(13, "StreamEvent"), "{Event}");
}
