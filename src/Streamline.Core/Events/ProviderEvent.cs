namespace Streamline;

/// <summary>An event that this version does not know, passed through unchanged.</summary>
public sealed class ProviderEvent : StreamEvent
{
    /// <summary>
    /// Gets the protocol's name for it: the event's type, or a path such as <c>content_block_delta/new_delta</c>. Text between two server-sent events that belongs to neither is called
    /// <c>unrecognized</c>; an event may be missing there.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>Gets the payload, unchanged.</summary>
    public required string Data { get; init; }
}
