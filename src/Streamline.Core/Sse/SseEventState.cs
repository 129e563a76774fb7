namespace Streamline.Sse;

/// <summary>How much of the event at hand was read, and whether it, or a comment in it, is what the parser stopped at.</summary>
internal struct SseEventState
{
    private SseEventKind _kind;

    public SseEventState()
    {
    }

    /// <summary>Gets the offset in the stream of the event's first field line; negative before it.</summary>
    public long Offset { readonly get; private set; } = -1;

    /// <summary>Gets how many lines of data the event has.</summary>
    public int DataLines { readonly get; private set; }

    /// <summary>Gets where the comment lies that the parser stopped at.</summary>
    public SseSlice Comment { readonly get; private set; }

    /// <summary>Gets the offset in the stream of that comment.</summary>
    public long CommentOffset { readonly get; private set; }

    /// <summary>Gets a value indicating whether the parser stopped at something that is to be passed before the next line.</summary>
    public bool HasStopped { readonly get; private set; }

    public readonly bool IsMessage => _kind == SseEventKind.Message;

    /// <summary>Begins the event, unless it has begun.</summary>
    public void Begin(long offset)
    {
        if (Offset < 0)
        {
            Offset = offset;
        }
    }

    /// <summary>Counts a line of data.</summary>
    /// <returns>Whether it is the first.</returns>
    public bool AddDataLine() => DataLines++ == 0;

    /// <summary>Stops at the end of the event.</summary>
    public void Stop()
    {
        _kind = SseEventKind.Message;
        HasStopped = true;
    }

    /// <summary>Stops at a comment, in the middle of an event or between two.</summary>
    public void StopAt(SseSlice comment, long offset)
    {
        (Comment, CommentOffset) = (comment, offset);
        _kind = SseEventKind.Comment;
        HasStopped = true;
    }

    /// <summary>Passes what the parser stopped at.</summary>
    /// <returns>Whether it was an event, which ends then.</returns>
    public bool Pass()
    {
        HasStopped = false;
        return IsMessage;
    }

    /// <summary>Ends the event.</summary>
    public void Clear()
    {
        Offset = -1;
        DataLines = 0;
    }
}
