namespace Streamline;

/// <summary>
/// The pipeline will run the tool of this call, but not yet. Comes when a call is accepted that cannot start at once, and again when it waits for something else.
/// </summary>
public sealed class ToolWaiting : StreamEvent
{
    /// <summary>Gets the id of the call.</summary>
    public required string CallId { get; init; }

    /// <summary>Gets the name of the tool.</summary>
    public required string Name { get; init; }

    /// <summary>Gets what the call waits for.</summary>
    public required ToolWaitReason Reason { get; init; }

    /// <summary>Gets the key of the resource that another call holds; <see langword="null"/> unless <see cref="Reason"/> is <see cref="ToolWaitReason.Resource"/>.</summary>
    public string? Resource { get; init; }

    internal override bool CommitsResponse => true;
}
