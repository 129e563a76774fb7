namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Writes the body of a request: the options here, the conversation and the tools by writers of their own.</summary>
internal static class OpenAIResponsesRequestWriter
{
    public static readonly OptionNames Names = new()
    {
        Protocol = OpenAIResponsesProtocol.ProtocolName,
        MaxOutputTokens = "max_output_tokens",
        Temperature = "temperature",
        TopP = "top_p",
        KeepsResponses = true,
        Advice = "If the server does, set it in StreamRequest.ExtraBody.",
    };

    public static readonly EffortWords Efforts = new("none", "xhigh");

    private const string ConversationPrefix = "conv_";
    private const int FirstDigit = 4;

    /// <exception cref="ArgumentException">The request holds something that the protocol does not support; the message names it.</exception>
    public static void Write(Utf8JsonWriter writer, OutgoingRequest request)
    {
        var options = request.Options;
        Names.ThrowIfNotCarried(options);
        request.WriteModel(writer);
        if (options.ConversationId is { } id)
        {
            writer.WriteString(id.StartsWith(ConversationPrefix, StringComparison.Ordinal) ? "conversation"u8 : "previous_response_id"u8, id);
        }

        writer.WriteText("instructions"u8, string.IsNullOrEmpty(options.Instructions) ? null : options.Instructions);
        new OpenAIResponsesInputWriter(writer, OpenAIResponsesConversation.IsStored(request.Request)).Write(request.Messages);
        OpenAIResponsesTools.Write(writer, options);
        Names.Write(writer, options, request.MaxOutputTokens);
        if (options.ResponseFormat is { } format)
        {
            writer.WriteObject("text", text => text.WriteObject("format", members => SchemaWriter.WriteFormat(members, format, holder: null, options, SchemaDialect.OpenAIStrict)));
        }

        WriteReasoning(writer, options.Reasoning);
        WriteInclude(writer, request);
        writer.WriteBoolean("stream"u8, value: true);
        writer.WriteFlag("background"u8, options.AllowBackgroundResponses == true ? true : null);
    }

    /// <summary>Tells whether a request that is not stored asks for encrypted reasoning.</summary>
    public static bool AsksForReasoning(ChatOptions options, string? model) => options.Reasoning is { } reasoning ? reasoning.Effort != ReasoningEffort.None : IsReasoningModel(model);

    private static void WriteReasoning(Utf8JsonWriter writer, ReasoningOptions? reasoning)
    {
        if (reasoning is not null and not { Effort: null, Output: null or ReasoningOutput.None })
        {
            writer.WriteStartObject("reasoning"u8);
            writer.WriteText("effort"u8, Efforts.Of(reasoning.Effort));
            writer.WriteText("summary"u8, reasoning.Output switch { ReasoningOutput.Full => "detailed", ReasoningOutput.Summary => "auto", _ => null });
            writer.WriteEndObject();
        }
    }

    // A response that the provider does not keep can be continued only with its reasoning, which it gives on demand. A model that does not reason refuses
    // the demand, so that it is made when the request speaks of reasoning, or when the model is known to reason.
    private static void WriteInclude(Utf8JsonWriter writer, OutgoingRequest request)
    {
        if (!OpenAIResponsesConversation.IsStored(request.Request) && AsksForReasoning(request.Options, request.Model))
        {
            writer.WriteTexts("include", ["reasoning.encrypted_content"]);
        }
    }

    // The o series, and GPT from 5 on except the chat models. A gateway may put its own prefix before the name.
    private static bool IsReasoningModel(string? model)
    {
        var name = model.AsSpan()[(model.AsSpan().LastIndexOf('/') + 1)..];
        return !name.Contains("-chat", StringComparison.OrdinalIgnoreCase) && (
            (name.Length > 1 && name[0] == 'o' && char.IsAsciiDigit(name[1]))
            || (name.StartsWith("gpt-", StringComparison.OrdinalIgnoreCase) && name.Length > FirstDigit && name[FirstDigit] is >= '5' and <= '9'));
    }
}
