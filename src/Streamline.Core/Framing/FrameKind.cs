namespace Streamline.Framing;

/// <summary>What a <see cref="Frame"/> is.</summary>
internal enum FrameKind
{
    /// <summary>A payload for the decoder.</summary>
    Message,

    /// <summary>A sign that the connection lives, and nothing else.</summary>
    KeepAlive,

    /// <summary>An error, which its format tells from other payloads. Its name is the code or type.</summary>
    Error,
}
