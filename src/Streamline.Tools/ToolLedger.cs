using System.Text.Json;

namespace Streamline.Tools;

/// <summary>
/// The book of one round's calls: which are sealed, run, answered or the caller's, and when a tool may start. It also keeps the runs of an attempt that
/// broke, so that the next attempt's equal calls get their results.
/// </summary>
/// <remarks>Used by the reader of the stream only. What becomes of it for the consumer is in <see cref="ToolAnswers"/>.</remarks>
internal sealed class ToolLedger(ToolCatalog tools, IReadOnlySet<string> callersTools, ToolExecutor executor, ToolAnswers answers)
{
    private readonly List<ToolCall> _calls = [];
    private readonly HashSet<int> _notOurs = [];
    private readonly List<ToolInvocation> _kept = [];
    private ToolGroup _group = new();
    private FinishReason? _finishReason;

    /// <summary>Gets a value indicating whether tools run or wait whose results belong to this round.</summary>
    public bool IsWaiting => _calls.Exists(call => call is { Invocation: not null, IsAnswered: false });

    /// <summary>Gets a value indicating whether the conversation is to be sent again. Known when the round has ended.</summary>
    public bool GoesOn => !_calls.Exists(call => call.IsCallers) && _finishReason switch
    {
        FinishReason.Pause => true,
        FinishReason.Stop or FinishReason.ToolCalls => _calls.Count > 0,
        _ => false,
    };

    /// <summary>Takes note of an event of the provider, and starts what may start.</summary>
    /// <exception cref="StreamLimitException">The response makes more calls than are allowed.</exception>
    public void Observe(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case ResponseStarted:
                _calls.RemoveAll(call => call.IsAnswered);
                _notOurs.Clear();
                _finishReason = null;
                break;
            case ToolCallStarted { IsProviderExecuted: false, Choice: 0 } started:
                GetOrAdd(started.CallId, started.Name);
                break;
            case ToolCallStarted started:
                _notOurs.Add(started.Index);
                break;
            case ToolCallCompleted { IsProviderExecuted: false } sealedCall when !_notOurs.Contains(sealedCall.Index):
                Seal(GetOrAdd(sealedCall.CallId, sealedCall.Name), sealedCall);
                break;
            case ToolResult result when Find(result.CallId) is { IsAnswered: false } call:
                // A tool loop further in answered it.
                call.IsAnswered = true;
                break;
            case ResponseCompleted completed:
                Complete(completed.FinishReason);
                break;
            default:
                break;
        }
    }

    /// <summary>Takes note that the response begins anew: its calls are void, and the runs that have started are kept for their equals.</summary>
    public void Restart()
    {
        foreach (var invocation in _calls.Select(call => call.Invocation).OfType<ToolInvocation>())
        {
            invocation.Call = null;
            if (!executor.TryWithdraw(invocation, ToolErrors.Stopped()))
            {
                _kept.Add(invocation);
            }
        }

        _calls.Clear();
        _notOurs.Clear();
        _group = new ToolGroup();
        _finishReason = null;
    }

    /// <summary>Takes note that the provider's events have ended: what can no longer be run is answered or left to the caller, and what nobody asked for again is cancelled.</summary>
    public void End()
    {
        foreach (var call in _calls.Where(call => call is { Invocation: null, IsAnswered: false }))
        {
            if (callersTools.Contains(call.Name))
            {
                call.IsCallers = true;
            }
            else if (!MayRunTools(_finishReason))
            {
                answers.Add(call, ToolErrors.NotAllowed(_finishReason));
            }
            else
            {
                answers.Add(call, tools.TryGet(call.Name, out _) ? ToolErrors.ArgumentsCut() : ToolErrors.Unknown(call.Name, tools.Names));
            }
        }

        foreach (var invocation in _kept)
        {
            invocation.TrySettle(ToolErrors.Stopped());
            invocation.Cancel();
        }

        _kept.Clear();
    }

    private static bool MayRunTools(FinishReason? reason) => reason is FinishReason.ToolCalls or FinishReason.Stop;

    private void Seal(ToolCall call, ToolCallCompleted sealedCall)
    {
        // Some gateways send a call again as a part of a cumulative message.
        if (call.IsSealed || !tools.TryGet(call.Name, out var tool))
        {
            return;
        }

        call.IsSealed = true;
        if (sealedCall.ParseError is not null || sealedCall.Arguments is not { ValueKind: JsonValueKind.Object } arguments)
        {
            answers.Add(call, ToolErrors.InvalidArguments(sealedCall.ParseError));
            if (tool.Options.CancelSiblingsOnFailure)
            {
                executor.Fail(_group, tool.Name);
            }

            return;
        }

        call.Arguments = arguments;
        if (!TryReuse(call, tool) && (_finishReason is null ? tool.Options.ReadOnly : MayRunTools(_finishReason)))
        {
            Start(call, tool);
        }
    }

    private void Complete(FinishReason reason)
    {
        _finishReason = reason;
        foreach (var call in _calls.Where(call => call is { IsSealed: true, IsAnswered: false }))
        {
            if (!MayRunTools(reason))
            {
                if (call.Invocation is null || executor.TryWithdraw(call.Invocation, ToolErrors.NotAllowed(reason)))
                {
                    answers.Add(call, call.Invocation?.Outcome ?? ToolErrors.NotAllowed(reason));
                }
            }
            else if (call.Invocation is null && tools.TryGet(call.Name, out var tool))
            {
                Start(call, tool);
            }
        }
    }

    private void Start(ToolCall call, RunnableTool tool)
    {
        call.Invocation = new ToolInvocation(tool, call.Arguments, _group, executor) { Call = call };
        executor.Submit(call.Invocation);
    }

    private bool TryReuse(ToolCall call, RunnableTool tool)
    {
        var index = _kept.FindIndex(kept => kept.Tool == tool && JsonElement.DeepEquals(kept.Arguments, call.Arguments));
        if (index < 0)
        {
            return false;
        }

        var invocation = _kept[index];
        _kept.RemoveAt(index);
        call.Invocation = invocation;
        invocation.Call = call;
        executor.Move(invocation, _group);
        if (invocation.Outcome is { } outcome)
        {
            answers.Add(call, outcome);
        }

        return true;
    }

    private ToolCall? Find(string callId) => _calls.Find(call => string.Equals(call.CallId, callId, StringComparison.Ordinal));

    private ToolCall GetOrAdd(string callId, string name)
    {
        if (Find(callId) is { } known)
        {
            return known;
        }

        if (_calls.Count == executor.Options.MaxCallsPerRound)
        {
            throw new StreamLimitException(nameof(ToolLoopOptions.MaxCallsPerRound), executor.Options.MaxCallsPerRound, _calls.Count + 1);
        }

        var call = new ToolCall(callId, name);
        _calls.Add(call);
        return call;
    }
}
