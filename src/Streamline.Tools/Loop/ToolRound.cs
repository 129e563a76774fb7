using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>
/// One round: merges the events of a response with those of its tools, keeps the book of its calls, and decides when a tool may start. It ends when the response and its
/// calls have ended.
/// </summary>
/// <remarks>
/// The consumer pulls, on one thread at a time. While tools are running, a read of the response may be pending across several events of theirs, and is never waited for alone.
/// </remarks>
internal sealed class ToolRound(IAsyncEnumerable<StreamEvent>? response, ToolConversation conversation, ToolScheduler scheduler, ToolInvoker invoker, ApprovalDesk approvals, bool mayCallTools) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<StreamEvent>? _response = response is null ? null : StreamFold.GetUnfoldedEnumerator(response, CancellationToken.None);
    private readonly ToolCatalog _tools = conversation.Tools;
    private readonly List<ToolCall> _calls = [];
    private readonly List<ToolCall> _settled = []; // of a response before the last one; a tool loop further in makes several
    private readonly HashSet<int> _notOurs = [];
    private List<ToolCall> _kept = [];
    private Task<bool>? _pendingRead;
    private FinishReason? _finishReason;
    private bool _allowsTools;
    private bool _isResponseOver = response is null;
    private bool _wasToolEvent;
    private bool _isOver;

    public StreamEvent Current { get; private set; } = null!;

    /// <summary>Whether the conversation is to be sent again. Known when the round has ended.</summary>
    public bool GoesOn => (_finishReason == FinishReason.Pause || (_allowsTools && _calls.Count > 0) || response is null)
        && !_calls.Exists(call => call.IsAnsweredElsewhere || call.State == ToolCallState.Deferred);

    /// <summary>Whether there were calls and every one was answered with an error.</summary>
    public bool HaveAllFailed => _calls.Count > 0 && _calls.TrueForAll(call => call.Outcome is { IsError: true });

    /// <summary>Moves to the next event of the response or its tools.</summary>
    /// <exception cref="StreamLimitException">The response makes more calls than are allowed.</exception>
    // Pooled, because it is awaited for every event of a response.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // Asked before events are taken: a call that settles in between leaves an event that must not wait for the response.
            var isWaiting = _calls.Exists(static call => call.IsPending);

            // After an event of a tool it is the response's turn, so that a tool that reports without end does not hold it up.
            if (!(_wasToolEvent && IsResponseReady()) && TryTakeToolEvent())
            {
                return true;
            }

            _wasToolEvent = false;
            if (!_isResponseOver)
            {
                if (await TryReadAsync(isWaiting, cancellationToken).ConfigureAwait(false))
                {
                    return true;
                }
            }
            else if (!isWaiting)
            {
                _isOver = !TryTakeToolEvent();
                return !_isOver;
            }
            else
            {
                await scheduler.Events.WaitAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Adds a call of an earlier stream.</summary>
    /// <param name="call">The call, with its tool and arguments.</param>
    /// <param name="refusal">The error that answers it; <see langword="null"/> to run it.</param>
    public void Resume(ToolCall call, ToolOutcome? refusal)
    {
        call.IsSealed = true;
        call.ExecutionContext = ExecutionContext.Capture();
        _calls.Add(call);
        if (refusal is not null)
        {
            scheduler.Settle(call, refusal);
        }
        else
        {
            scheduler.Submit(call);
        }
    }

    /// <summary>Puts results that are contents, such as images, in the place of their JSON.</summary>
    public void RestoreContents(StreamState state)
    {
        foreach (var call in _calls.Concat(_settled))
        {
            if (call.Outcome?.Contents is { } contents)
            {
                state.SetResultContents(call.CallId, contents);
            }
        }
    }

    /// <summary>Answers every call that will not get a result, unless the round has come to its end. Those left for a later request stay open.</summary>
    public void CloseCalls()
    {
        foreach (var call in _calls.Where(call => !_isOver && call.State != ToolCallState.Deferred))
        {
            scheduler.Withdraw(call, !call.IsSealed ? ToolErrors.ArgumentsCut() : _finishReason is null ? ToolErrors.NotAllowed(null) : ToolErrors.NotRunStreamLeft());
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_pendingRead is not null)
        {
            await ((Task)_pendingRead).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (_response is not null)
        {
            await _response.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Moves to the next event of the tools, if there is one.</summary>
    public bool TryTakeToolEvent()
    {
        if (!scheduler.Events.TryTake(out var toolEvent))
        {
            return false;
        }

        Current = toolEvent;
        _wasToolEvent = true;
        return true;
    }

    private bool IsResponseReady()
    {
        if (_isResponseOver)
        {
            return false;
        }

        _pendingRead ??= _response!.MoveNextAsync().AsTask();
        return _pendingRead.IsCompleted;
    }

    /// <summary>Reads the next event of the response, or returns early when a tool has something to tell.</summary>
    /// <returns>Whether <see cref="Current"/> is an event of the response.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> TryReadAsync(bool isWaiting, CancellationToken cancellationToken)
    {
        bool isThere;
        try
        {
            if (_pendingRead is null)
            {
                var read = _response!.MoveNextAsync();
                if (!read.IsCompleted && isWaiting)
                {
                    _pendingRead = read.AsTask();
                }
                else
                {
                    isThere = await read.ConfigureAwait(false);
                    return Take(isThere);
                }
            }

            await Task.WhenAny(_pendingRead, scheduler.Events.WaitAsync()).ConfigureAwait(false);
            if (!_pendingRead.IsCompleted)
            {
                return false;
            }

            var finished = _pendingRead;
            _pendingRead = null;
            isThere = await finished.ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            // The response knows only the token that also stops the tools.
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }

        return Take(isThere);
    }

    private bool Take(bool isThere)
    {
        if (!isThere)
        {
            _isResponseOver = true;
            EndResponse();
            return false;
        }

        Current = _response!.Current;
        Observe(Current);
        return true;
    }

    private void Observe(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case ResponseStarted:
                _settled.AddRange(_calls.Where(call => call.State == ToolCallState.Settled));
                _calls.RemoveAll(call => call.State == ToolCallState.Settled);
                _notOurs.Clear();
                _finishReason = null;
                break;
            case StreamRestarted:
                Restart();
                break;
            case ToolCallStarted { IsProviderExecuted: false, Choice: 0 } started:
                GetOrAdd(started.CallId, started.Name, started.Index);
                break;
            case ToolCallStarted started:
                _notOurs.Add(started.Index);
                break;
            case ToolInputDelta delta:
                Find(delta.CallId)?.Input?.Offer(delta.Input);
                break;
            case ToolCallCompleted { IsProviderExecuted: false } completed when !_notOurs.Contains(completed.Index):
                Seal(GetOrAdd(completed.CallId, completed.Name, completed.Index), completed);
                break;
            case ToolResult result when Find(result.CallId) is { Tool: null } call:
                _calls.Remove(call); // a tool loop further in answered it
                break;
            case ResponseCompleted completed:
                Complete(completed);
                break;
            default:
                break;
        }
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
            scheduler.Settle(call, ToolErrors.NoMoreTools());
        }
        else if (completed.ParseError is not null || completed.Arguments is not { ValueKind: JsonValueKind.Object } arguments)
        {
            scheduler.Settle(call, ToolErrors.InvalidArguments(completed.ParseError));
        }
        else if (tool.Check(arguments) is { } problems)
        {
            scheduler.Settle(call, ToolErrors.ArgumentsDoNotMatch(problems));
        }
        else if (!TryReuse(call, arguments))
        {
            call.Arguments = arguments;
            call.ExecutionContext = ExecutionContext.Capture();
            if (_finishReason is null ? tool.Options.ReadOnly : _allowsTools)
            {
                Begin(call);
            }
            else if (_finishReason is null)
            {
                scheduler.Events.Add(call, new ToolWaiting { CallId = call.CallId, Name = call.Name, Reason = ToolWaitReason.Response });
            }
        }
    }

    private void Begin(ToolCall call)
    {
        bool needsApproval;
        try
        {
            needsApproval = call.Tool!.NeedsApproval(conversation.ContextOf(call, onProgress: null));
        }
        catch (Exception exception)
        {
            scheduler.Settle(call, ToolErrors.ApprovalUnknown(exception, scheduler.Options.IncludeExceptionDetails));
            return;
        }

        if (needsApproval)
        {
            approvals.Ask(call);
        }
        else
        {
            scheduler.Submit(call);
        }
    }

    private void Complete(ResponseCompleted completed)
    {
        _finishReason = completed.FinishReason;
        _allowsTools = AllowsTools(completed);
        foreach (var call in _calls.Where(call => call is { IsSealed: true, Tool: not null }).ToList())
        {
            if (!_allowsTools)
            {
                scheduler.Withdraw(call, ToolErrors.NotAllowed(_finishReason));
            }
            else if (call.State == ToolCallState.Announced)
            {
                Begin(call);
            }
        }
    }

    /// <summary>After a proper end, only a reason that says that something went wrong forbids tools. One that nobody knows does not.</summary>
    private static bool AllowsTools(ResponseCompleted completed) => completed.FinishReason switch
    {
        FinishReason.Stop or FinishReason.ToolCalls => true,
        FinishReason.Other => completed.RawFinishReason?.Contains("error", StringComparison.OrdinalIgnoreCase) != true
            && completed.RawFinishReason?.Contains("malformed", StringComparison.OrdinalIgnoreCase) != true,
        _ => false,
    };

    /// <summary>Takes note that the response begins anew: its calls are discarded, and those whose tools have started are kept for their equals.</summary>
    private void Restart()
    {
        _kept.AddRange(scheduler.Restart(_calls));
        _calls.Clear();
        _notOurs.Clear();
        _finishReason = null;
    }

    private bool TryReuse(ToolCall call, JsonElement arguments)
    {
        var index = _kept.FindIndex(kept => string.Equals(kept.Name, call.Name, StringComparison.Ordinal) && JsonElement.DeepEquals(kept.Arguments, arguments));
        if (index < 0)
        {
            return false;
        }

        var kept = _kept[index];
        _kept.RemoveAt(index);
        scheduler.CleanUp(call);
        _calls[_calls.IndexOf(call)] = kept;
        scheduler.Adopt(kept, call.CallId);
        return true;
    }

    /// <summary>Takes note that the response is over: what can no longer be run is answered or left to the caller, and what nobody asked for again is stopped.</summary>
    private void EndResponse()
    {
        foreach (var call in _calls.Where(call => call.State == ToolCallState.Announced).ToList())
        {
            call.IsAnsweredElsewhere = _tools.IsCallers(call.Name);
            if (!call.IsAnsweredElsewhere)
            {
                scheduler.Settle(
                    call,
                    !_allowsTools || _finishReason is null ? ToolErrors.NotAllowed(_finishReason)
                        : call.Tool is null ? ToolErrors.Unknown(call.Name, _tools.Names)
                        : ToolErrors.ArgumentsCut());
            }
        }

        _kept.ForEach(scheduler.Discard);
        _kept = [];
    }

    private ToolCall? Find(string callId) => _calls.Find(call => string.Equals(call.CallId, callId, StringComparison.Ordinal));

    private ToolCall GetOrAdd(string callId, string name, int index)
    {
        if (Find(callId) is { } known)
        {
            return known;
        }

        var limit = scheduler.Options.MaxCallsPerRound;
        if (_calls.Count == limit)
        {
            throw new StreamLimitException(nameof(ToolLoopOptions.MaxCallsPerRound), limit, _calls.Count + 1);
        }

        var call = new ToolCall(callId, name, index, conversation.Round) { Tool = _tools.TryGet(name, out var tool) ? tool : null };
        call.Input = mayCallTools ? invoker.BeginInput(call) : null;
        _calls.Add(call);
        return call;
    }
}
