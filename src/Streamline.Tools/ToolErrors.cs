using System.Globalization;
using System.Runtime.InteropServices;

namespace Streamline.Tools;

/// <summary>The texts of the errors that a model gets in place of a result. Each says whether the tool ran, and the true reason.</summary>
internal static class ToolErrors
{
    private const int MaxListedTools = 64;
    private const int MaxNameLength = 128;
    private const int MinLimitBytes = 512; // so that the loop's own texts stay whole, however small results have to be

    public static ToolOutcome InvalidArguments(string? parseError) =>
        ToolOutcome.Error(ToolFailureKind.InvalidArguments, $"The tool was not run: its arguments are not a valid JSON object. {parseError}".TrimEnd());

    public static ToolOutcome ArgumentsDoNotMatch(string problems) =>
        ToolOutcome.Error(ToolFailureKind.InvalidArguments, $"The tool was not run: its arguments do not match the schema. {problems}");

    public static ToolOutcome ArgumentsCut() => ToolOutcome.Error(ToolFailureKind.InvalidArguments, "The tool was not run: its arguments did not arrive in full.");

    public static ToolOutcome NotAllowed(FinishReason? reason) => NotRun(reason is { } known
        ? $"the response ended with the finish reason '{known}'."
        : "the response did not end properly.");

    public static ToolOutcome NotRunStreamLeft() => NotRun("the stream was left before it started.");

    public static ToolOutcome NoMoreTools() => NotRun("no more tool calls are allowed in this turn. Answer with what you have.");

    public static ToolOutcome TooManyCalls(int limit) => NotRun(string.Create(CultureInfo.InvariantCulture, $"it may be called at most {limit} times in this turn."));

    public static ToolOutcome ResourceLost(string key) => NotRun($"the resource '{Cut(key)}' is held by a tool that does not stop.");

    public static ToolOutcome ResourcesUnknown(Exception exception, bool withDetails) => ToolRefused(exception) ?? ToolOutcome.Error(
        ToolFailureKind.NotRun, "The tool was not run: the resources that it needs could not be determined" + Details(exception, withDetails), exception);

    public static ToolOutcome ApprovalUnknown(Exception exception, bool withDetails) => ToolRefused(exception) ?? ToolOutcome.Error(
        ToolFailureKind.NotRun, "The tool was not run: whether it needs approval could not be determined" + Details(exception, withDetails), exception);

    public static ToolOutcome ApprovalNotClaimed(Exception exception, bool withDetails) => ToolOutcome.Error(
        ToolFailureKind.NotRun, "The tool was not run: whether its approval was answered elsewhere could not be determined" + Details(exception, withDetails), exception);

    public static ToolOutcome Denied(string? reason) =>
        ToolOutcome.Error(ToolFailureKind.Denied, string.IsNullOrWhiteSpace(reason) ? "The tool was not run: approval was denied." : $"The tool was not run: approval was denied. {reason}");

    public static ToolOutcome NotApproved() => ToolOutcome.Error(ToolFailureKind.Denied, "The tool was not run: approval was not given.");

    public static ToolOutcome ApprovalInvalid(string problem) => ToolOutcome.Error(ToolFailureKind.Denied, $"The tool was not run: {problem}");

    public static ToolOutcome AnsweredBefore() => ToolOutcome.Error(
        ToolFailureKind.Denied, "The tool was not run again: an earlier request answered this approval already, and ran or refused the tool. What came of it is not known here.");

    public static ToolOutcome Unknown(string name, IEnumerable<string> known)
    {
        var names = known.Take(MaxListedTools + 1).ToArray();
        var list = names.Length > MaxListedTools ? string.Join(", ", names.Take(MaxListedTools)) + ", …" : string.Join(", ", names);
        return ToolOutcome.Error(
            ToolFailureKind.UnknownTool, $"There is no tool named '{Cut(name)}'. {(list.Length == 0 ? "No tools are available." : $"Available tools: {list}.")}");
    }

    public static ToolOutcome TimedOut(TimeSpan timeout) =>
        ToolOutcome.Error(ToolFailureKind.TimedOut, string.Create(CultureInfo.InvariantCulture, $"The tool was stopped: it did not finish within {timeout.TotalSeconds} s."));

    public static ToolOutcome SiblingFailed(string failedTool, bool started) => ToolOutcome.Error(
        started ? ToolFailureKind.Stopped : ToolFailureKind.NotRun,
        $"The tool was {(started ? "stopped" : "not run")}: the call of the tool '{failedTool}' in the same response failed.");

    public static ToolOutcome Stopped() => ToolOutcome.Error(ToolFailureKind.Stopped, "The tool was started, and stopped before it finished.");

    public static ToolOutcome DidNotStop() =>
        ToolOutcome.Error(ToolFailureKind.Stopped, "The tool was started and did not stop when it was told to. Whether it took effect is unknown.");

    public static ToolOutcome Abandoned() => ToolOutcome.Error(ToolFailureKind.Abandoned, "The tool did not stop within the grace period.");

    public static ToolOutcome Failed(Exception exception, bool withDetails) => exception is ToolErrorException
        ? ToolOutcome.Error(ToolFailureKind.ToolError, MessageOf(exception), exception)
        : ToolOutcome.Error(ToolFailureKind.Exception, "The tool failed" + Details(exception, withDetails), exception);

    public static ToolOutcome Reported(string message) => ToolOutcome.Error(ToolFailureKind.ToolError, message.Length > 0 ? message : "The tool failed.");

    public static ToolOutcome ResultTooLarge(int maxBytes) => ToolOutcome.Error(
        ToolFailureKind.InvalidResult, string.Create(CultureInfo.InvariantCulture, $"The tool ran, but its result is larger than the limit of {maxBytes} bytes."));

    public static ToolOutcome ResultNotJson(Exception exception, bool withDetails) =>
        ToolOutcome.Error(ToolFailureKind.InvalidResult, "The tool ran, but its result cannot be written as JSON" + Details(exception, withDetails), exception);

    /// <summary>Shortens an error whose text is larger than results may be.</summary>
    public static ToolOutcome Cut(ToolOutcome outcome, int maxBytes)
    {
        maxBytes = Math.Max(maxBytes, MinLimitBytes);
        return outcome.Failure is not { } kind || JsonMarshal.GetRawUtf8Value(outcome.Result).Length <= maxBytes
            ? outcome
            : ToolOutcome.Error(kind, ToolJson.Cut(outcome.Result.GetString()!, maxBytes), outcome.Exception);
    }

    /// <summary>The words of a function of the tool's options, if it meant them for the model.</summary>
    private static ToolOutcome? ToolRefused(Exception exception) =>
        exception is ToolErrorException ? ToolOutcome.Error(ToolFailureKind.ToolError, "The tool was not run: " + MessageOf(exception), exception) : null;

    private static ToolOutcome NotRun(string reason) => ToolOutcome.Error(ToolFailureKind.NotRun, "The tool was not run: " + reason);

    private static string Details(Exception exception, bool withDetails) => withDetails ? $": {exception.GetType().Name}: {MessageOf(exception)}" : ".";

    /// <summary>The message of an exception, which is code of others.</summary>
    private static string MessageOf(Exception exception)
    {
        try
        {
            return exception.Message ?? "";
        }
        catch (Exception)
        {
            return "(its message could not be read)";
        }
    }

    private static string Cut(string name) => name.Length > MaxNameLength ? name[..MaxNameLength] + "…" : name;
}
