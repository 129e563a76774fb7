namespace Streamline.Protocols.Gemini;

/// <summary>What conversations Gemini accepts.</summary>
internal static class GeminiConversation
{
    private const int MaxNameLength = 64;

    /// <summary>Gets how a turn of the model is continued. Models after these refuse a request that ends with one.</summary>
    public static PrefillRule Prefill { get; } = new()
    {
        Models = ["gemini-1", "gemini-2", "gemini-3-", "gemini-3.1", "gemini-pro"],
        ModelEnds = ["gemini-3.5-flash"],
        AllowsReasoning = true,
    };

    private static readonly ConversationRules Rules = new()
    {
        Protocol = GeminiProtocol.ProtocolName,
        IsSent = GeminiContentWriter.IsSent,
        ToolNames = new IdentifierRule { Fallback = "tool", Characters = IdentifierRule.DottedWord, MaxLength = MaxNameLength, StartsWithLetter = true },
        Results = ResultPlacement.AfterTurn,
        CarriesInResult = GeminiContentWriter.IsCarriedInResult,
        ResultsInCallOrder = true,
        HoistsSystem = true,
        RequiresUserFirst = true,
    };

    private static readonly ConversationRules RulesWithoutPrefill = Rules with { RefusesPrefill = true };

    public static ConversationRules RulesFor(string? model) => RefusesPrefill(model) ? RulesWithoutPrefill : Rules;

    private static bool RefusesPrefill(string? model) => model?.Contains("gemini-", StringComparison.OrdinalIgnoreCase) == true && !Prefill.Accepts(model);
}
