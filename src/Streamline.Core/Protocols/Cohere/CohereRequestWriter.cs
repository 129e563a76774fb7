namespace Streamline.Protocols.Cohere;

/// <summary>Writes the body of a request: the options here, the conversation and the tools by writers of their own.</summary>
internal static class CohereRequestWriter
{
    public static readonly OptionNames Names = new()
    {
        Protocol = CohereProtocol.ProtocolName,
        MaxOutputTokens = "max_tokens",
        Temperature = "temperature",
        TopP = "p",
        TopK = "k",
        FrequencyPenalty = "frequency_penalty",
        PresencePenalty = "presence_penalty",
        Seed = "seed",
        StopSequences = "stop_sequences",
    };

    /// <exception cref="ArgumentException">The request holds something that the protocol does not support; the message names it.</exception>
    public static void Write(Utf8JsonWriter writer, OutgoingRequest request)
    {
        var options = request.Options;
        Names.ThrowIfNotCarried(options);
        request.WriteModel(writer);
        new CohereMessageWriter(writer).Write(request);
        CohereTools.Write(writer, options);
        Names.Write(writer, options, request.MaxOutputTokens);
        if (options.ResponseFormat is { } format)
        {
            writer.WriteStartObject("response_format"u8);
            writer.WriteString("type"u8, format is ChatResponseFormatJson ? "json_object"u8 : "text"u8);
            if (format is ChatResponseFormatJson { Schema: { } schema })
            {
                SchemaWriter.WriteAnswer(writer, "json_schema", schema, SchemaDialect.Cohere);
            }

            writer.WriteEndObject();
        }

        // The API has no levels of effort. How much of the reasoning is shown cannot be asked for; the options are best effort by their contract.
        if (options.Reasoning?.Effort is { } effort)
        {
            writer.WriteObject("thinking", thinking => thinking.WriteString("type"u8, effort == ReasoningEffort.None ? "disabled"u8 : "enabled"u8));
        }

        writer.WriteBoolean("stream"u8, value: true);
    }
}
