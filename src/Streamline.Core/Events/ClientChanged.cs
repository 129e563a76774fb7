namespace Streamline;

/// <summary>Another client is asked for the answer, or for the rest of it, because the one before it failed or is known to be failing.</summary>
/// <remarks>
/// It comes before the other client is asked, and discards nothing. If a part of the answer was shown, <see cref="StreamResumed"/> or <see cref="StreamRestarted"/> says what becomes of it as soon as
/// the other client has sent content.
/// </remarks>
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
