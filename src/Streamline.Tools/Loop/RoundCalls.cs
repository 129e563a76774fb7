using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>The calls of one round: reads them out of the events of its response, and decides when a tool may start and what becomes of a call that may not.</summary>
/// <remarks>Used on the thread that reads the stream.</remarks>
internal sealed class RoundCalls(ToolLoop loop, ToolConversation conversation, ApprovalSigner signer, bool mayCallTools)
{
    private readonly ToolCatalog _tools = conversation.Tools;
    private readonly List<ToolCall> _calls = [];
    private List<ToolCall>? _kept; // of an attempt that was discarded: their tools have started
    private HashSet<int>? _notOurs;
    private ResponseCompleted? _completed; // the end of the response, once it is there
    private bool _isResumed;

    private ToolScheduler Scheduler => loop.OpenScheduler();

    /// <summary>Whether the response has ended in a way that lets tools run: only a reason that says that something went wrong forbids it, one that nobody knows does not.</summary>
    private bool AllowsTools => _completed switch
    {
        { FinishReason: FinishReason.Stop or FinishReason.ToolCalls } => true,
        { FinishReason: FinishReason.Other, RawFinishReason: var raw } => raw?.Contains("error", StringComparison.OrdinalIgnoreCase) != true && raw?.Contains("malformed", StringComparison.OrdinalIgnoreCase) != true,
        _ => false,
    };

    /// <summary>The number of responses that have begun.</summary>
    public int Responses { get; private set; }

    /// <summary>Whether the response is the last word of its round: it has ended, without calls. Whatever tools of earlier rounds still do is not shown after it.</summary>
    public bool IsLastWord => _completed is not null && _calls.Count == 0;

    /// <summary>Whether the conversation is to be sent again. Known when the round has ended.</summary>
    public bool GoesOn => (_isResumed || _completed is { FinishReason: FinishReason.Pause } || (AllowsTools && _calls.Count > 0))
        && !_calls.Exists(static call => call.IsAnsweredElsewhere || call.State == ToolCallState.Deferred);

    /// <summary>Whether there were calls and every one was answered with an error.</summary>
    public bool HaveAllFailed => _calls.Count > 0 && _calls.TrueForAll(static call => call.Outcome is { IsError: true });

    /// <summary>Adds a call of an earlier stream.</summary>
    /// <param name="call">The call, with its tool and arguments.</param>
    /// <param name="refusal">The error that answers it; <see langword="null"/> to run it.</param>
    public void Resume(ToolCall call, ToolOutcome? refusal)
    {
        _isResumed = true;
        call.IsSealed = true;
        call.ExecutionContext = ExecutionContext.Capture();
        _calls.Add(call);
        if (refusal is not null)
        {
            Scheduler.Settle(call, refusal);
        }
        else
        {
            Scheduler.Submit(call, isReader: true);
        }
    }

    /// <summary>Takes note of an event of the response.</summary>
    /// <exception cref="StreamLimitException">The response makes more calls than are allowed.</exception>
    public void Observe(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case TextDelta:
                break; // most events are
            case ResponseStarted:
                Begin();
                break;
            case StreamRestarted:
                Restart();
                break;
            case ToolCallStarted { IsProviderExecuted: false, Choice: 0 } started:
                GetOrAdd(started.CallId, started.Name, started.Index);
                break;
            case ToolCallStarted started:
                (_notOurs ??= []).Add(started.Index);
                break;
            case ToolInputDelta delta:
                Find(delta.CallId)?.Input?.Offer(delta.Input);
                break;
            case ToolCallCompleted { IsProviderExecuted: false } completed when _notOurs?.Contains(completed.Index) != true:
                Seal(GetOrAdd(completed.CallId, completed.Name, completed.Index), completed);
                break;
            case ToolResult result when Find(result.CallId) is { } call:
                Release(call);
                break;
            case ResponseCompleted completed:
                Complete(completed);
                break;
            default:
                break;
        }
    }

    /// <summary>Takes note that the response is over: what can no longer be run is answered or left to the caller, and what nobody asked for again is stopped.</summary>
    public void EndResponse()
    {
        for (var i = 0; i < _calls.Count; i++)
        {
            var call = _calls[i];
            if (call.State != ToolCallState.Announced)
            {
                continue;
            }

            call.IsAnsweredElsewhere = _tools.IsCallers(call.Name);
            if (!call.IsAnsweredElsewhere)
            {
                Scheduler.Settle(
                    call,
                    !AllowsTools ? ToolErrors.NotAllowed(_completed?.FinishReason)
                        : call.Tool is null ? ToolErrors.Unknown(call.Name, _tools.Names)
                        : ToolErrors.ArgumentsCut());
            }
        }

        _kept?.ForEach(Scheduler.Stopper.Discard);
        _kept = null;
    }

    /// <summary>Answers every call that will not get a result. Those left for a later request stay open.</summary>
    public void Close()
    {
        foreach (var call in _calls.Where(static call => call.State != ToolCallState.Deferred))
        {
            Scheduler.Withdraw(call, !call.IsSealed ? ToolErrors.ArgumentsCut() : _completed is null && !_isResumed ? ToolErrors.NotAllowed(null) : ToolErrors.NotRunStreamLeft());
        }
    }

    /// <summary>Puts results that are contents, such as images, in the place of their JSON.</summary>
    public void RestoreContents(StreamState state)
    {
        foreach (var call in _calls)
        {
            if (call.Outcome?.Contents is { } contents)
            {
                state.SetResultContents(call.CallId, contents);
            }
        }
    }

    private void Begin()
    {
        Responses++;
        _notOurs = null;
        _completed = null;

        loop.Scheduler?.Stopper.BeginResponse();
    }

    private void Seal(ToolCall call, ToolCallCompleted completed)
    {
        // Some gateways send a call again as a part of a cumulative message.
        if (call.IsSealed)
        {
            return;
        }

        call.IsSealed = true;
        if (call.Tool is not { } tool)
        {
            return;
        }

        if (!mayCallTools)
        {
            Scheduler.Settle(call, ToolErrors.NoMoreTools());
        }
        else if (completed.ParseError is not null || completed.Arguments is not { ValueKind: JsonValueKind.Object } arguments)
        {
            Scheduler.Settle(call, ToolErrors.InvalidArguments(completed.ParseError));
        }
        else if (!ToolJson.IsText(arguments))
        {
            Scheduler.Settle(call, ToolErrors.InvalidArguments("A string has half of a surrogate pair, or bytes that are not UTF-8."));
        }
        else if (tool.Check(arguments) is { } problems)
        {
            Scheduler.Settle(call, ToolErrors.ArgumentsDoNotMatch(problems));
        }
        else if (!TryReuse(call, arguments))
        {
            call.Arguments = arguments;
            call.ExecutionContext = ExecutionContext.Capture();
            if (Scheduler.FindResources(call) is { } refusal)
            {
                Scheduler.Settle(call, refusal);
            }
            else if (_completed is null ? tool.Options.ReadOnly && !_calls.TakeWhile(earlier => earlier != call).Any(call.MustFollow) : AllowsTools)
            {
                Begin(call);
            }
            else if (_completed is null)
            {
                Scheduler.Events.Add(call, new ToolWaiting { CallId = call.CallId, Name = call.Name, Reason = ToolWaitReason.Response });
            }
        }
    }

    private void Begin(ToolCall call)
    {
        bool needsApproval;
        try
        {
            needsApproval = call.Tool!.NeedsApproval(call, conversation);
        }
        catch (Exception exception)
        {
            Scheduler.Settle(call, ToolErrors.ApprovalUnknown(exception, Scheduler.Options.IncludeExceptionDetails));
            return;
        }

        if (needsApproval)
        {
            new ApprovalDesk(Scheduler, signer).Ask(call);
        }
        else
        {
            Scheduler.Submit(call, isReader: true);
        }
    }

    private void Complete(ResponseCompleted completed)
    {
        _completed = completed;
        for (var i = 0; i < _calls.Count; i++)
        {
            var call = _calls[i];
            if (call is not { IsSealed: true, Tool: not null })
            {
                continue;
            }

            if (!AllowsTools)
            {
                Scheduler.Withdraw(call, ToolErrors.NotAllowed(completed.FinishReason));
            }
            else if (call.State == ToolCallState.Announced)
            {
                Begin(call);
            }
        }
    }

    /// <summary>Takes note that the response begins anew: its calls are discarded, and those whose tools have started are kept for their equals.</summary>
    private void Restart()
    {
        (_kept ??= []).AddRange(Scheduler.Restart(_calls));
        _calls.Clear();
        _notOurs = null;
        _completed = null;
    }

    /// <summary>Leaves a call to the one that answered it: a tool loop further in, or the provider. A tool that reads and has started is stopped.</summary>
    private void Release(ToolCall call)
    {
        _calls.Remove(call);
        (_notOurs ??= []).Add(call.Index);
        Scheduler.Restart([call]).ForEach(Scheduler.Stopper.Discard);
    }

    private bool TryReuse(ToolCall call, JsonElement arguments)
    {
        var index = _kept?.FindIndex(kept => string.Equals(kept.Name, call.Name, StringComparison.Ordinal) && JsonElement.DeepEquals(kept.Arguments, arguments)) ?? -1;
        if (index < 0)
        {
            return false;
        }

        var kept = _kept![index];
        _kept.RemoveAt(index);
        Scheduler.Cleanup.CleanUp(call);
        _calls[_calls.IndexOf(call)] = kept;
        Scheduler.Adopt(kept, call.CallId);
        return true;
    }

    private ToolCall? Find(string callId)
    {
        foreach (var call in _calls)
        {
            if (string.Equals(call.CallId, callId, StringComparison.Ordinal))
            {
                return call;
            }
        }

        return null;
    }

    private ToolCall GetOrAdd(string callId, string name, int index)
    {
        if (Find(callId) is { } known)
        {
            return known;
        }

        var limit = Scheduler.Options.MaxCallsPerRound;
        if (_calls.Count == limit)
        {
            throw new StreamLimitException(nameof(ToolLoopOptions.MaxCallsPerRound), limit, _calls.Count + 1);
        }

        var call = new ToolCall(callId, name, index, conversation.Round) { Tool = _tools.TryGet(name, out var tool) ? tool : null };
        call.Input = mayCallTools ? Scheduler.Invoker.BeginInput(call) : null;
        _calls.Add(call);
        return call;
    }
}
