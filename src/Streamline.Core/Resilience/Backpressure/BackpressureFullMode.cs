namespace Streamline.Resilience;

/// <summary>What to do with a further event when the buffer between a stream and its consumer is full.</summary>
public enum BackpressureFullMode
{
    /// <summary>Stop reading until the consumer has made room. Unread bytes stay with the network, whose flow control slows the provider down.</summary>
    Wait,

    /// <summary>Continue reading and merge the deltas that wait for room, as long as they belong to the same block. No text is lost.</summary>
    Coalesce,
}
