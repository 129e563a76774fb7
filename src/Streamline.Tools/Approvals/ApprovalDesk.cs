using System.Text.Json;

namespace Streamline.Tools;

/// <summary>Asks for approval of the calls of one stream, and takes the answers, from anyone at any time.</summary>
internal sealed class ApprovalDesk(ToolScheduler scheduler, ApprovalSigner signer)
{
    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Asks for approval of a call.</summary>
    public void Ask(ToolCall call)
    {
        var options = scheduler.Options;
        var expiresAt = options.Clock.GetUtcNow() + options.Approvals.TokenLifetime;
        var id = Guid.NewGuid().ToString("N");
        var request = new ApprovalRequested
        {
            ApprovalId = id,
            CallId = call.CallId,
            Name = call.Name,
            Arguments = call.Arguments,
            ExpiresAt = expiresAt,
            Token = signer.Sign(id, call.CallId, call.Name, call.Arguments, expiresAt),
            Responder = answer => Answer(call, answer),
        };
        ToolOutcome? refusal;
        lock (scheduler.Sync)
        {
            if (call.State != ToolCallState.Announced)
            {
                return;
            }

            refusal = scheduler.Stopper.Refuse();
            if (refusal is null)
            {
                scheduler.Move(call, ToolCallState.AwaitingApproval);
                call.Approval = request;
                scheduler.Events.Add(call, request);
                scheduler.Deadlines.Set(call, options.Approvals.Timeout, Expire);
            }
        }

        if (refusal is not null)
        {
            scheduler.Settle(call, refusal);
        }
    }

    private bool Answer(ToolCall call, ApprovalAnswer answer)
    {
        // Whatever an answer can throw, it throws to the one who gives it, while the request is still open.
        var edited = answer.EditedArguments is { } arguments ? Edit(call, arguments) : null;
        if (!TryResolve(call, answer, edited))
        {
            return false;
        }

        Act(call, answer);
        scheduler.Events.Wake();
        return true;
    }

    /// <summary>Takes the first answer to a request, which may come from anyone, or from the clock.</summary>
    private bool TryResolve(ToolCall call, ApprovalAnswer answer, EditedArguments? edited = null)
    {
        lock (scheduler.Sync)
        {
            if (call.State != ToolCallState.AwaitingApproval || (answer.Decision != ApprovalDecision.Deferred && !signer.TryRemember(call.Approval!.ApprovalId, answer.Decision)))
            {
                return false;
            }

            scheduler.Deadlines.Clear(call);
            scheduler.Events.Add(call, new ApprovalResolved
            {
                ApprovalId = call.Approval!.ApprovalId,
                CallId = call.CallId,
                Name = call.Name,
                Decision = answer.Decision,
                Reason = answer.Reason,
            });
            scheduler.Move(call, answer.Decision == ApprovalDecision.Deferred ? ToolCallState.Deferred : ToolCallState.Answered);
            if (edited is not null)
            {
                (call.Arguments, call.AreArgumentsEdited, call.AreResourcesKnown) = (edited.Arguments, edited.AreOthers, false);
            }

            return true;
        }
    }

    private void Act(ToolCall call, ApprovalAnswer answer)
    {
        switch (answer.Decision)
        {
            case ApprovalDecision.Approved when signer.HasStore:
                _ = ClaimAndSubmitAsync(call);
                break;
            case ApprovalDecision.Approved:
                scheduler.Submit(call, isReader: false);
                break;
            case ApprovalDecision.Denied:
                Refuse(call, ToolErrors.Denied(answer.Reason));
                break;
            default:
                scheduler.Cleanup.CleanUp(call); // what a streaming tool began cannot wait for a later request
                break;
        }
    }

    private void Expire(ToolCall call)
    {
        if (TryResolve(call, new ApprovalAnswer { Decision = ApprovalDecision.Denied }))
        {
            Refuse(call, ToolErrors.NotApproved());
        }
    }

    private void Refuse(ToolCall call, ToolOutcome outcome)
    {
        scheduler.Settle(call, outcome);
        _ = ClaimInStoreAsync(call); // so that nobody approves it in another process
    }

    private async Task ClaimAndSubmitAsync(ToolCall call)
    {
        if (await ClaimInStoreAsync(call).ConfigureAwait(false) is { } refusal)
        {
            scheduler.Settle(call, refusal);
        }
        else
        {
            scheduler.Submit(call, isReader: false);
        }
    }

    /// <summary>Claims a request in the store that processes share.</summary>
    /// <returns>The error that answers the call, when another process was first or the store cannot tell.</returns>
    private async Task<ToolOutcome?> ClaimInStoreAsync(ToolCall call)
    {
        try
        {
            var claiming = signer.TryClaimInStoreAsync(call.Approval!.ApprovalId, CancellationToken.None).AsTask();
            return await claiming.WaitAsync(StoreTimeout, scheduler.Options.Clock).ConfigureAwait(false) ? null : ToolErrors.AnsweredBefore();
        }
        catch (Exception exception)
        {
            return ToolErrors.ApprovalNotClaimed(exception, scheduler.Options.IncludeExceptionDetails);
        }
    }

    private static EditedArguments Edit(ToolCall call, JsonElement edited)
    {
        var problem = edited.ValueKind != JsonValueKind.Object ? $"expected an object, found {edited.ValueKind}."
            : !ToolJson.IsText(edited) ? "found half a surrogate pair or invalid UTF-8."
            : call.Tool!.Check(edited);
        return problem is null
            ? new EditedArguments(edited.Clone(), AreOthers: !CanonicalJson.Equals(edited, call.Approval!.Arguments))
            : throw new ArgumentException($"The edited arguments of the call '{call.CallId}' do not match the schema of the tool '{call.Name}': {problem}", nameof(edited));
    }

    /// <summary>Arguments that an answer gives in place of the model's.</summary>
    private sealed record EditedArguments(JsonElement Arguments, bool AreOthers);
}
