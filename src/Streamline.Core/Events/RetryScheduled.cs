using System.Text.Json.Serialization;

namespace Streamline;

/// <summary>An attempt failed, and another one follows after a delay.</summary>
/// <remarks>
/// What was shown of the response stands until <see cref="StreamRestarted"/>, which comes when another attempt has something to show in its place: so a
/// reader keeps the text during the wait, and keeps it for good when all further attempts fail. A user interface may mark it as broken meanwhile.
/// </remarks>
public sealed class RetryScheduled : StreamEvent
{
    /// <summary>Gets the number of the attempt that follows; the first attempt was 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Gets the time until then.</summary>
    [JsonPropertyName("delayMs")]
    [JsonConverter(typeof(MillisecondsConverter))]
    public required TimeSpan Delay { get; init; }

    /// <summary>Gets why the attempt failed, in a few words without payload.</summary>
    public required string Reason { get; init; }

    /// <summary>Gets the kind of the failure, for metrics: the provider's code, the HTTP status, <c>timeout.*</c>, <c>limit.*</c>, or the type of the exception.</summary>
    /// <value><see langword="null"/> when it is not known.</value>
    public string? ErrorType { get; init; }

    internal override bool IsNotice => true;
}
