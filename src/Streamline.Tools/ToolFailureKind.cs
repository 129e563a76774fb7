namespace Streamline;

/// <summary>Why a tool call was answered with an error.</summary>
public enum ToolFailureKind
{
    /// <summary>The tool threw an exception.</summary>
    Exception,

    /// <summary>The tool reported an error itself: a <see cref="ToolErrorException"/>, an <c>ErrorContent</c>, or an MCP result with <c>isError</c>.</summary>
    ToolError,

    /// <summary>The tool gave a result that is too large or cannot be written as JSON.</summary>
    InvalidResult,

    /// <summary>The model's arguments are not valid JSON, were cut off, or do not match the schema. The tool was not run.</summary>
    InvalidArguments,

    /// <summary>The model called a tool that does not exist.</summary>
    UnknownTool,

    /// <summary>Approval was denied, did not come in time, or was used by an earlier request. The tool was not run for this one.</summary>
    Denied,

    /// <summary>The tool was not run: the response did not end well, a limit was reached, a sibling failed, or a resource could not be had.</summary>
    NotRun,

    /// <summary>The tool did not finish within its time limit.</summary>
    TimedOut,

    /// <summary>The tool was stopped because its stream was left or a sibling failed.</summary>
    Stopped,

    /// <summary>The tool did not stop within the grace period. It may still be running.</summary>
    Abandoned,
}
