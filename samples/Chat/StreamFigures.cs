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

    /// <summary>The whole answer as far as it arrived.</summary>
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
                AddTool(began, now);
                break;
            case ResponseCompleted:
                _responding = false;
                _responseEnd = now;
                break;
        }
    }

    /// <summary>Ends the measurement, also of the tools that a stop left without a result, and tells what was measured.</summary>
    public string Finish()
    {
        var end = time.GetElapsedTime(_start);
        foreach (var began in _running.Values)
        {
            AddTool(began, end);
        }

        _running.Clear();
        return string.Join(" · ",
            $"time to first token {Milliseconds(_firstToken)}",
            Response.Usage is { } usage ? $"{usage.InputTokenCount ?? 0} tokens in, {usage.OutputTokenCount ?? 0} out" : "tokens not reported",
            $"tools {Milliseconds(_toolTime)}, {Milliseconds(_overlapped)} of it while the model went on",
            $"{Milliseconds(end)} in all");
    }

    private void AddTool(TimeSpan began, TimeSpan ended)
    {
        var streamed = (_responding ? ended : _responseEnd) - began;
        _toolTime += ended - began;
        _overlapped += streamed > TimeSpan.Zero ? streamed : TimeSpan.Zero;
    }

    private static string Milliseconds(TimeSpan? span) => span is { } value ? $"{value.TotalMilliseconds:F0} ms" : "never";
}
