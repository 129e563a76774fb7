using System.Text.Json;

namespace Streamline.Samples.Tests.Chat;

/// <summary>The events of tool calls.</summary>
internal static class Calls
{
    public static readonly ResponseStarted Response = new() { Provider = "test" };

    public static readonly ResponseCompleted ResponseEnd = new() { FinishReason = FinishReason.ToolCalls };

    public static ToolCallStarted Started(string id) => new() { Index = 0, CallId = id, Name = "look" };

    public static ToolCallCompleted Whole(string id) => new() { Index = 0, CallId = id, Name = "look", ArgumentsText = "{}" };

    public static ToolExecutionStarted Running(string id) => new() { CallId = id, Name = "look" };

    public static ToolResult Result(string id, string text = "found", bool isError = false) => new() { CallId = id, Name = "look", Result = JsonSerializer.SerializeToElement(text), IsError = isError };

    public static ApprovalRequested Asked(string id, Func<ApprovalAnswer, bool>? responder = null) =>
        new() { ApprovalId = "approval of " + id, CallId = id, Name = "look", Arguments = JsonSerializer.SerializeToElement(1), Responder = responder };

    public static ApprovalResolved Answered(string id, ApprovalDecision decision = ApprovalDecision.Approved) =>
        new() { ApprovalId = "approval of " + id, CallId = id, Name = "look", Decision = decision };
}
