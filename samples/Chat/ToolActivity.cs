namespace ChatSample;

/// <summary>When a tool call did what.</summary>
internal sealed class ToolActivity(string callId, string name, TimeSpan announced)
{
    public string CallId { get; } = callId;

    public string Name { get; } = name;

    public TimeSpan Announced { get; } = announced;

    public TimeSpan? ArgumentsWhole { get; set; }

    public TimeRange? Approval { get; set; }

    public TimeRange? Run { get; set; }

    public TimeSpan? Ended { get; set; }

    public bool IsError { get; set; }

    public ToolPhase PhaseAt(TimeSpan at) =>
        at < Announced || at >= Ended ? ToolPhase.None
        : Run is { } run && run.Contains(at) ? ToolPhase.Running
        : Approval is { } approval && approval.Contains(at) ? ToolPhase.Approval
        : ArgumentsWhole is { } whole && at >= whole ? ToolPhase.Waiting
        : ToolPhase.Arguments;
}
