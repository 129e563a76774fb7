namespace Streamline;

/// <summary>A failed tool call, for <see cref="ToolLoopOptions.OnToolFailure"/>.</summary>
public readonly record struct ToolFailure
{
    /// <summary>Gets the id of the call.</summary>
    public required string CallId { get; init; }

    /// <summary>Gets the name of the tool.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the number of the round, from 1; 0 for a call of an earlier stream that was approved later.</summary>
    public required int Round { get; init; }

    /// <summary>Gets what went wrong.</summary>
    public required ToolFailureKind Kind { get; init; }

    /// <summary>Gets the exception, with all its details; <see langword="null"/> when there is none.</summary>
    public Exception? Exception { get; init; }
}
