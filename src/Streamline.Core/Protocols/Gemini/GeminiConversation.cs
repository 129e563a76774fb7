namespace Streamline.Protocols.Gemini;

/// <summary>What conversations Gemini accepts.</summary>
internal static class GeminiConversation
{
    private const int MaxNameLength = 64;

    // The last models that continue a turn of the model which ends the request; every later one refuses it.
    private static readonly string[] PrefillModels = ["gemini-1", "gemini-2", "gemini-3-", "gemini-3.1", "gemini-pro"];

    private static readonly ConversationRules Rules = new()
    {
        Protocol = GeminiProtocol.ProtocolName,
        IsSent = GeminiContentWriter.IsSent,
        ToolNames = new IdentifierRule { Fallback = "tool", Characters = IdentifierRule.DottedWord, MaxLength = MaxNameLength, StartsWithLetter = true },
        Results = ResultPlacement.AfterTurn,
        ResultsInCallOrder = true,
        HoistsSystem = true,
        RequiresUserFirst = true,
    };

    private static readonly ConversationRules RulesWithoutPrefill = Rules with { RefusesPrefill = true };

    public static ConversationRules RulesFor(string? model) => RefusesPrefill(model) ? RulesWithoutPrefill : Rules;

    private static bool RefusesPrefill(string? model) =>
        model is not null
        && model.Contains("gemini-", StringComparison.OrdinalIgnoreCase)
        && !Array.Exists(PrefillModels, name => model.Contains(name, StringComparison.OrdinalIgnoreCase))
        && !model.EndsWith("gemini-3.5-flash", StringComparison.OrdinalIgnoreCase);
}
