namespace Streamline.Protocols.OpenAIChat;

/// <summary>What conversations Chat Completions accepts, and where servers differ.</summary>
internal static class OpenAIChatConversation
{
    private const int MaxNameLength = 64;
    private const int MaxOpenAICallIdLength = 40;
    private const int MistralCallIdLength = 9;

    /// <summary>Gets the rules that all servers share.</summary>
    public static ConversationRules Rules { get; } = new()
    {
        Protocol = OpenAIChatProtocol.ProtocolName,
        IsSent = OpenAIChatContent.IsSent,
        ToolNames = new IdentifierRule { Fallback = "tool", Characters = IdentifierRule.Word, MaxLength = MaxNameLength },
        Results = ResultPlacement.AfterMessage,
        ResultsInCallOrder = true,
        ResultsAreText = true,
        TextsAreBlocks = false,
    };

    /// <summary>Gets the rules of OpenAI's own models. Other servers make longer ids and read them again.</summary>
    public static ConversationRules OpenAI { get; } = Rules with { CallIds = new IdentifierRule { Fallback = "call", MaxLength = MaxOpenAICallIdLength } };

    /// <summary>Gets the rules of Mistral, which makes ids of nine letters and digits itself and is strict about the order of roles.</summary>
    public static ConversationRules Mistral { get; } = Rules with
    {
        CallIds = new IdentifierRule { Fallback = "call", ExactLength = MistralCallIdLength },
        RequiresAnswerToResults = true,
        RefusesPrefill = true,
    };
}
