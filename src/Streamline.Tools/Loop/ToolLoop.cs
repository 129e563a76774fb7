using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>One stream of a tool loop: round after round until the model calls no more tools, or a limit or a hook ends it.</summary>
internal sealed class ToolLoop(ToolLoopStreamClient client, IStreamClient inner, StreamRequest request, StreamState state, CancellationToken cancellationToken)
    : IAsyncEnumerable<StreamEvent>, IAsyncEnumerator<StreamEvent>
{
    private CancellationTokenSource? _stop; // these three are made by the first move
    private ApprovalInbox _inbox = null!;
    private ToolConversation _conversation = null!;
    private ToolRound? _round;
    private Exception? _failure; // ends the stream, after the open calls have been answered
    private bool _isResuming;
    private bool _isLast; // whether the model may call no more tools in this round
    private bool _isOver;
    private bool _isLeft;

    public StreamEvent Current { get; private set; } = null!;

    /// <summary>What runs the calls; <see langword="null"/> before the first one, because most streams have none.</summary>
    public ToolScheduler? Scheduler { get; private set; }

    private ToolLoopOptions Options => client.Options;

    /// <summary>Makes what runs the calls, unless it is there.</summary>
    public ToolScheduler OpenScheduler() => Scheduler ??= new ToolScheduler(Options, new ToolInvoker(Options, client.Services, client.Logger, _conversation), client.Locks);

    public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken ofEnumeration = default) => this; // StreamFold has made one token of both

    public ValueTask<bool> MoveNextAsync()
    {
        if (_round is not { } round || _failure is not null)
        {
            return AdvanceAsync(_round, default);
        }

        var moving = Move(round);
        if (!moving.IsCompletedSuccessfully)
        {
            return AdvanceAsync(round, moving);
        }

        Current = round.Current;
        return moving.Result ? new ValueTask<bool>(true) : AdvanceAsync(round, default);
    }

    public ValueTask DisposeAsync() => LeaveAsync();

    private static ValueTask<bool> Move(ToolRound round)
    {
        try
        {
            return round.MoveNextAsync();
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<bool>(exception);
        }
    }

    // Pooled, because it suspends once per event that has to be waited for.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> AdvanceAsync(ToolRound? round, ValueTask<bool> moving)
    {
        try
        {
            while (!_isOver)
            {
                if (round is null)
                {
                    round = await BeginRoundAsync().ConfigureAwait(false);
                    moving = Move(round);
                }

                try
                {
                    if (_failure is null ? await moving.ConfigureAwait(false) : round.TryTakeToolEvent())
                    {
                        Current = round.Current;
                        return true;
                    }
                }
                catch (Exception exception)
                {
                    _failure = exception;
                }

                if (_failure is { } failure)
                {
                    if (await AnswerOpenCallsAsync(round).ConfigureAwait(false))
                    {
                        return true;
                    }

                    ExceptionDispatchInfo.Throw(failure);
                }

                await EndRoundAsync(round).ConfigureAwait(false);
                round = null;
            }

            return false;
        }
        catch (Exception)
        {
            _isOver = true;
            await LeaveFailedAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Answers every open call before the stream fails, so that what remains of it is a conversation that can be continued.</summary>
    /// <returns>Whether there is an answer to show.</returns>
    private async ValueTask<bool> AnswerOpenCallsAsync(ToolRound round)
    {
        if (_isLeft)
        {
            return false;
        }

        await LeaveFailedAsync().ConfigureAwait(false);
        var isThere = round.TryTakeToolEvent();
        Current = round.Current;
        return isThere;
    }

    private async ValueTask<ToolRound> BeginRoundAsync()
    {
        if (_stop is null)
        {
            _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _inbox = ApprovalInbox.Read(request.Messages);
            _conversation = new ToolConversation(request, _inbox.Messages, client, state);
            _isResuming = _inbox.Pending.Count > 0;
        }

        // Before anything starts, because a store of claims may fail.
        var decided = _isResuming ? await DecideAsync().ConfigureAwait(false) : [];
        var sent = _isResuming ? null : await _conversation.BeginRoundAsync(Options.BeforeRound, !_isLast, cancellationToken).ConfigureAwait(false);
        var response = sent is null ? null : StreamFold.GetUnfoldedEnumerator(inner.StreamAsync(sent, _stop.Token), CancellationToken.None);
        var round = _round = new ToolRound(this, response, new RoundCalls(this, _conversation, client.Signer, !_isLast && sent?.Options?.ToolMode is not NoneChatToolMode), cancellationToken);
        decided.ForEach(decision => round.Calls.Resume(decision.Call, decision.Refusal));
        return round;
    }

    /// <summary>Decides about the calls of an earlier stream. When that fails, no answer counts as used.</summary>
    private async ValueTask<List<(ToolCall Call, ToolOutcome? Refusal)>> DecideAsync()
    {
        List<(ToolCall Call, ToolOutcome? Refusal)> decided = [];
        try
        {
            foreach (var pending in _inbox.Pending)
            {
                var call = new ToolCall(pending.Call.CallId, pending.Call.Name, index: 0, round: 0);
                decided.Add((call, await pending.DecideAsync(call, _conversation.Tools, client.Signer, Options.Approvals, cancellationToken).ConfigureAwait(false)));
            }
        }
        catch (Exception)
        {
            for (var i = 0; i < decided.Count; i++)
            {
                if (decided[i].Refusal is null)
                {
                    client.Signer.Release(_inbox.Pending[i].Request.RequestId);
                }
            }

            throw;
        }

        return decided;
    }

    private async ValueTask EndRoundAsync(ToolRound round)
    {
        await round.DisposeAsync().ConfigureAwait(false);
        round.Calls.RestoreContents(state);
        _round = null;
        var inbox = _isResuming ? _inbox : null;
        _isResuming = false;
        if (!round.Calls.GoesOn || _isLast)
        {
            _isOver = true;
        }
        else
        {
            _conversation.EndRound(round.Calls, inbox, Options.CostOf);
            _isOver = inbox is null && (RoundBoundary.Of(request)?.IsStopping == true || Options.StopWhen?.Invoke(_conversation.MakeContext()) == true);
        }

        if (_isOver)
        {
            await LeaveAsync().ConfigureAwait(false); // a tool that timed out may still be running
        }
        else
        {
            _isLast = IsNextTheLast();
        }
    }

    private async ValueTask LeaveAsync()
    {
        if (_isLeft)
        {
            return;
        }

        _isLeft = true;

        // The source and the tools are told at once: neither waits for the other, and a failure of one does not spare the other.
        var cancelling = _round is null ? Task.CompletedTask : _stop!.CancelAsync();
        if (_round is { IsOver: false })
        {
            _round.Calls.Close();
        }

        var stopping = Scheduler?.Stopper.StopAsync() ?? default;
        try
        {
            await LeaveSourceAsync(cancelling).ConfigureAwait(false);
        }
        finally
        {
            await stopping.ConfigureAwait(false);
            Scheduler?.Dispose();
            _stop?.Dispose();
        }
    }

    private async ValueTask LeaveSourceAsync(Task cancelling)
    {
        try
        {
            await cancelling.ConfigureAwait(false);
        }
        finally
        {
            if (_round is not null)
            {
                await _round.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Leaves a stream that has failed already: its failure counts, not one of the leaving.</summary>
    private async ValueTask LeaveFailedAsync()
    {
        try
        {
            await LeaveAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The source or a callback on its token. Everything that had to happen has happened.
        }
    }

    /// <summary>Whether the model may call no more tools in the next round.</summary>
    /// <exception cref="StreamLimitException">No next round may start.</exception>
    private bool IsNextTheLast()
    {
        if (_conversation.TotalTokens >= Options.MaxTotalTokens)
        {
            throw new StreamLimitException(nameof(ToolLoopOptions.MaxTotalTokens), Options.MaxTotalTokens.Value, _conversation.TotalTokens);
        }

        if (_conversation.Cost >= Options.MaxCost)
        {
            throw new StreamLimitException(nameof(ToolLoopOptions.MaxCost), Options.MaxCost.Value, _conversation.Cost);
        }

        var (name, limit, reached) = _conversation.ConsecutiveErrors >= Options.MaxConsecutiveErrors
            ? (nameof(ToolLoopOptions.MaxConsecutiveErrors), Options.MaxConsecutiveErrors, _conversation.ConsecutiveErrors)
            : (nameof(ToolLoopOptions.MaxRounds), Options.MaxRounds, _conversation.Round);
        if (reached < limit)
        {
            return false;
        }

        return Options.AtMaxRounds == MaxRoundsAction.AnswerWithoutTools ? true : throw new StreamLimitException(name, limit, reached + 1);
    }
}
