namespace Streamline;

/// <summary>A request for approval was answered, or its time ran out. Once per <see cref="ApprovalRequested"/> of a stream that is read to its end.</summary>
public sealed class ApprovalResolved : StreamEvent
{
    /// <summary>Gets the id of the request for approval.</summary>
    public required string ApprovalId { get; init; }

    /// <summary>Gets the id of the call.</summary>
    public required string CallId { get; init; }

    /// <summary>Gets the name of the tool.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the decision.</summary>
    public required ApprovalDecision Decision { get; init; }

    /// <summary>Gets the reason that was given; <see langword="null"/> when there is none.</summary>
    public string? Reason { get; init; }

    internal override bool CommitsResponse => true;
}
