namespace Streamline.Protocols.Gemini;

/// <summary>Writes the body of a request: the options here, the conversation and the tools by writers of their own.</summary>
internal static class GeminiRequestWriter
{
    // Models before the third generation are told how many tokens to think with, and know no levels.
    private const int LowBudget = 1024;
    private const int MediumBudget = 8192;
    private const int HighBudget = 24_576;

    private static readonly OptionNames Names = new()
    {
        Protocol = GeminiProtocol.ProtocolName,
        MaxOutputTokens = "maxOutputTokens",
        Temperature = "temperature",
        TopP = "topP",
        TopK = "topK",
        FrequencyPenalty = "frequencyPenalty",
        PresencePenalty = "presencePenalty",
        Seed = "seed",
        StopSequences = "stopSequences",
    };

    /// <exception cref="ArgumentException">The request holds something that the protocol does not support; the message names it.</exception>
    public static void Write(Utf8JsonWriter writer, OutgoingRequest request)
    {
        var model = OutgoingRequest.RequireModel(request.Request, request.Defaults);
        var options = request.Options;
        Names.ThrowIfNotCarried(options);
        new GeminiMessageWriter(writer, IsBeforeThirdGeneration(model)).Write(request);
        GeminiToolWriter.Write(writer, options);
        var format = options.ResponseFormat as ChatResponseFormatJson;
        var reasoning = options.Reasoning is { Effort: null, Output: null } ? null : options.Reasoning;
        if (format is not null || reasoning is not null || OptionNames.HasAny(options, request.MaxOutputTokens))
        {
            writer.WriteStartObject("generationConfig"u8);
            Names.Write(writer, options, request.MaxOutputTokens);
            WriteFormat(writer, format);
            WriteThinking(writer, reasoning, model);
            writer.WriteEndObject();
        }
    }

    private static bool IsBeforeThirdGeneration(string model) =>
        model.Contains("gemini-1", StringComparison.OrdinalIgnoreCase) || model.Contains("gemini-2", StringComparison.OrdinalIgnoreCase);

    private static void WriteFormat(Utf8JsonWriter writer, ChatResponseFormatJson? format)
    {
        if (format is null)
        {
            return;
        }

        writer.WriteString("responseMimeType"u8, "application/json"u8);
        if (format.Schema is { } schema)
        {
            SchemaWriter.WriteAnswer(writer, "responseJsonSchema", schema, SchemaDialect.Gemini);
        }
    }

    private static void WriteThinking(Utf8JsonWriter writer, ReasoningOptions? reasoning, string model)
    {
        if (reasoning is null)
        {
            return;
        }

        writer.WriteStartObject("thinkingConfig"u8);
        writer.WriteFlag("includeThoughts"u8, reasoning.Output is { } shown ? shown != ReasoningOutput.None : null);
        var (level, budget) = reasoning.Effort switch
        {
            null => ((string?)null, (int?)null),
            ReasoningEffort.None => (null, 0),
            ReasoningEffort.Low => ("low", LowBudget),
            ReasoningEffort.Medium => ("medium", MediumBudget),
            _ => ("high", HighBudget),
        };
        if (level is not null && !IsBeforeThirdGeneration(model))
        {
            writer.WriteString("thinkingLevel"u8, level);
        }
        else
        {
            writer.WriteCount("thinkingBudget"u8, budget);
        }

        writer.WriteEndObject();
    }
}
