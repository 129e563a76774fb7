namespace Streamline.Resilience;

/// <summary>How far a model lags behind the least rate at which it has to write.</summary>
/// <param name="minimum">The rate, in characters a second.</param>
/// <param name="maxLag">How far it may lag.</param>
internal sealed class ThroughputMeter(double minimum, TimeSpan maxLag)
{
    private TimeSpan _lag;
    private bool _isWriting; // a block has had a character, and has not ended

    /// <summary>Gets how long the model may still be waited for; <see langword="null"/> while nothing is measured.</summary>
    public TimeSpan? Left => !_isWriting ? null : _lag < maxLag ? maxLag - _lag : TimeSpan.Zero;

    /// <summary>Notes that the stream was waited for.</summary>
    public void NoteWait(TimeSpan time) => _lag += time;

    /// <summary>Notes an event.</summary>
    public void Note(StreamEvent streamEvent)
    {
        var chars = streamEvent switch
        {
            TextDelta delta => delta.Text.Length,
            ReasoningDelta delta => delta.Text.Length,
            RefusalDelta delta => delta.Text.Length,
            ToolInputDelta delta => delta.Fragment.Length,
            _ => 0,
        };
        if (chars > 0)
        {
            var written = TimeSpan.FromSeconds(Math.Min(chars / minimum, TimeSpan.MaxValue.TotalSeconds / 2));
            _lag = _isWriting && _lag > written ? _lag - written : TimeSpan.Zero;
            _isWriting = true;
        }
        else if (streamEvent is ContentCompleted or ToolCallCompleted or ResponseCompleted)
        {
            _isWriting = false;
        }
    }
}
