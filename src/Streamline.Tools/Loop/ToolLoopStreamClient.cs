using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Streamline.Tools;

/// <summary>Streams round after round until the model calls no more tools, or a limit or a hook ends it.</summary>
internal sealed class ToolLoopStreamClient(IStreamClient inner, IReadOnlyList<RunnableTool> tools, ToolLoopOptions options, IServiceProvider? services) : DelegatingStreamClient(inner)
{
    private readonly long _maxRetainedChars = (inner.GetService(typeof(StreamClientMetadata)) as StreamClientMetadata ?? new StreamClientMetadata { Provider = "" }).MaxRetainedChars;
    private readonly ToolLockTable _locks = new();
    private readonly ApprovalSigner _signer = new(options.Approvals, options.TimeProvider);
    private readonly ILogger? _logger = (options.LoggerFactory ?? services?.GetService(typeof(ILoggerFactory)) as ILoggerFactory)?.CreateLogger("Streamline.Tools");

    public override IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StreamFold.Create((state, token) => StreamRoundsAsync(request, state, token), _maxRetainedChars, cancellationToken);
    }

    private async IAsyncEnumerable<StreamEvent> StreamRoundsAsync(StreamRequest request, StreamState state, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var inbox = ApprovalInbox.Read(request.Messages);
        var conversation = new ToolConversation(request, inbox.Messages, tools, state);
        var invoker = new ToolInvoker(options, services, _logger, conversation);
        var scheduler = new ToolScheduler(options, invoker, _locks);
        var approvals = new ApprovalDesk(scheduler, _signer);
        ToolRound? round = null;
        try
        {
            for (var isLast = false; ;)
            {
                var isResuming = round is null && inbox.Pending.Count > 0;
                var sent = isResuming ? null : await conversation.BeginRoundAsync(options.BeforeRound, !isLast, cancellationToken).ConfigureAwait(false);
                round = new ToolRound(sent is null ? null : Inner.StreamAsync(sent, stop.Token), conversation, scheduler, invoker, approvals, !isLast);
                if (isResuming)
                {
                    await ResumeAsync(inbox, round, conversation, cancellationToken).ConfigureAwait(false);
                }

                while (await MoveNextAsync(round, conversation, scheduler, stop, cancellationToken).ConfigureAwait(false))
                {
                    yield return round.Current;
                }

                conversation.ThrowIfFailed();
                await round.DisposeAsync().ConfigureAwait(false);
                conversation.EndRound(round, isResuming ? inbox : null, options.CostOf);
                if (!round.GoesOn || isLast || (!isResuming && options.StopWhen?.Invoke(conversation.MakeContext()) == true))
                {
                    yield break;
                }

                isLast = IsNextTheLast(conversation);
            }
        }
        finally
        {
            if (round is not null)
            {
                await LeaveAsync(round, scheduler, stop).ConfigureAwait(false);
            }
        }
    }

    private static ValueTask<bool> MoveNextAsync(
        ToolRound round, ToolConversation conversation, ToolScheduler scheduler, CancellationTokenSource stop, CancellationToken cancellationToken)
    {
        if (conversation.Failure is not null)
        {
            return new ValueTask<bool>(round.TryTakeToolEvent());
        }

        // An event that is there already costs no state machine.
        var next = round.MoveNextAsync(cancellationToken);
        return next.IsCompletedSuccessfully ? next : AwaitAsync(next, round, conversation, scheduler, stop);
    }

    // Pooled, because it suspends once per event that has to be waited for.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<bool> AwaitAsync(
        ValueTask<bool> next, ToolRound round, ToolConversation conversation, ToolScheduler scheduler, CancellationTokenSource stop)
    {
        try
        {
            return await next.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            conversation.Failure = exception;
        }

        // Every open call is answered before the stream fails, so that what remains of it is a conversation that can be continued.
        await LeaveAsync(round, scheduler, stop).ConfigureAwait(false);
        return round.TryTakeToolEvent();
    }

    private static async ValueTask LeaveAsync(ToolRound round, ToolScheduler scheduler, CancellationTokenSource stop)
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await round.DisposeAsync().ConfigureAwait(false);
        round.CloseCalls();
        await scheduler.StopAsync().ConfigureAwait(false);
    }

    private async ValueTask ResumeAsync(ApprovalInbox inbox, ToolRound round, ToolConversation conversation, CancellationToken cancellationToken)
    {
        foreach (var pending in inbox.Pending)
        {
            var call = new ToolCall(pending.Call.CallId, pending.Call.Name, index: 0, round: 0);
            round.Resume(call, await pending.DecideAsync(call, conversation.Tools, _signer, options.Approvals, cancellationToken).ConfigureAwait(false));
        }
    }

    /// <summary>Whether the model may call no more tools in the next round.</summary>
    /// <exception cref="StreamLimitException">No next round may start.</exception>
    private bool IsNextTheLast(ToolConversation conversation)
    {
        if (conversation.TotalTokens >= options.MaxTotalTokens)
        {
            throw new StreamLimitException(nameof(ToolLoopOptions.MaxTotalTokens), options.MaxTotalTokens.Value, conversation.TotalTokens);
        }

        if (conversation.Cost >= options.MaxCost)
        {
            throw new StreamLimitException(nameof(ToolLoopOptions.MaxCost), options.MaxCost.Value, conversation.Cost);
        }

        var (name, limit, reached) = conversation.ConsecutiveErrors >= options.MaxConsecutiveErrors
            ? (nameof(ToolLoopOptions.MaxConsecutiveErrors), options.MaxConsecutiveErrors, conversation.ConsecutiveErrors)
            : (nameof(ToolLoopOptions.MaxRounds), options.MaxRounds, conversation.Round);
        if (reached < limit)
        {
            return false;
        }

        return options.AtMaxRounds == MaxRoundsAction.AnswerWithoutTools ? true : throw new StreamLimitException(name, limit, reached + 1);
    }
}
