using System.Globalization;

namespace Streamline.Tools;

/// <summary>The words of the errors that a model gets in place of a result. They say whether the tool ran, and the true reason.</summary>
internal static class ToolErrors
{
    private const int MaxListedTools = 64;
    private const int MaxNameLength = 128;

    public static ToolOutcome InvalidArguments(string? parseError) =>
        ToolOutcome.Error($"The tool was not run: its arguments are not a valid JSON object. {parseError}".TrimEnd());

    public static ToolOutcome ArgumentsCut() => ToolOutcome.Error("The tool was not run: its arguments did not arrive whole.");

    public static ToolOutcome NotAllowed(FinishReason? reason) => ToolOutcome.Error(reason is { } known
        ? $"The tool was not run: the response ended with the finish reason '{known}'."
        : "The tool was not run: the response did not end properly.");

    public static ToolOutcome Unknown(string name, IEnumerable<string> known)
    {
        var shown = name.Length > MaxNameLength ? name[..MaxNameLength] + "…" : name;
        var names = known.Take(MaxListedTools + 1).ToArray();
        var list = names.Length > MaxListedTools ? string.Join(", ", names.Take(MaxListedTools)) + ", …" : string.Join(", ", names);
        return ToolOutcome.Error($"There is no tool named '{shown}'. {(list.Length == 0 ? "There are no tools." : $"There are: {list}.")}");
    }

    public static ToolOutcome TimedOut(TimeSpan timeout) =>
        ToolOutcome.Error(string.Create(CultureInfo.InvariantCulture, $"The tool was stopped: it did not finish within {timeout.TotalSeconds} s."));

    public static ToolOutcome SiblingFailed(string failedTool, bool started) =>
        ToolOutcome.Error($"The tool was {(started ? "stopped" : "not run")}: the call of the tool '{failedTool}' in the same response failed.");

    public static ToolOutcome Stopped() => ToolOutcome.Error("The tool was stopped.");

    public static ToolOutcome Failed(Exception exception, bool withDetails) =>
        ToolOutcome.Error(withDetails ? $"The tool failed: {exception.GetType().Name}: {exception.Message}" : "The tool failed.");

    public static ToolOutcome ResultTooLarge(int maxBytes) =>
        ToolOutcome.Error(string.Create(CultureInfo.InvariantCulture, $"The tool ran, but its result is larger than the limit of {maxBytes} bytes."));

    public static ToolOutcome ResultNotJson(Exception exception, bool withDetails) =>
        ToolOutcome.Error("The tool ran, but its result cannot be written as JSON" + (withDetails ? $": {exception.GetType().Name}: {exception.Message}" : "."));
}
