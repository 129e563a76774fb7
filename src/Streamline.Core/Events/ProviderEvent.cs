namespace Streamline;

/// <summary>An event that this version does not know, passed through unchanged.</summary>
public sealed class ProviderEvent : StreamEvent
{
    /// <summary>Gets the protocol's name for it: the event's type, or a path such as <c>content_block_delta/new_delta</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the payload, unchanged.</summary>
    public required string Data { get; init; }
}
