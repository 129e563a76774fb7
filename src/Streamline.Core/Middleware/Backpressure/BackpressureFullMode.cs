namespace Streamline;

/// <summary>What to do with a further event when the buffer between a stream and its consumer is full.</summary>
public enum BackpressureFullMode
{
    /// <summary>Stop reading until the consumer has made room. Unread bytes stay with the network, whose flow control slows the provider down.</summary>
    Wait,

    /// <summary>
    /// Merge buffered deltas that stand next to each other and belong to the same block, without loss; stop reading only when this makes no room.
    /// </summary>
    Coalesce,
}
