using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>A call of an earlier stream that waits for approval, and the answer to it.</summary>
internal sealed record PendingApproval(ToolApprovalRequestContent Request, FunctionCallContent Call, ToolApprovalResponseContent? Response)
{
    private static readonly string TokenName = ContentProperties.ApprovalToken;

    public JsonElement Arguments { get; } = ToolJson.ToObject(Call.Arguments);

    private string? Token => Request.AdditionalProperties?.GetValueOrDefault(TokenName) switch
    {
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } stored => stored.GetString(),
        _ => null,
    };

    /// <summary>Makes the event that asked, as a later process can know it: it is answered in the next request.</summary>
    public ApprovalRequested ToEvent() => new()
    {
        ApprovalId = Request.RequestId,
        CallId = Call.CallId,
        Name = Call.Name,
        Arguments = Arguments,
        Token = Token,
        ExpiresAt = ApprovalSigner.ExpiryOf(Token),
    };

    /// <summary>Decides what becomes of the call.</summary>
    /// <returns>The error that answers it; <see langword="null"/> when the tool is to be run, with the arguments in <paramref name="call"/>.</returns>
    public async ValueTask<ToolOutcome?> DecideAsync(ToolCall call, ToolCatalog tools, ApprovalSigner signer, ToolApprovalOptions options, CancellationToken cancellationToken)
    {
        call.Arguments = Arguments;
        var invalid = signer.Verify(Token, Request.RequestId, call.CallId, call.Name, Arguments);
        if (Response is not { Approved: true })
        {
            return await RefuseAsync(signer, invalid is null, cancellationToken).ConfigureAwait(false);
        }

        if (!tools.TryGet(call.Name, out var tool))
        {
            return ToolErrors.Unknown(call.Name, tools.Names);
        }

        call.Tool = tool;
        if (invalid is not null)
        {
            return ToolErrors.ApprovalInvalid(invalid);
        }

        if (!TryReadAnswer(out var edited))
        {
            return ToolErrors.ApprovalInvalid("the arguments that the approval is for cannot be written as JSON.");
        }

        if (!CanonicalJson.Equals(edited, Arguments))
        {
            if (!options.AllowEditedArguments)
            {
                return ToolErrors.ApprovalInvalid("the approval is for other arguments than those that were asked about.");
            }

            call.Arguments = edited;
            call.AreArgumentsEdited = true;
        }

        return tool.Check(call.Arguments) is { } problems ? ToolErrors.ArgumentsDoNotMatch(problems)
            : await signer.TryClaimAsync(Request.RequestId, ApprovalDecision.Approved, cancellationToken).ConfigureAwait(false) ? null
            : AnsweredBefore(signer);
    }

    /// <summary>Reads the arguments that were approved. They may be objects of the application, or halves of surrogate pairs, which no writer takes.</summary>
    private bool TryReadAnswer(out JsonElement approved)
    {
        approved = Arguments;
        try
        {
            approved = Response?.ToolCall is FunctionCallContent answered ? ToolJson.ToObject(answered.Arguments) : Arguments;
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <summary>Refuses the call, unless another request has answered before, whose tool may have run. A question with an invalid token cannot be approved anyway, so that its denial needs no claim.</summary>
    private async ValueTask<ToolOutcome> RefuseAsync(ApprovalSigner signer, bool isValid, CancellationToken cancellationToken)
    {
        var isFirst = Response is not null && isValid
            ? await signer.TryClaimAsync(Request.RequestId, ApprovalDecision.Denied, cancellationToken).ConfigureAwait(false)
            : signer.Find(Request.RequestId) is not ApprovalClaim.Approved;
        return !isFirst ? AnsweredBefore(signer)
            : Response is null ? ToolErrors.NotApproved()
            : ToolErrors.Denied(Response.Reason);
    }

    private ToolOutcome AnsweredBefore(ApprovalSigner signer) =>
        signer.Find(Request.RequestId) == ApprovalClaim.Denied ? ToolErrors.Denied(Response is { Approved: false } again ? again.Reason : null) : ToolErrors.AnsweredBefore();
}
