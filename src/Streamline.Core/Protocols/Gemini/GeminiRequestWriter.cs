namespace Streamline.Protocols.Gemini;

/// <summary>Writes the body of a request: the options here, the conversation and the tools by writers of their own.</summary>
internal static class GeminiRequestWriter
{
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
        var isOlder = IsBeforeThirdGeneration(model);
        new GeminiMessageWriter(writer, takesUnsignedCalls: isOlder).Write(request);
        GeminiToolWriter.Write(writer, options, combinesTools: !isOlder);
        var format = options.ResponseFormat as ChatResponseFormatJson;
        var rule = GeminiReasoning.RuleFor(model);
        var reasoning = options.Reasoning is { Effort: null, Output: null } || rule is { Levels: null, Budgets: null } ? null : options.Reasoning;
        if (format is not null || reasoning is not null || OptionNames.HasAny(options, request.MaxOutputTokens))
        {
            writer.WriteStartObject("generationConfig"u8);
            Names.Write(writer, options, request.MaxOutputTokens);
            WriteFormat(writer, format);
            WriteThinking(writer, reasoning, rule);
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

    private static void WriteThinking(Utf8JsonWriter writer, ReasoningOptions? reasoning, ReasoningRule rule)
    {
        if (reasoning is null)
        {
            return;
        }

        writer.WriteStartObject("thinkingConfig"u8);
        writer.WriteFlag("includeThoughts"u8, reasoning.Output is { } shown ? shown != ReasoningOutput.None : null);
        writer.WriteText("thinkingLevel"u8, rule.Levels?.Of(reasoning.Effort));
        writer.WriteCount("thinkingBudget"u8, rule.Budgets?.Of(reasoning.Effort));
        writer.WriteEndObject();
    }
}
