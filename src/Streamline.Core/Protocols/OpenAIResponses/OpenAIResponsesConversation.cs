namespace Streamline.Protocols.OpenAIResponses;

/// <summary>What conversations the Responses API accepts.</summary>
internal static class OpenAIResponsesConversation
{
    private const int MaxCallIdLength = 64;
    private const int MaxNameLength = 64;

    private static readonly ConversationRules Rules = new()
    {
        Protocol = OpenAIResponsesProtocol.ProtocolName,
        IsSent = IsSent,
        CallIds = new IdentifierRule { Fallback = "call", MaxLength = MaxCallIdLength },
        ToolNames = new IdentifierRule { Fallback = "tool", Characters = IdentifierRule.Word, MaxLength = MaxNameLength },
        Results = ResultPlacement.AfterCall,
        CarriesInResult = OpenAIResponsesContent.IsCarriedInResult,
        RefusesFinalReasoning = true,
        FindProviderItem = FindProviderItem,
        ReadAnswer = ReadAnswer,
        IsCutItem = content => content.RawBlock(OpenAIResponsesProtocol.ProtocolName) is { } raw && raw.Text("type"u8) == OpenAIResponsesItemTypes.Message && raw.Member("status"u8) is null,
        FindItemId = content => content is FunctionCallContent ? null : content.RawBlock(OpenAIResponsesProtocol.ProtocolName)?.NonEmptyText("id"u8),
        IsItemPart = content => content.RawBlock(OpenAIResponsesProtocol.ProtocolName) is { } raw && OpenAIResponsesContent.IsOfParts(raw),
    };

    private static readonly ConversationRules RulesWithoutStore = Rules with { KeepsReasoning = false };

    public static ConversationRules RulesFor(StreamRequest request) => IsStored(request) ? Rules : RulesWithoutStore;

    /// <summary>Tells whether the provider keeps the items of responses, so that their ids mean something to it.</summary>
    public static bool IsStored(StreamRequest request) => request.ExtraBody?["store"]?.GetValueKind() != JsonValueKind.False;

    /// <summary>Tells whether the provider keeps the conversation up to the messages of a request.</summary>
    public static bool IsContinued(StreamRequest request) =>
        request.Options?.ConversationId is not null
        || request.ExtraBody is { } extra && (extra.ContainsKey("previous_response_id") || extra.ContainsKey("conversation") || extra.ContainsKey("prompt"));

    /// <summary>Tells whether there is anything to send for a content.</summary>
    public static bool IsSent(AIContent content) => content switch
    {
        FunctionCallContent => true,

        // The item of a provider's call comes whole, with its result.
        ToolCallContent or UsageContent => false,

        // A message that was cut off before its first word, or that a gateway only ended, has an item, but nothing in it.
        TextContent { Text: "" } text when text.RawBlock(OpenAIResponsesProtocol.ProtocolName) is { } raw && OpenAIResponsesContent.IsOfParts(raw) => text.Annotations is { Count: > 0 },
        _ when content.RawBlock(OpenAIResponsesProtocol.ProtocolName) is not null => true,

        // The reasoning of another provider means nothing to this one.
        TextReasoningContent => false,
        TextContent text => !string.IsNullOrWhiteSpace(text.Text),
        _ => !content.IsProvidersOwn(),
    };

    private static FunctionResultContent? ReadAnswer(AIContent content) =>
        content is not FunctionResultContent
        && content.RawBlock(OpenAIResponsesProtocol.ProtocolName) is { } raw
        && OpenAIResponsesItemTypes.IsResult(raw.Text("type"u8))
        && raw.NonEmptyText("call_id"u8) is { } callId
            ? new FunctionResultContent(callId, raw.Member("output"u8)) { AdditionalProperties = content.AdditionalProperties, RawRepresentation = content.RawRepresentation }
            : null;

    // Such as a computer's, a shell's or an approval, which the application answers by an item of its own.
    private static ProviderItem? FindProviderItem(AIContent content)
    {
        if (content is FunctionCallContent || content.RawBlock(OpenAIResponsesProtocol.ProtocolName) is not { } raw || raw.Text("type"u8) is not { } type)
        {
            return null;
        }

        return OpenAIResponsesItemTypes.IsResult(type) ? null
            : type.EndsWith("_output", StringComparison.Ordinal) && raw.NonEmptyText("call_id"u8) is { } answered ? new ProviderItem(answered, IsCall: false)
            : type == "mcp_approval_response" && raw.NonEmptyText("approval_request_id"u8) is { } request ? new ProviderItem(request, IsCall: false)
            : type.EndsWith("_call", StringComparison.Ordinal) || type == "mcp_approval_request"
                ? IdOf(raw) is { } id ? new ProviderItem(id, IsCall: true, OpenAIResponsesItemTypes.IsAwaitingAnswer(raw)) : null
            : null;
    }

    // An item without a call id is not paired: nothing says which output is its own.
    private static string? IdOf(JsonElement item) => item.NonEmptyText(item.Text("type"u8) == "mcp_approval_request" ? "id"u8 : "call_id"u8);
}
