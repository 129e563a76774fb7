using System.Text.Json.Serialization;

namespace Streamline.Resilience;

/// <summary>The first content is later than usual, and so a second request was sent. The one whose content comes first answers; see <see cref="HedgeEnded"/>.</summary>
public sealed class HedgeStarted : StreamEvent
{
    /// <summary>Gets the name of the client that is asked too.</summary>
    public required string Client { get; init; }

    /// <summary>Gets how long the first request has been waited for.</summary>
    [JsonPropertyName("delayMs")]
    [JsonConverter(typeof(MillisecondsConverter))]
    public required TimeSpan Delay { get; init; }

    internal override bool IsNotice => true;
}
