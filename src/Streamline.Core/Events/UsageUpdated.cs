namespace Streamline;

/// <summary>The provider reported token counts. They replace every earlier report of the same response and are never added to it.</summary>
public sealed class UsageUpdated : StreamEvent
{
    /// <summary>Gets the counts so far.</summary>
    public required TokenUsage Usage { get; init; }
}
