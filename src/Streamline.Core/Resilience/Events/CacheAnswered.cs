using System.Text.Json.Serialization;

namespace Streamline.Resilience;

/// <summary>The answer that follows was not asked for again: it comes from the cache, or from the same request of somebody else that is under way.</summary>
public sealed class CacheAnswered : StreamEvent
{
    /// <summary>Gets a value indicating whether the answer is still under way: its beginning comes at once, and the rest as it arrives.</summary>
    [JsonPropertyName("isLive")]
    public required bool IsLive { get; init; }

    internal override bool IsNotice => true;
}
