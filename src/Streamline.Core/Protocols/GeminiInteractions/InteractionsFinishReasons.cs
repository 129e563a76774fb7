namespace Streamline.Protocols.GeminiInteractions;

/// <summary>The status of an interaction, and why the model stopped by it.</summary>
internal static class InteractionsFinishReasons
{
    public const string Completed = "completed";
    public const string RequiresAction = "requires_action";
    public const string Incomplete = "incomplete";
    public const string Failed = "failed";
    public const string InProgress = "in_progress";
    public const string Queued = "queued";

    private const string Cancelled = "cancelled";
    private const string BudgetExceeded = "budget_exceeded";

    /// <summary>Tells whether nothing follows for an interaction of this status.</summary>
    public static bool IsFinal(string? status) => status is Completed or RequiresAction or Incomplete or Failed or Cancelled or BudgetExceeded;

    /// <summary>Reads a status.</summary>
    /// <param name="status">The status.</param>
    /// <param name="hasCalls">Whether the model waits for the results of calls.</param>
    public static FinishReason Read(string? status, bool hasCalls) => status switch
    {
        RequiresAction => FinishReason.ToolCalls,
        Incomplete or BudgetExceeded => FinishReason.Length,
        _ => FinishReasons.Read(status, hasCalls),
    };

    /// <summary>Finds the status for the end of a response.</summary>
    /// <param name="completed">The end of the response.</param>
    /// <param name="isOwn">Whether the response came from this protocol, so that its own word stands.</param>
    public static string Write(ResponseCompleted completed, bool isOwn) => completed switch
    {
        { RawFinishReason: { Length: > 0 } word } when isOwn && word != Failed => word,
        { FinishReason: FinishReason.ToolCalls } => RequiresAction,
        { FinishReason: FinishReason.Length or FinishReason.ContentFilter or FinishReason.Refusal } => Incomplete,
        { FinishReason: FinishReason.Other } => Cancelled,
        _ => Completed,
    };
}
