using System.Diagnostics.CodeAnalysis;

namespace Streamline.Tools;

/// <summary>What the tools of one round have to say: to the consumer as events, to the model as results.</summary>
/// <remarks>Used by the reader of the stream only. What runs have to tell comes through <see cref="ToolSignals"/>.</remarks>
internal sealed class ToolAnswers(ToolSignals signals, StreamState state)
{
    private readonly Queue<StreamEvent> _events = new();

    /// <summary>Answers a call.</summary>
    public void Add(ToolCall call, ToolOutcome outcome)
    {
        call.IsAnswered = true;
        if (outcome.Contents is { } contents)
        {
            state.SetResultContents(call.CallId, contents);
        }

        _events.Enqueue(new ToolResult
        {
            CallId = call.CallId,
            Name = call.Name,
            Result = outcome.Result,
            IsError = outcome.IsError,
            Duration = outcome.Duration,
        });
    }

    /// <summary>Takes the next event.</summary>
    public bool TryTake([NotNullWhen(true)] out StreamEvent? streamEvent)
    {
        while (!_events.TryDequeue(out streamEvent))
        {
            if (!signals.TryTake(out var signal))
            {
                return false;
            }

            Translate(signal);
        }

        return true;
    }

    /// <summary>Completes when there may be an event to take that was none before.</summary>
    public Task WaitAsync() => signals.WaitAsync();

    private void Translate(ToolSignal signal)
    {
        // A call that was answered otherwise, or was of an earlier round, has nothing more to tell.
        if (signal.Invocation.Call is not { IsAnswered: false } call)
        {
            return;
        }

        switch (signal.Kind)
        {
            case ToolSignalKind.Started:
                _events.Enqueue(new ToolExecutionStarted { CallId = call.CallId, Name = call.Name });
                break;
            case ToolSignalKind.Progress:
                _events.Enqueue(new ToolProgress { CallId = call.CallId, Name = call.Name, Progress = signal.Progress });
                break;
            default:
                Add(call, signal.Invocation.Outcome!);
                break;
        }
    }
}
