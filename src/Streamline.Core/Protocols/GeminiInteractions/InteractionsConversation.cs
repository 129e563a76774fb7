namespace Streamline.Protocols.GeminiInteractions;

/// <summary>What conversations the Interactions API accepts.</summary>
internal static class InteractionsConversation
{
    private const int MaxNameLength = 64;

    /// <summary>Gets the rules. That a turn of the model may be the last one is not documented, so none is.</summary>
    public static ConversationRules Rules { get; } = new()
    {
        Protocol = InteractionsProtocol.ProtocolName,
        IsSent = IsSent,
        ToolNames = new IdentifierRule { Fallback = "tool", Characters = IdentifierRule.DottedWord, MaxLength = MaxNameLength, StartsWithLetter = true },
        Results = ResultPlacement.AfterTurn,
        CarriesInResult = InteractionsContentWriter.IsOfResult,
        ResultsInCallOrder = true,
        HoistsSystem = true,
        RequiresUserFirst = true,
        RefusesFinalReasoning = true,
        RefusesPrefill = true,
        FindProviderItem = FindProviderItem,
        ProviderItemsAreAssistants = true,
    };

    /// <summary>Tells whether the provider keeps the conversation up to the messages of a request.</summary>
    public static bool IsContinued(StreamRequest request) =>
        request.Options?.ConversationId is not null || request.ExtraBody?.ContainsKey("previous_interaction_id") == true;

    /// <summary>Tells whether there is anything to send for a content.</summary>
    public static bool IsSent(AIContent content) => content switch
    {
        TextContent text => !string.IsNullOrWhiteSpace(text.Text),

        // A thought without a signature means nothing to the model, nor does one that another provider signed.
        TextReasoningContent reasoning => reasoning.ProtectedData is { Length: > 0 } && reasoning.RawBlock(InteractionsProtocol.ProtocolName) is not null,
        _ when content.RawBlock(InteractionsProtocol.ProtocolName) is not null => true,
        ErrorContent error => !string.IsNullOrWhiteSpace(error.Message),
        UsageContent => false,
        _ => !content.IsProvidersOwn(),
    };

    // Of a tool that the provider ran: the call and its result are steps of their own.
    private static ProviderItem? FindProviderItem(AIContent content)
    {
        if (content is FunctionCallContent or FunctionResultContent || content.RawBlock(InteractionsProtocol.ProtocolName) is not { } raw || raw.Text("type"u8) is not { } type)
        {
            return null;
        }

        return InteractionsStepTypes.IsProviderCall(type) && raw.NonEmptyText("id"u8) is { } id ? new ProviderItem(id, IsCall: true)
            : InteractionsStepTypes.IsResult(type) && raw.NonEmptyText("call_id"u8) is { } callId ? new ProviderItem(callId, IsCall: false)
            : null;
    }
}
