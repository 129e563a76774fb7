namespace Streamline;

/// <summary>The provider showed that the connection lives, by a ping or a comment, and said nothing else.</summary>
public sealed class KeepAlive : StreamEvent
{
    /// <summary>Gets the one keep-alive that says no more than that.</summary>
    public static KeepAlive Instance { get; } = new();

    internal override bool IsNotice => true;
}
