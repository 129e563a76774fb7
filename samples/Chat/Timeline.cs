using Streamline;

namespace ChatSample;

/// <summary>When the model was writing and when each tool ran, from the moment of the question.</summary>
internal sealed class Timeline
{
    private readonly List<TimeRange> _responses = [];
    private readonly List<ToolActivity> _tools = [];

    public IReadOnlyList<TimeRange> Responses => _responses;

    public IReadOnlyList<ToolActivity> Tools => _tools;

    public void Apply(StreamEvent streamEvent, TimeSpan at)
    {
        switch (streamEvent)
        {
            case ResponseStarted:
                EndResponse(at);
                _responses.Add(new TimeRange(at));
                break;
            case ResponseCompleted or StreamRestarted:
                EndResponse(at);
                break;
            case ToolCallStarted { IsProviderExecuted: false } started:
                _tools.Add(new ToolActivity(started.CallId, started.Name, at));
                break;
            case ToolCallCompleted completed when Find(completed.CallId) is { } tool:
                tool.ArgumentsWhole = at;
                break;
            case ApprovalRequested request when Find(request.CallId) is { } tool:
                tool.Approval = new TimeRange(at);
                break;
            case ApprovalResolved resolved when Find(resolved.CallId) is { Approval: { } approval }:
                approval.End = at;
                break;
            case ToolExecutionStarted started when Find(started.CallId) is { } tool:
                tool.Run = new TimeRange(at);
                break;
            case ToolResult result when Find(result.CallId) is { } tool:
                EndTool(tool, at, result.IsError);
                break;
        }
    }

    /// <summary>Ends what a stop or a failure left open.</summary>
    public void Finish(TimeSpan at)
    {
        EndResponse(at);
        foreach (var tool in _tools.Where(tool => tool.Ended is null))
        {
            EndTool(tool, at, isError: true);
        }
    }

    public bool IsModelWriting(TimeSpan at) => _responses.Exists(response => response.Contains(at));

    /// <summary>How long the tools ran, put one after the other.</summary>
    public TimeSpan ToolTime(TimeSpan now) => Sum(_tools.Select(tool => tool.Run?.Length(now) ?? TimeSpan.Zero));

    /// <summary>How much longer the answer would have taken if each response and each tool had waited for the one before.</summary>
    public TimeSpan Saved(TimeSpan now)
    {
        var ranges = _responses.Concat(_tools.Select(tool => tool.Run).OfType<TimeRange>()).OrderBy(range => range.Start).ToList();
        var busy = TimeSpan.Zero;
        var reached = TimeSpan.Zero;
        foreach (var range in ranges)
        {
            var start = range.Start > reached ? range.Start : reached;
            var end = range.End ?? now;
            if (end > start)
            {
                busy += end - start;
                reached = end;
            }
        }

        return Sum(ranges.Select(range => range.Length(now))) - busy;
    }

    private static TimeSpan Sum(IEnumerable<TimeSpan> spans) => spans.Aggregate(TimeSpan.Zero, (sum, span) => sum + span);

    private static void EndTool(ToolActivity tool, TimeSpan at, bool isError)
    {
        tool.Run?.End ??= at;
        tool.Approval?.End ??= at;
        tool.Ended = at;
        tool.IsError = isError;
    }

    private void EndResponse(TimeSpan at)
    {
        if (_responses is [.., { End: null } open])
        {
            open.End = at;
        }
    }

    // A provider may use the id of an earlier round again.
    private ToolActivity? Find(string callId) => _tools.FindLast(tool => tool.CallId == callId);
}
