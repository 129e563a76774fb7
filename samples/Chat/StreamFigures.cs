using Microsoft.Extensions.AI;
using Streamline;

namespace ChatSample;

/// <summary>Takes the times of a stream: to its first token, of its tools, and how much of that passed while the model went on.</summary>
internal sealed class StreamFigures(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private readonly StreamState _state = new();
    private readonly Dictionary<string, TimeSpan> _running = new(StringComparer.Ordinal);
    private TimeSpan? _firstToken;
    private TimeSpan _toolTime;
    private TimeSpan _overlapped;
    private TimeSpan _responseEnd;
    private bool _responding;

    /// <summary>The whole answer as far as it came.</summary>
    public ChatResponse Response => _state.ToChatResponse();

    public void Add(StreamEvent streamEvent)
    {
        _state.Apply(streamEvent);
        var now = time.GetElapsedTime(_start);
        switch (streamEvent)
        {
            case ResponseStarted:
                _responding = true;
                break;
            case TextDelta or ReasoningDelta:
                _firstToken ??= now;
                break;
            case ToolExecutionStarted started:
                _running[started.CallId] = now;
                break;
            case ToolResult result when _running.Remove(result.CallId, out var began):
                _toolTime += now - began;
                var streamed = (_responding ? now : _responseEnd) - began;
                _overlapped += streamed > TimeSpan.Zero ? streamed : TimeSpan.Zero;
                break;
            case ResponseCompleted:
                _responding = false;
                _responseEnd = now;
                break;
        }
    }

    public override string ToString()
    {
        var usage = Response.Usage;
        return string.Join(" · ",
            $"time to first token {Milliseconds(_firstToken)}",
            $"{usage?.InputTokenCount ?? 0} tokens in, {usage?.OutputTokenCount ?? 0} out",
            $"tools {Milliseconds(_toolTime)}, {Milliseconds(_overlapped)} of it while the model went on",
            $"{Milliseconds(time.GetElapsedTime(_start))} in all");
    }

    private static string Milliseconds(TimeSpan? span) => span is { } value ? $"{value.TotalMilliseconds:F0} ms" : "never";
}
