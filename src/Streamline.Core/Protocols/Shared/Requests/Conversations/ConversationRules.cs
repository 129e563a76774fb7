namespace Streamline.Protocols.Shared;

/// <summary>Where the results of tool calls must be.</summary>
internal enum ResultPlacement
{
    /// <summary>Directly after the message with the calls.</summary>
    AfterMessage,

    /// <summary>Directly after the assistant's turn, which is one or more adjacent messages, and before anything else that the user says.</summary>
    AfterTurn,

    /// <summary>Anywhere after the call.</summary>
    AfterCall,
}

/// <summary>The rules by which a provider accepts a conversation. <see cref="ConversationNormalizer"/> applies them.</summary>
internal sealed record ConversationRules
{
    /// <summary>Gets the name of the protocol, for error messages.</summary>
    public required string Protocol { get; init; }

    /// <summary>Gets a function that tells whether a request has anything to send for a content.</summary>
    public required Func<AIContent, bool> IsSent { get; init; }

    /// <summary>Gets a test for reasoning that is a message by itself; <see langword="null"/> where all of it is. Elsewhere a message that holds only reasoning is left out.</summary>
    public Func<TextReasoningContent, bool>? ReasoningStandsAlone { get; init; }

    /// <summary>Gets the form of the ids of tool calls. They are unique within a conversation in any case.</summary>
    public IdentifierRule CallIds { get; init; } = new() { Fallback = "call" };

    /// <summary>Gets the form of tool names in calls. The name of a tool that the request declares is left as it is.</summary>
    public IdentifierRule ToolNames { get; init; } = new() { Fallback = "tool" };

    /// <summary>Gets the form of the names of authors; <see langword="null"/> where messages have no names.</summary>
    public IdentifierRule? AuthorNames { get; init; }

    /// <summary>Gets where results must be.</summary>
    public ResultPlacement Results { get; init; } = ResultPlacement.AfterTurn;

    /// <summary>Gets a value indicating whether results must be in the order of their calls.</summary>
    public bool ResultsInCallOrder { get; init; }

    /// <summary>Gets a value indicating whether a result can only be text, so that its images and files go into a user message after the results of the round.</summary>
    public bool ResultsAreText { get; init; }

    /// <summary>Gets a test for data and files that can be sent when a result has them: in it, or in the user message after the round.</summary>
    public required Func<AIContent, bool> CarriesInResult { get; init; }

    /// <summary>Gets a test for a content that a turn of the user may only have together with a text; <see langword="null"/> for none.</summary>
    public Func<AIContent, bool>? RequiresTextBeside { get; init; }

    /// <summary>Gets a value indicating whether each text is sent as a block of its own, so that none may be blank. Otherwise the texts of a message are joined.</summary>
    public bool TextsAreBlocks { get; init; } = true;

    /// <summary>Gets a value indicating whether system messages are sent apart from the conversation, so that they do not separate turns.</summary>
    public bool HoistsSystem { get; init; }

    /// <summary>Gets a value indicating whether the first message must be the user's.</summary>
    public bool RequiresUserFirst { get; init; }

    /// <summary>Gets a value indicating whether adjacent messages of the same role are refused, so that they are merged.</summary>
    public bool MergesMessages { get; init; }

    /// <summary>Gets a value indicating whether the assistant must speak between the results of a round and the next message of the user.</summary>
    public bool RequiresAnswerToResults { get; init; }

    /// <summary>Gets a value indicating whether a turn of the assistant may not end with reasoning.</summary>
    public bool RefusesFinalReasoning { get; init; }

    /// <summary>Gets a value indicating whether the last message may not be the assistant's (a prefill), unless it ends with an item of the provider.</summary>
    public bool RefusesPrefill { get; init; }

    /// <summary>Gets a value indicating whether a last message of the assistant may not end with white space.</summary>
    public bool TrimsPrefill { get; init; }

    /// <summary>Gets a value indicating whether a request without any message is refused.</summary>
    public bool RequiresMessage { get; init; } = true;

    /// <summary>
    /// Gets a function that recognizes a call of a tool that the provider ran, or the result of one, where the two are separate items and the provider
    /// refuses one without the other; <see langword="null"/> when there are none.
    /// </summary>
    public Func<AIContent, ProviderItem?>? FindProviderItem { get; init; }

    /// <summary>Gets a function that reads the result of a function call out of an item with which the provider answered the call itself; <see langword="null"/> when there are none.</summary>
    public Func<AIContent, FunctionResultContent?>? ReadAnswer { get; init; }

    /// <summary>
    /// Gets a value indicating whether these items are contents of the assistant's messages, so that a result belongs to the same answer as its call, or to the
    /// next one when only results of other tools are between them.
    /// </summary>
    public bool ProviderItemsAreAssistants { get; init; }

    /// <summary>Gets a function that finds the id of the provider's item that a content is a part of; <see langword="null"/> when the provider accepts copies.</summary>
    public Func<AIContent, string?>? FindItemId { get; init; }

    /// <summary>Gets a test for a content that is one of several parts of an item; adjacent parts share its id.</summary>
    public Func<AIContent, bool>? IsItemPart { get; init; }

    /// <summary>Gets a value indicating whether the provider has kept the reasoning items of its answers. Where it has not, it refuses one that goes back without its encrypted content.</summary>
    public bool KeepsReasoning { get; init; } = true;

    /// <summary>Gets a test for a content of an item that was cut off, so that the provider has kept nothing of the answer; <see langword="null"/> where that does not matter.</summary>
    public Func<AIContent, bool>? IsCutItem { get; init; }

    /// <summary>Gets a value indicating whether the last turn of the assistant may end with a provider's call without a result, because the provider continues it.</summary>
    public bool AllowsOpenProviderCall { get; init; }
}

/// <summary>One half of a call that is made and answered by items of the provider's own.</summary>
/// <param name="CallId">The id that call and result share.</param>
/// <param name="IsCall">Whether it is the call; otherwise it is the result.</param>
/// <param name="NeedsResult">Whether the provider refuses the call without its result.</param>
internal readonly record struct ProviderItem(string CallId, bool IsCall, bool NeedsResult = true);
