using Streamline.Protocols.Anthropic;

namespace Streamline.Protocols.Bedrock;

/// <summary>What conversations Converse accepts.</summary>
internal static class BedrockConversation
{
    private const int MaxLength = 64;

    private static readonly ConversationRules Rules = new()
    {
        Protocol = BedrockConverseProtocol.ProtocolName,
        IsSent = BedrockContentWriter.IsSent,
        CallIds = new IdentifierRule { Fallback = "call", Characters = IdentifierRule.Word, MaxLength = MaxLength },
        ToolNames = new IdentifierRule { Fallback = "tool", Characters = IdentifierRule.Word, MaxLength = MaxLength },
        Results = ResultPlacement.AfterTurn,
        CarriesInResult = BedrockMediaWriter.IsCarriedInResult,
        RequiresTextBeside = BedrockMediaWriter.IsDocument,
        HoistsSystem = true,
        RequiresUserFirst = true,
        RefusesFinalReasoning = true,
        TrimsPrefill = true,
        FindProviderItem = FindProviderItem,
        ProviderItemsAreAssistants = true,
        AllowsOpenProviderCall = true,
    };

    private static readonly ConversationRules RulesWithoutPrefill = Rules with { RefusesPrefill = true };

    /// <summary>Gets how a message of the assistant is continued: as the model does it. Of Amazon's own models it is not known.</summary>
    public static PrefillRule Prefill => AnthropicConversation.Prefill;

    public static ConversationRules RulesFor(string? model) => AnthropicConversation.RefusesPrefill(model) ? RulesWithoutPrefill : Rules;

    // Of a tool that the service ran.
    private static ProviderItem? FindProviderItem(AIContent content)
    {
        if (content is FunctionCallContent or FunctionResultContent || content.RawBlock(BedrockConverseProtocol.ProtocolName) is not { } raw)
        {
            return null;
        }

        return raw.Object("toolUse"u8)?.NonEmptyText("toolUseId"u8) is { } id ? new ProviderItem(id, IsCall: true)
            : raw.Object("toolResult"u8)?.NonEmptyText("toolUseId"u8) is { } callId ? new ProviderItem(callId, IsCall: false)
            : null;
    }
}
