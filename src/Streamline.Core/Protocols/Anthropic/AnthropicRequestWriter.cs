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

    // The API requires a limit. Every model that is offered today can write this much after its thinking.
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
        writer.WriteNumber(Names.MaxOutputTokens, request.MaxOutputTokens ?? DefaultMaxOutputTokens + (AnthropicReasoning.BudgetOf(request) ?? 0));
        writer.WriteFlag("stream"u8, asksForStream ? true : null);
        writer.WriteNonEmptyArray("system", request.SystemContents(AnthropicProtocol.ProtocolName), AnthropicContentWriter.Write);
        AnthropicMessageWriter.Write(writer, request.Messages);
        Names.Write(writer, options, maxOutputTokens: null);
        AnthropicTools.Write(writer, options);
        AnthropicReasoning.Write(writer, request);
        WriteOutputConfig(writer, options, AnthropicReasoning.EffortOf(request));
    }

    private static void WriteOutputConfig(Utf8JsonWriter writer, ChatOptions options, string? effort)
    {
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
