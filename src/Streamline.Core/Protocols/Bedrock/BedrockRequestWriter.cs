namespace Streamline.Protocols.Bedrock;

/// <summary>Writes the body of a request to <c>ConverseStream</c>: the options here, the conversation and the tools by writers of their own.</summary>
internal static class BedrockRequestWriter
{
    private const string OfModel = "If the model does, set it in the member additionalModelRequestFields of StreamRequest.ExtraBody, under the model's own name.";

    private static readonly OptionNames Names = new()
    {
        Protocol = BedrockConverseProtocol.ProtocolName,
        MaxOutputTokens = "maxTokens",
        Temperature = "temperature",
        TopP = "topP",
        StopSequences = "stopSequences",
        RequiresSchema = true,
        Advice = OfModel,
    };

    private static readonly EffortWords Efforts = new(none: null, "xhigh");

    /// <exception cref="ArgumentException">The request holds something that the protocol does not support; the message names it.</exception>
    public static void Write(Utf8JsonWriter writer, OutgoingRequest request)
    {
        var options = request.Options;
        Names.ThrowIfNotCarried(options);
        if (options.Reasoning is { Effort: ReasoningEffort.None } or { Output: not null })
        {
            throw new ArgumentException($"The protocol 'bedrock' supports only the effort of the option Reasoning. {OfModel}", nameof(request));
        }

        new BedrockMessageWriter(writer).Write(request, BedrockToolWriter.AreOffered(options) || request.HasExtra("toolConfig"));
        if (OptionNames.HasAny(options, request.MaxOutputTokens))
        {
            writer.WriteObject("inferenceConfig", members => Names.Write(members, options, request.MaxOutputTokens));
        }

        BedrockToolWriter.Write(writer, options);
        WriteOutput(writer, options);
    }

    private static void WriteOutput(Utf8JsonWriter writer, ChatOptions options)
    {
        var effort = Efforts.Of(options.Reasoning?.Effort);
        var format = options.ResponseFormat as ChatResponseFormatJson;
        if (effort is null && format is null)
        {
            return;
        }

        writer.WriteStartObject("outputConfig"u8);
        if (format?.Schema is { } schema)
        {
            WriteFormat(writer, format, schema);
        }

        writer.WriteText("effort"u8, effort);
        writer.WriteEndObject();
    }

    private static void WriteFormat(Utf8JsonWriter writer, ChatResponseFormatJson format, JsonElement schema)
    {
        writer.WriteStartObject("textFormat"u8);
        writer.WriteString("type"u8, "json_schema"u8);
        writer.WriteStartObject("structure"u8);
        writer.WriteStartObject("jsonSchema"u8);

        // A text, and not a value.
        writer.WriteString("schema"u8, SchemaWriter.AnswerText(schema, SchemaDialect.Anthropic));
        writer.WriteText("name"u8, string.IsNullOrEmpty(format.SchemaName) ? null : format.SchemaName);
        writer.WriteText("description"u8, string.IsNullOrEmpty(format.SchemaDescription) ? null : format.SchemaDescription);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
