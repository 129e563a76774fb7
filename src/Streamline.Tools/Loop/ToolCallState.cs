namespace Streamline.Tools;

/// <summary>Where a call is on its way. A call only moves down this list; docs/tools.md has the picture.</summary>
internal enum ToolCallState
{
    /// <summary>The model is still writing the call, or its response has not ended yet.</summary>
    Announced,

    /// <summary>Approval was requested.</summary>
    AwaitingApproval,

    /// <summary>The answer comes in a later request. The call stays open.</summary>
    Deferred,

    /// <summary>The answer is there, and is being acted on.</summary>
    Answered,

    /// <summary>The tool may run and waits for its turn or for a resource.</summary>
    Waiting,

    /// <summary>The tool is running.</summary>
    Running,

    /// <summary>The call has its outcome. Its tool may still be running, if it did not stop when it was told to.</summary>
    Settled,
}
