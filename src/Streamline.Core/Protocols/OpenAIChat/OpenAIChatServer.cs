namespace Streamline.Protocols.OpenAIChat;

/// <summary>What differs between the servers of this protocol in the requests that they take. What they send is read alike, whichever it is.</summary>
/// <param name="Name">The name of the provider.</param>
/// <param name="BaseAddress">The address that the path is appended to, with a trailing slash.</param>
internal sealed record OpenAIChatServer(string Name, Uri BaseAddress)
{
    /// <summary>Gets OpenAI itself, and every server that nothing else is known of.</summary>
    public static OpenAIChatServer OpenAI { get; } = new(OpenAIChatProtocol.ProtocolName, new Uri("https://api.openai.com/v1/")) { Conversation = OpenAIChatConversation.OpenAI };

    /// <summary>Gets the header that takes the key; <see langword="null"/> for <c>Authorization</c>.</summary>
    public string? ApiKeyHeader { get; init; }

    /// <summary>Gets a value indicating whether the server asks for a key.</summary>
    public bool NeedsApiKey { get; init; } = true;

    /// <summary>Gets the member that limits the output.</summary>
    public string MaxTokensMember { get; init; } = "max_completion_tokens";

    /// <summary>Gets the names of the options.</summary>
    public OptionNames Names { get; init; } = OpenAIChatRequestWriter.Names;

    /// <summary>Gets a value indicating whether usage must be asked for, by <c>stream_options</c>.</summary>
    public bool AsksForUsage { get; init; } = true;

    /// <summary>
    /// Gets where reasoning goes back: a member of the message, <c>thinking</c> for parts of its content, <c>reasoning_details</c> or <c>thinking_blocks</c>;
    /// <see langword="null"/> for the place that it came from.
    /// </summary>
    public string? ReasoningMember { get; init; }

    /// <summary>Gets a value indicating whether plain reasoning goes back with every message of the assistant, and not only with calls.</summary>
    public bool TakesAllReasoning { get; init; }

    /// <summary>Gets the text in place of plain reasoning that a message lacks, for a server that refuses a message without any; <see langword="null"/> for none.</summary>
    public string? MissingReasoning { get; init; }

    /// <summary>Gets what the server accepts of a schema that the model is held to.</summary>
    public SchemaDialect StrictSchemas { get; init; } = SchemaDialect.OpenAIStrict;

    /// <summary>Gets what conversations the server accepts.</summary>
    public ConversationRules Conversation { get; init; } = OpenAIChatConversation.Rules;

    /// <summary>Gets how a message of the assistant is continued. OpenAI itself begins a new answer.</summary>
    public PrefillRule Prefill { get; init; } = PrefillRule.None;
}
