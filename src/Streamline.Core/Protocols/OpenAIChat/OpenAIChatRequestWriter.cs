namespace Streamline.Protocols.OpenAIChat;

/// <summary>Writes the body of a request: the options here, the conversation and the tools by writers of their own.</summary>
internal static class OpenAIChatRequestWriter
{
    public static readonly OptionNames Names = new()
    {
        Protocol = OpenAIChatProtocol.ProtocolName,
        MaxOutputTokens = "max_completion_tokens",
        Temperature = "temperature",
        TopP = "top_p",
        FrequencyPenalty = "frequency_penalty",
        PresencePenalty = "presence_penalty",
        Seed = "seed",
        StopSequences = "stop",
        StopMayBeText = true,
        Advice = "If the server does, set it in StreamRequest.ExtraBody.",
    };

    public static readonly EffortWords Efforts = new("none", "xhigh");

    /// <exception cref="ArgumentException">The request holds something that the protocol does not support; the message names it.</exception>
    public static void Write(Utf8JsonWriter writer, OutgoingRequest request, OpenAIChatServer server)
    {
        var options = request.Options;
        Names.ThrowIfNotCarried(options);
        request.WriteModel(writer);
        new OpenAIChatMessageWriter(writer, server).Write(request);
        OpenAIChatTools.Write(writer, options, server.StrictSchemas);

        // `max_tokens` in the extra body is how an application says that its server knows only the old name.
        if (request.MaxOutputTokens is { } limit && !request.HasExtra("max_tokens"))
        {
            writer.WriteNumber(server.MaxTokensMember, limit);
        }

        server.Names.Write(writer, options, maxOutputTokens: null);
        if (options.ResponseFormat is { } format)
        {
            writer.WriteObject("response_format", members => SchemaWriter.WriteFormat(members, format, "json_schema", options, server.StrictSchemas));
        }

        // How much of the reasoning is shown cannot be asked for here; the options are best effort by their contract.
        writer.WriteText("reasoning_effort"u8, Efforts.Of(options.Reasoning?.Effort));
        writer.WriteBoolean("stream"u8, true);
        if (server.AsksForUsage)
        {
            writer.WriteObject("stream_options", static members => members.WriteBoolean("include_usage"u8, true));
        }
    }
}
