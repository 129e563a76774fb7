using Microsoft.Extensions.Logging;

namespace Streamline.Tools;

/// <summary>Log messages of the tool loop. They hold no content: no arguments, no results, no messages of exceptions.</summary>
internal static class ToolLog
{
    private static readonly Action<ILogger, string, string, int, ToolFailureKind, string?, Exception?> Warning =
        LoggerMessage.Define<string, string, int, ToolFailureKind, string?>(LogLevel.Warning, new EventId(1, "ToolFailed"), Text);

    private static readonly Action<ILogger, string, string, int, ToolFailureKind, string?, Exception?> Information =
        LoggerMessage.Define<string, string, int, ToolFailureKind, string?>(LogLevel.Information, new EventId(2, "ToolRefused"), Text);

    private static readonly Action<ILogger, string, string, int, ToolFailureKind, string?, Exception?> Debug =
        LoggerMessage.Define<string, string, int, ToolFailureKind, string?>(LogLevel.Debug, new EventId(3, "ToolStopped"), Text);

    private const string Text = "The call {CallId} of the tool {Tool} in round {Round} failed: {Kind} {ExceptionType}";

    public static void Failed(ILogger logger, ToolFailure failure)
    {
        var log = failure.Kind switch
        {
            ToolFailureKind.NotRun or ToolFailureKind.Stopped => Debug,
            ToolFailureKind.ToolError or ToolFailureKind.InvalidArguments or ToolFailureKind.UnknownTool or ToolFailureKind.Denied => Information,
            _ => Warning,
        };
        log(logger, failure.CallId, failure.Name, failure.Round, failure.Kind, failure.Exception?.GetType().FullName, null);
    }
}
