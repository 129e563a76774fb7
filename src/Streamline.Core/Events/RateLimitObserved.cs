using System.Text.Json.Serialization;

namespace Streamline;

/// <summary>The provider said how much of its rate limits is left. Once per response that says so, after its first event.</summary>
public sealed class RateLimitObserved : StreamEvent
{
    /// <summary>Gets the limits, one per resource.</summary>
    [JsonPropertyName("windows")]
    public required IReadOnlyList<RateLimitWindow> Windows { get; init; }

    internal override bool IsReport => true;
}
