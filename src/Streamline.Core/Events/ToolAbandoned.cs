namespace Streamline;

/// <summary>
/// A tool was told to stop and did not stop within the grace period. The stream no longer waits for it; it may still be running. Comes after the call's <see cref="ToolResult"/>.
/// </summary>
public sealed class ToolAbandoned : StreamEvent
{
    /// <summary>Gets the id of the call.</summary>
    public required string CallId { get; init; }

    /// <summary>Gets the name of the tool.</summary>
    public required string Name { get; init; }
}
