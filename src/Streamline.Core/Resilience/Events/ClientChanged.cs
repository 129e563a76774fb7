namespace Streamline.Resilience;

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

    /// <summary>Gets the kind of the failure, for metrics: the provider's code, the HTTP status, <c>timeout.*</c>, <c>limit.*</c>, or the type of the exception.</summary>
    /// <value><see langword="null"/> when the previous client was not asked.</value>
    public string? ErrorType { get; init; }

    /// <summary>Gets a value indicating whether the previous client was skipped, because it had failed before: no request was sent to it.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool WasPreviousSkipped { get; init; }

    /// <summary>Gets the provider of the client that is asked now.</summary>
    /// <value><see langword="null"/> when the client does not say.</value>
    public string? Provider { get; init; }

    /// <summary>Gets the model that the client is asked for.</summary>
    /// <value><see langword="null"/> when it is not known. What the client's own adaptation of the request changes is not included.</value>
    public string? Model { get; init; }

    internal override bool IsNotice => true;
}
