namespace Streamline;

/// <summary>A tool started to run in this process.</summary>
public sealed class ToolExecutionStarted : StreamEvent
{
    /// <summary>Gets the id of the call.</summary>
    public required string CallId { get; init; }

    /// <summary>Gets the name of the tool.</summary>
    public required string Name { get; init; }

    internal override bool CommitsResponse => true;
}
