namespace Streamline.Testing;

/// <summary>How a recorded response ended.</summary>
public enum RecordedEnd
{
    /// <summary>The recording itself was cut: how the response ended is unknown.</summary>
    Unknown,

    /// <summary>The body was received to its end.</summary>
    Complete,

    /// <summary>The request failed, or the connection broke before the end of the body.</summary>
    Broken,

    /// <summary>The client left before the end of the body.</summary>
    Left,
}
