using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>What answers a call: the result of the tool, or the error that the model gets in its place.</summary>
internal sealed class ToolOutcome(JsonElement result)
{
    public JsonElement Result => result;

    /// <summary>What went wrong; <see langword="null"/> for a result.</summary>
    public ToolFailureKind? Failure { get; init; }

    public bool IsError => Failure is not null;

    /// <summary>The exception that caused a failure, for observers only.</summary>
    public Exception? Exception { get; init; }

    /// <summary>The result as contents, such as images, where the tool gave such: the form that request writers take; <see cref="Result"/> is their JSON.</summary>
    public IReadOnlyList<AIContent>? Contents { get; init; }

    public static ToolOutcome Error(ToolFailureKind kind, string text, Exception? exception = null) =>
        new(ToolJson.FromString(text)) { Failure = kind, Exception = exception };

    public ToolResult ToEvent(ToolCall call) => new() { CallId = call.CallId, Name = call.Name, Result = Result, IsError = IsError, Duration = call.Duration };
}
