using System.Text.Json.Serialization;

namespace Streamline.Resilience;

/// <summary>The request waits, because a rate limit is used up or other requests are before it. Comes when the wait begins, and again when it waits for something else.</summary>
public sealed class RateLimitWait : StreamEvent
{
    /// <summary>Gets what the request waits for: a resource such as <c>requests</c> or <c>input-tokens</c>, or <c>queue</c>, <c>concurrency</c>, <c>retry-after</c>, <c>probe</c> or <c>slow-start</c>.</summary>
    public required string Resource { get; init; }

    /// <summary>Gets how long it will wait at least, as far as that is known; zero when it is not.</summary>
    [JsonPropertyName("delayMs")]
    [JsonConverter(typeof(MillisecondsConverter))]
    public required TimeSpan Delay { get; init; }

    /// <summary>Gets how many requests of this process are before it.</summary>
    public required int Position { get; init; }

    internal override bool IsNotice => true;
}
