namespace Streamline.Chaos.Conversations;

/// <summary>The order of events that docs/events.md promises.</summary>
internal static class EventOrder
{
    public static void Check(IReadOnlyList<StreamEvent> events)
    {
        var round = new Round();
        HashSet<string> started = new(StringComparer.Ordinal);
        HashSet<string> results = new(StringComparer.Ordinal);
        foreach (var streamEvent in events)
        {
            switch (streamEvent)
            {
                case ResponseStarted:
                    Require(!round.IsOpen, streamEvent, "a response begins once");
                    round = new Round { IsOpen = true };
                    break;
                case StreamRestarted:
                    // The response comes anew, and what its tools had done is told again.
                    round = new Round();
                    started.Clear();
                    results.Clear();
                    break;
                case ResponseCompleted:
                    Require(round.IsOpen, streamEvent, "a response ends once");
                    round.IsOpen = false;
                    break;
                case ToolExecutionStarted execution:
                    Require(started.Add(execution.CallId), streamEvent, "a tool starts once");
                    break;
                case ToolResult result:
                    Require(results.Add(result.CallId), streamEvent, "a call has one result");
                    break;
                default:
                    round.Take(streamEvent);
                    break;
            }
        }
    }

    private static void Require(bool condition, StreamEvent streamEvent, string rule)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"Order of events: {rule}; found {streamEvent}.");
        }
    }

    private sealed class Round
    {
        private readonly HashSet<int> _ended = [];
        private readonly HashSet<int> _calls = [];

        public bool IsOpen { get; set; }

        public void Take(StreamEvent streamEvent)
        {
            switch (streamEvent)
            {
                case TextDelta delta:
                    TakePart(delta.Index, streamEvent);
                    break;
                case ReasoningDelta delta:
                    TakePart(delta.Index, streamEvent);
                    break;
                case ContentStarted begun:
                    TakePart(begun.Index, streamEvent);
                    break;
                case ContentCompleted completed:
                    TakePart(completed.Index, streamEvent);
                    _ended.Add(completed.Index);
                    break;
                case ToolCallStarted call:
                    TakePart(call.Index, streamEvent);
                    Require(_calls.Add(call.Index), streamEvent, "a call begins once");
                    break;
                case ToolInputDelta input:
                    TakePart(input.Index, streamEvent);
                    Require(_calls.Contains(input.Index), streamEvent, "a call begins before its arguments");
                    break;
                case ToolCallCompleted completed:
                    TakePart(completed.Index, streamEvent);
                    Require(_calls.Contains(completed.Index), streamEvent, "a call begins before it ends");
                    _ended.Add(completed.Index);
                    break;
                default:
                    break;
            }
        }

        private void TakePart(int index, StreamEvent streamEvent)
        {
            Require(IsOpen, streamEvent, "nothing of a response comes before its beginning or after its end");
            Require(!_ended.Contains(index), streamEvent, "nothing of a block comes after its end");
        }
    }
}
