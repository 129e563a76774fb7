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
        ReasoningStandsAlone = reasoning => reasoning.Text.Length > 0 && reasoning.RawBlock(OpenAIChatProtocol.ProtocolName) is { } raw && raw.Text("type"u8) == "thinking",
        ToolNames = new IdentifierRule { Fallback = "tool", Characters = IdentifierRule.Word, MaxLength = MaxNameLength },
        Results = ResultPlacement.AfterMessage,
        ResultsInCallOrder = true,
        ResultsAreText = true,
        TextsAreBlocks = false,
        AuthorNames = new IdentifierRule { Fallback = "author", Refused = IdentifierRule.SpacesAndBrackets, MaxLength = MaxNameLength },
        CarriesInResult = OpenAIChatContent.IsCarriedInResult,
    };

    /// <summary>Gets the rules of servers that refuse the name of an author.</summary>
    public static ConversationRules WithoutNames { get; } = Rules with { AuthorNames = null };

    /// <summary>Gets the rules of OpenAI's own models. Other servers make longer ids and read them again.</summary>
    public static ConversationRules OpenAI { get; } = Rules with { CallIds = new IdentifierRule { Fallback = "call", MaxLength = MaxOpenAICallIdLength } };

    /// <summary>Gets the rules of Mistral, which makes ids of nine letters and digits itself and is strict about the order of roles.</summary>
    public static ConversationRules Mistral { get; } = Rules with
    {
        CallIds = new IdentifierRule { Fallback = "call", ExactLength = MistralCallIdLength },
        AuthorNames = null,
        ReasoningStandsAlone = reasoning => reasoning.Text.Length > 0 && OpenAIChatContent.IsRaw(reasoning), // any goes into the content
        RequiresAnswerToResults = true,
        RefusesPrefill = true,
    };

    /// <summary>Gets the rules of Perplexity, where the user and the assistant alternate and the user is the first and the last.</summary>
    public static ConversationRules Perplexity { get; } = Rules with { MergesMessages = true, RequiresUserFirst = true, RefusesPrefill = true };

    /// <summary>Gets how DeepSeek continues a message: under the path <c>/beta</c> only, and without reasoning.</summary>
    public static PrefillRule DeepSeekPrefill { get; } = new() { Models = ["deepseek-chat", "deepseek-v"], BasePath = "/beta", MessageMember = "prefix" };

    /// <summary>Gets how Mistral continues a message. Some versions repeat the message first.</summary>
    public static PrefillRule MistralPrefill { get; } = new()
    {
        Models = ["mistral", "ministral", "codestral", "devstral", "pixtral"],
        MessageMember = "prefix",
        MayRepeat = true,
    };

    /// <summary>Gets how Moonshot continues a message, as it documents it.</summary>
    public static PrefillRule MoonshotPrefill { get; } = new() { Models = ["moonshot-v1", "kimi-k2"], ExceptModels = ["thinking"], MessageMember = "partial" };

    /// <summary>Gets how Qwen continues a message, as Alibaba Cloud documents it.</summary>
    public static PrefillRule QwenPrefill { get; } = new() { Models = ["qwen-max", "qwen-plus", "qwen-turbo", "qwen2.5"], ExceptModels = ["vl", "math", "omni"], MessageMember = "partial" };

    /// <summary>Gets how vLLM continues a message: by the template of the conversation, whatever the model.</summary>
    public static PrefillRule VLlmPrefill { get; } = new()
    {
        AcceptsAnyModel = true,
        BodyMembers = new Dictionary<string, bool>(StringComparer.Ordinal) { ["continue_final_message"] = true, ["add_generation_prompt"] = false },
    };
}
