namespace Streamline.Framing;

/// <summary>
/// Finds the frames of a format in bytes. A pure state machine: it is shown a window that begins with the first byte not
/// consumed and grows at its end, and remembers how far it has looked, so that each byte is looked at once.
/// </summary>
internal abstract class FrameSplitter(int maxFrameBytes)
{
    /// <summary>Makes a splitter for one body.</summary>
    /// <param name="format">Any format but <see cref="FrameFormat.Sse"/>, which has a reader of its own.</param>
    /// <param name="maxFrameBytes">The most bytes that a frame may have.</param>
    public static FrameSplitter Create(FrameFormat format, int maxFrameBytes) => format switch
    {
        FrameFormat.Ndjson => new NdjsonSplitter(maxFrameBytes),
        FrameFormat.JsonArray => new JsonArraySplitter(maxFrameBytes),
        FrameFormat.EventStream => new EventStreamSplitter(maxFrameBytes),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "This format has no splitter."),
    };

    /// <summary>Finds the next frame.</summary>
    /// <param name="window">Everything that was received and not consumed.</param>
    /// <param name="offset">The offset of the window in the body.</param>
    /// <param name="frame">The frame, which lies within the window.</param>
    /// <param name="consumed">How many bytes the window loses at its beginning, whether or not there is a frame.</param>
    /// <returns><see langword="false"/> when the window holds no whole frame.</returns>
    /// <exception cref="StreamLimitException">The frame is larger than allowed.</exception>
    /// <exception cref="StreamProtocolException">The bytes do not follow the format.</exception>
    public abstract bool TrySplit(ReadOnlySpan<byte> window, long offset, out Frame frame, out int consumed);

    /// <summary>Finds the frame that the end of the body completes.</summary>
    /// <param name="window">What is left of the body.</param>
    /// <param name="offset">The offset of the window in the body.</param>
    /// <param name="frame">The frame, which lies within the window.</param>
    /// <returns><see langword="false"/> when the rest is not a complete frame.</returns>
    public virtual bool TryComplete(ReadOnlySpan<byte> window, long offset, out Frame frame)
    {
        frame = default;
        return false;
    }

    /// <summary>Tells whether what is left at the end of the body is the beginning of a frame, rather than text that belongs to none.</summary>
    /// <param name="window">What is left of the body.</param>
    /// <param name="offset">The offset of the window in the body.</param>
    public virtual bool IsCutFrame(ReadOnlySpan<byte> window, long offset) => true;

    /// <summary>Gets a value indicating whether the body has begun and its format says that it has not ended yet.</summary>
    public virtual bool IsOpen => false;

    /// <summary>Checks the size of a frame, or of the part of it that has arrived.</summary>
    protected void ThrowIfTooLong(long length)
    {
        if (length > maxFrameBytes)
        {
            throw new StreamLimitException(FrameReader.LimitName, maxFrameBytes, length);
        }
    }
}
