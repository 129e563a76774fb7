namespace Streamline.Diagnostics;

/// <summary>The names of OpenTelemetry's semantic conventions for generative AI, once for the whole library. What differs between the editions is a member, the rest a constant.</summary>
internal sealed record GenAiNames
{
    public const string OperationName = "gen_ai.operation.name";
    public const string Chat = "chat";
    public const string FetchResponse = "fetch_response";
    public const string ProviderName = "gen_ai.provider.name";
    public const string ConversationId = "gen_ai.conversation.id";
    public const string OutputType = "gen_ai.output.type";
    public const string RequestModel = "gen_ai.request.model";
    public const string RequestStream = "gen_ai.request.stream";
    public const string RequestMaxTokens = "gen_ai.request.max_tokens";
    public const string RequestTemperature = "gen_ai.request.temperature";
    public const string RequestTopP = "gen_ai.request.top_p";
    public const string RequestTopK = "gen_ai.request.top_k";
    public const string RequestFrequencyPenalty = "gen_ai.request.frequency_penalty";
    public const string RequestPresencePenalty = "gen_ai.request.presence_penalty";
    public const string RequestSeed = "gen_ai.request.seed";
    public const string RequestStopSequences = "gen_ai.request.stop_sequences";
    public const string ResponseId = "gen_ai.response.id";
    public const string ResponseModel = "gen_ai.response.model";
    public const string FinishReasons = "gen_ai.response.finish_reasons";
    public const string TimeToFirstChunkAttribute = "gen_ai.response.time_to_first_chunk";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string CacheReadTokens = "gen_ai.usage.cache_read.input_tokens";
    public const string ReasoningTokens = "gen_ai.usage.reasoning.output_tokens";
    public const string SystemInstructions = "gen_ai.system_instructions";
    public const string InputMessages = "gen_ai.input.messages";
    public const string OutputMessages = "gen_ai.output.messages";
    public const string TokenType = "gen_ai.token.type";
    public const string ErrorType = "error.type";

    /// <summary>The names of version 1.41.</summary>
    public static GenAiNames V141 { get; } = new()
    {
        CacheWriteTokens = "gen_ai.usage.cache_creation.input_tokens",
        Duration = "gen_ai.client.operation.duration",
        TimeToFirstChunk = "gen_ai.client.operation.time_to_first_chunk",
        TimePerOutputChunk = "gen_ai.client.operation.time_per_output_chunk",
        TokenUsage = "gen_ai.client.token.usage",
    };

    /// <summary>The next names.</summary>
    public static GenAiNames Next { get; } = new()
    {
        CacheWriteTokens = "gen_ai.usage.cache_write.input_tokens",
        Duration = "gen_ai.client.inference.duration",
        TimeToFirstChunk = "gen_ai.client.inference.time_to_first_chunk",
        TimePerOutputChunk = "gen_ai.client.inference.time_per_output_chunk",
        InputTokensOfOperation = "gen_ai.client.inference.operation.input_tokens",
        OutputTokensOfOperation = "gen_ai.client.inference.operation.output_tokens",
        InputTokensUsed = "gen_ai.client.inference.usage.input_tokens",
        OutputTokensUsed = "gen_ai.client.inference.usage.output_tokens",
        CacheReadTokensUsed = "gen_ai.client.inference.usage.cache_read.input_tokens",
        CacheWriteTokensUsed = "gen_ai.client.inference.usage.cache_write.input_tokens",
        ReasoningTokensUsed = "gen_ai.client.inference.usage.reasoning.output_tokens",
    };

    public required string CacheWriteTokens { get; init; }

    public required string Duration { get; init; }

    public required string TimeToFirstChunk { get; init; }

    public required string TimePerOutputChunk { get; init; }

    /// <summary>Gets the histogram of tokens by type; <see langword="null"/> where there is one for each.</summary>
    public string? TokenUsage { get; init; }

    public string? InputTokensOfOperation { get; init; }

    public string? OutputTokensOfOperation { get; init; }

    public string? InputTokensUsed { get; init; }

    public string? OutputTokensUsed { get; init; }

    public string? CacheReadTokensUsed { get; init; }

    public string? CacheWriteTokensUsed { get; init; }

    public string? ReasoningTokensUsed { get; init; }

    public static GenAiNames Of(GenAiEdition edition) => edition == GenAiEdition.Next ? Next : V141;
}
