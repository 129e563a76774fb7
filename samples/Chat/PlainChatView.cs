using Streamline;

namespace ChatSample;

/// <summary>Writes text as it comes, and a line for everything else: for pipes and logs.</summary>
internal sealed class PlainChatView(TextWriter output) : ChatView
{
    private bool _inText;

    public override async Task ShowAsync(IAsyncEnumerable<StreamEvent> events, Answer answer, Action stop)
    {
        try
        {
            await foreach (var streamEvent in events)
            {
                answer.Apply(streamEvent);
                Show(streamEvent);
            }
        }
        finally
        {
            answer.Finish();
            EndText();
        }
    }

    public override void Note(string text, string color = "grey") => Line(text);

    private void Show(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case TextDelta delta:
                Write(delta.Text);
                break;
            case RefusalDelta delta:
                Write(delta.Text);
                break;
            case ToolCallCompleted call:
                Line($"[call {call.Name} {call.ArgumentsText}]");
                break;
            case ApprovalRequested request:
                request.Deny(NobodyToAsk);
                Line($"[denied {request.Name}: {NobodyToAsk}]");
                break;
            case ToolExecutionStarted started:
                Line($"[running {started.Name}]");
                break;
            case ToolResult result:
                Line($"[{(result.IsError ? "failed" : "done")} {result.Name} after {Figures.Milliseconds(result.Duration)}: {result.Result}]");
                break;
            case RetryScheduled retry:
                Line($"[{retry.Reason}; attempt {retry.Attempt} in {Figures.Milliseconds(retry.Delay)}]");
                break;
            case StreamRestarted restarted:
                Line($"[the answer was interrupted ({restarted.Reason}) and starts over; discard what was shown of it]");
                break;
            case StreamResumed resumed:
                Line($"[the answer was cut ({resumed.Reason}) and continues]");
                break;
            case ResponseCompleted { Outcome: not StreamOutcome.Complete } completed:
                Line($"[the answer ended: {completed.RawFinishReason}]");
                break;
        }
    }

    private void Write(string text)
    {
        output.Write(text);
        output.Flush();
        _inText = true;
    }

    private void Line(string text)
    {
        EndText();
        output.WriteLine(text);
    }

    private void EndText()
    {
        if (_inText)
        {
            output.WriteLine();
            _inText = false;
        }
    }
}
