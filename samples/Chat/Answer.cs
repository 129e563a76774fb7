using Streamline;

namespace ChatSample;

/// <summary>An answer as far as it has arrived, with the times at which its parts arrived. For one thread at a time.</summary>
internal sealed class Answer(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private TimeSpan? _end;

    public StreamState State { get; } = new();

    public Timeline Timeline { get; } = new();

    /// <summary>How long the first text, reasoning or tool call took; null before it.</summary>
    public TimeSpan? FirstContent { get; private set; }

    /// <summary>The time since the question; once the answer has ended, the time that it took.</summary>
    public TimeSpan Elapsed => _end ?? time.GetElapsedTime(_start);

    public void Apply(StreamEvent streamEvent)
    {
        State.Apply(streamEvent);
        Timeline.Apply(streamEvent, Elapsed);
        if (streamEvent is TextDelta or ReasoningDelta or RefusalDelta or ToolCallStarted)
        {
            FirstContent ??= Elapsed;
        }
    }

    public void Finish()
    {
        _end ??= Elapsed;
        Timeline.Finish(Elapsed);
    }
}
