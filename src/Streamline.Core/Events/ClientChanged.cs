namespace Streamline;

/// <summary>Another client is asked for the answer, because the one before it failed before it had shown content, or is known to be failing. Nothing that was shown is discarded.</summary>
/// <remarks>It comes before the other client is asked. What follows is its answer, unless it fails too.</remarks>
public sealed class ClientChanged : StreamEvent
{
    /// <summary>Gets the name of the client that is asked now.</summary>
    public required string Client { get; init; }

    /// <summary>Gets the name of the client that was to answer before.</summary>
    public required string Previous { get; init; }

    /// <summary>Gets what kind of failure it was.</summary>
    public required FailureKind Kind { get; init; }

    /// <summary>Gets why, in a few words without payload.</summary>
    public required string Reason { get; init; }

    internal override bool IsNotice => true;
}
