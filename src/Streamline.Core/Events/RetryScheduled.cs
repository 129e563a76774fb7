using System.Text.Json.Serialization;

namespace Streamline;

/// <summary>An attempt failed, and another one follows after a delay.</summary>
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
}
