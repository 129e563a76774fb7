namespace Streamline;

/// <summary>The provider sent a ping or a comment: the connection is alive.</summary>
public sealed class KeepAlive : StreamEvent
{
    /// <summary>Gets the only instance.</summary>
    public static KeepAlive Instance { get; } = new();

    internal override bool IsNotice => true;
}
