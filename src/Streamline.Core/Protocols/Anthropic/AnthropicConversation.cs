namespace Streamline.Protocols.Anthropic;

/// <summary>What conversations the Messages API accepts.</summary>
internal static class AnthropicConversation
{
    private const int MaxNameLength = 128;

    /// <summary>Gets how a message of the assistant is continued. Every model after the 4.5 family refuses it, and so does every model that thinks.</summary>
    public static PrefillRule Prefill { get; } = new()
    {
        Models =
        [
            "claude-2", "claude-v2", "claude-3", "claude-instant",
            "claude-opus-4-0", "claude-opus-4.0", "claude-opus-4-1", "claude-opus-4.1", "claude-sonnet-4-0", "claude-sonnet-4.0", "claude-opus-4-2025", "claude-sonnet-4-2025",
            "claude-haiku-4-5", "claude-haiku-4.5", "claude-sonnet-4-5", "claude-sonnet-4.5", "claude-opus-4-5", "claude-opus-4.5",
        ],
        TrimsWhiteSpace = true,
    };

    private static readonly ConversationRules Rules = new()
    {
        Protocol = AnthropicProtocol.ProtocolName,
        IsSent = AnthropicContentWriter.IsSent,
        CallIds = new IdentifierRule { Fallback = "call", Characters = IdentifierRule.Word },
        ToolNames = new IdentifierRule { Fallback = "tool", Characters = IdentifierRule.Word, MaxLength = MaxNameLength },
        Results = ResultPlacement.AfterTurn,
        CarriesInResult = AnthropicContentWriter.IsCarried,
        HoistsSystem = true,
        RequiresUserFirst = true,
        RefusesFinalReasoning = true,
        TrimsPrefill = true,
        FindProviderItem = FindProviderItem,
        ProviderItemsAreAssistants = true,
        AllowsOpenProviderCall = true,
    };

    private static readonly ConversationRules RulesWithoutPrefill = Rules with { RefusesPrefill = true };

    public static ConversationRules RulesFor(string? model) => RefusesPrefill(model) ? RulesWithoutPrefill : Rules;

    /// <summary>Tells whether a model refuses a request that ends with a message of the assistant. Of a name that is not Anthropic's, nothing is known.</summary>
    public static bool RefusesPrefill(string? model) =>
        model?.Contains("claude-", StringComparison.OrdinalIgnoreCase) == true && !Prefill.Accepts(model);

    // Of a server tool, also of one on an MCP server.
    private static ProviderItem? FindProviderItem(AIContent content)
    {
        if (content is FunctionCallContent or FunctionResultContent || content.RawBlock(AnthropicProtocol.ProtocolName) is not { } raw)
        {
            return null;
        }

        return raw.Text("type"u8)?.EndsWith("_tool_use", StringComparison.Ordinal) == true && raw.NonEmptyText("id"u8) is { } id ? new ProviderItem(id, IsCall: true)
            : raw.NonEmptyText("tool_use_id"u8) is { } callId ? new ProviderItem(callId, IsCall: false)
            : null;
    }
}
