namespace Streamline.Protocols.Anthropic;

/// <summary>Writes the body of a request to the Messages API: everything but the messages themselves.</summary>
internal static class AnthropicRequestWriter
{
    public static readonly OptionNames Names = new()
    {
        Protocol = AnthropicProtocol.ProtocolName,
        MaxOutputTokens = "max_tokens",
        Temperature = "temperature",
        TopP = "top_p",
        TopK = "top_k",
        StopSequences = "stop_sequences",
        RequiresSchema = true,
    };

    public static readonly EffortWords Efforts = new(none: null, "xhigh");

    // The API requires a limit. Every model that is offered today can write this much.
    private const int DefaultMaxOutputTokens = 8192;

    public static void Write(Utf8JsonWriter writer, OutgoingRequest request)
    {
        request.WriteModel(writer);
        WriteMembers(writer, request, asksForStream: true);
    }

    /// <summary>Writes the members that are the same for a server which is told of the model, and that it is to stream, in a way of its own.</summary>
    /// <param name="writer">The writer, inside the body.</param>
    /// <param name="request">The request.</param>
    /// <param name="asksForStream">Whether the body says that the answer is to be streamed.</param>
    /// <exception cref="ArgumentException">The request holds something that the protocol does not support; the message names it.</exception>
    public static void WriteMembers(Utf8JsonWriter writer, OutgoingRequest request, bool asksForStream)
    {
        var options = request.Options;
        Names.ThrowIfNotCarried(options);
        writer.WriteNumber(Names.MaxOutputTokens, request.MaxOutputTokens ?? DefaultMaxOutputTokens);
        writer.WriteFlag("stream"u8, asksForStream ? true : null);
        writer.WriteNonEmptyArray("system", request.SystemContents(AnthropicProtocol.ProtocolName), AnthropicContentWriter.Write);
        AnthropicMessageWriter.Write(writer, request.Messages);
        Names.Write(writer, options, maxOutputTokens: null);
        AnthropicTools.Write(writer, options);
        WriteReasoning(writer, options.Reasoning);
        WriteOutputConfig(writer, options);
    }

    // The model decides how much it thinks, and effort guides it. Models before 4.6 want a budget in its place: that is for ExtraBody.
    private static void WriteReasoning(Utf8JsonWriter writer, ReasoningOptions? reasoning)
    {
        if (reasoning is null or { Effort: null, Output: null })
        {
            return;
        }

        var isOff = reasoning.Effort == ReasoningEffort.None;
        writer.WriteStartObject("thinking"u8);
        writer.WriteString("type"u8, isOff ? "disabled"u8 : "adaptive"u8);
        writer.WriteText("display"u8, isOff || reasoning.Output is not { } shown ? null : shown == ReasoningOutput.None ? "omitted" : "summarized");
        writer.WriteEndObject();
    }

    private static void WriteOutputConfig(Utf8JsonWriter writer, ChatOptions options)
    {
        var effort = Efforts.Of(options.Reasoning?.Effort);
        var schema = (options.ResponseFormat as ChatResponseFormatJson)?.Schema;
        if (effort is null && schema is null)
        {
            return;
        }

        writer.WriteStartObject("output_config"u8);
        writer.WriteText("effort"u8, effort);
        if (schema is { } json)
        {
            writer.WriteStartObject("format"u8);
            writer.WriteString("type"u8, "json_schema"u8);
            SchemaWriter.WriteAnswer(writer, "schema", json, SchemaDialect.Anthropic);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
