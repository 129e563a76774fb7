namespace Streamline.Diagnostics;

/// <summary>Which tools of a stream run, and how long they do so while their response is still arriving.</summary>
internal sealed class ToolTimes(TimeProvider time)
{
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private Dictionary<string, long>? _running;
    private bool _isResponseOver;
    private bool _hasCalls;

    /// <summary>Notes an event.</summary>
    /// <returns>Whether it answers the last open call of a response that has ended.</returns>
    public bool Note(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case ToolCallCompleted { IsProviderExecuted: false } call:
                (_isResponseOver, _hasCalls) = (false, true);
                _open.Add(call.CallId);
                return false;
            case ToolExecutionStarted started:
                if ((_running ??= new(StringComparer.Ordinal)).TryAdd(started.CallId, _isResponseOver ? 0 : time.GetTimestamp()))
                {
                    StreamInstruments.ToolsRunning.Add(1);
                }

                return false;
            case ToolResult result:
                Stop(result.CallId);
                return _open.Remove(result.CallId) && _open.Count == 0 && _isResponseOver;
            case ToolAbandoned abandoned:
                Stop(abandoned.CallId);
                return false;
            default:
                return false;
        }
    }

    /// <summary>Notes that the response has ended: what still runs does not overlap with it any more.</summary>
    /// <returns>Whether it had calls, and all of them are answered.</returns>
    public bool EndResponse()
    {
        _isResponseOver = true;
        foreach (var call in _running?.Keys.ToArray() ?? [])
        {
            Overlap(_running![call]);
            _running[call] = 0;
        }

        var isAnswered = _hasCalls && _open.Count == 0;
        _hasCalls = false;
        return isAnswered;
    }

    public void End()
    {
        foreach (var call in _running?.Keys.ToArray() ?? [])
        {
            Stop(call);
        }
    }

    private void Stop(string call)
    {
        if (_running?.Remove(call, out var since) == true)
        {
            StreamInstruments.ToolsRunning.Add(-1);
            Overlap(since);
        }
    }

    private void Overlap(long since)
    {
        if (since != 0)
        {
            StreamInstruments.ToolOverlap.Record(time.GetElapsedTime(since).TotalSeconds);
        }
    }
}
