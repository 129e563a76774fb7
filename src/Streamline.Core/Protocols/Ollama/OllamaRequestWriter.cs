namespace Streamline.Protocols.Ollama;

/// <summary>Writes the body of a request: the options and tools here, the conversation by a writer of its own.</summary>
internal static class OllamaRequestWriter
{
    private static readonly OptionNames Names = new()
    {
        Protocol = OllamaProtocol.ProtocolName,
        MaxOutputTokens = "num_predict",
        Temperature = "temperature",
        TopP = "top_p",
        TopK = "top_k",
        FrequencyPenalty = "frequency_penalty",
        PresencePenalty = "presence_penalty",
        Seed = "seed",
        StopSequences = "stop",
    };

    // The server refuses levels for any other model, which can only be told whether to think.
    private static readonly ReasoningRule[] Reasoning =
    [
        new() { Models = ["gpt-oss"], Levels = new EffortWords(none: null, "high") },
        new(),
    ];

    /// <exception cref="ArgumentException">The request holds something that the protocol does not support; the message names it.</exception>
    public static void Write(Utf8JsonWriter writer, OutgoingRequest request)
    {
        var options = request.Options;
        Names.ThrowIfNotCarried(options);
        request.WriteModel(writer);
        new OllamaMessageWriter(writer).Write(request);

        // There is no choice among tools. To forbid them, a request does not offer them; that one is required is left out, as is that calls come one by one.
        if (options is { Tools: { Count: > 0 } tools, ToolMode: not NoneChatToolMode })
        {
            ToolWriter.WriteAll(writer, tools, OllamaProtocol.ProtocolName, static (writer, tool) => ToolWriter.WriteNestedFunction(writer, tool, OllamaProtocol.ProtocolName));
        }

        WriteFormat(writer, options.ResponseFormat as ChatResponseFormatJson);
        WriteThink(writer, options.Reasoning, ReasoningRule.Find(Reasoning, request.Model));
        if (OptionNames.HasAny(options, request.MaxOutputTokens))
        {
            writer.WriteObject("options", members => Names.Write(members, options, request.MaxOutputTokens));
        }

        writer.WriteBoolean("stream"u8, true);
    }

    private static void WriteFormat(Utf8JsonWriter writer, ChatResponseFormatJson? format)
    {
        if (format?.Schema is { } schema)
        {
            SchemaWriter.WriteAnswer(writer, "format", schema, SchemaDialect.Ollama);
        }
        else if (format is not null)
        {
            writer.WriteString("format"u8, "json"u8);
        }
    }

    private static void WriteThink(Utf8JsonWriter writer, ReasoningOptions? reasoning, ReasoningRule rule)
    {
        if (rule.Levels?.Of(reasoning?.Effort) is { } word)
        {
            writer.WriteString("think"u8, word);
        }
        else if (reasoning is { Effort: not null } or { Output: not null })
        {
            writer.WriteBoolean("think"u8, reasoning is { Effort: { } effort } ? effort != ReasoningEffort.None : reasoning.Output != ReasoningOutput.None);
        }
    }
}
