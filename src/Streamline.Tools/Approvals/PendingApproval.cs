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
        if (Response is null)
        {
            return ToolErrors.NotApproved();
        }

        if (!Response.Approved)
        {
            return ToolErrors.Denied(Response.Reason);
        }

        if (!tools.TryGet(call.Name, out var tool))
        {
            return ToolErrors.Unknown(call.Name, tools.Names);
        }

        call.Tool = tool;
        if (signer.Verify(Token, Request.RequestId, call.CallId, call.Name, Arguments) is { } invalid)
        {
            return ToolErrors.ApprovalInvalid(invalid);
        }

        if (Response.ToolCall is FunctionCallContent answered && ToolJson.ToObject(answered.Arguments) is var edited && !CanonicalJson.Equals(edited, Arguments))
        {
            if (!options.AllowEditedArguments)
            {
                return ToolErrors.ApprovalInvalid("the approval is for other arguments than those that were asked about.");
            }

            call.Arguments = edited;
            call.AreArgumentsEdited = true;
        }

        return tool.Check(call.Arguments) is { } problems ? ToolErrors.ArgumentsDoNotMatch(problems)
            : await signer.TryClaimAsync(Request.RequestId, cancellationToken).ConfigureAwait(false) ? null
            : ToolErrors.ApprovalInvalid("the approval was used already.");
    }
}
