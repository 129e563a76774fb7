namespace Streamline.Testing;

/// <summary>How a recorded response ended.</summary>
public enum RecordedEnd
{
    /// <summary>The recording itself was cut: how the response ended is unknown.</summary>
    Unknown,

    /// <summary>The body was received to its end, or to the event that ends the answer: a client need not read on.</summary>
    Complete,

    /// <summary>The request failed, or the connection broke before the end of the body.</summary>
    Broken,

    /// <summary>The client left before the end of the answer.</summary>
    Left,
}
