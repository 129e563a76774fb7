using Streamline.Protocols.Gemini;

namespace Streamline.Protocols.GeminiInteractions;

/// <summary>Writes the body of a request: the options here, the conversation and the tools by writers of their own.</summary>
internal static class InteractionsRequestWriter
{
    /// <summary>The member that names an agent in place of a model.</summary>
    public const string Agent = "agent";

    public static readonly OptionNames Names = new()
    {
        Protocol = InteractionsProtocol.ProtocolName,
        MaxOutputTokens = "max_output_tokens",
        Temperature = "temperature",
        TopP = "top_p",
        Seed = "seed",
        StopSequences = "stop_sequences",
        KeepsResponses = true,
    };

    public static readonly EffortWords Efforts = new("minimal", "high");

    /// <exception cref="ArgumentException">The request holds something that the protocol does not support; the message names it.</exception>
    public static void Write(Utf8JsonWriter writer, OutgoingRequest request)
    {
        var options = request.Options;
        Names.ThrowIfNotCarried(options);

        // An agent chooses its model.
        if (!request.HasExtra(Agent))
        {
            request.WriteModel(writer);
        }

        writer.WriteText("previous_interaction_id"u8, options.ConversationId);
        new InteractionsInputWriter(writer).Write(request);
        InteractionsTools.Write(writer, options);
        WriteConfig(writer, options, request);
        WriteFormat(writer, options.ResponseFormat as ChatResponseFormatJson);
        writer.WriteFlag("background"u8, options.AllowBackgroundResponses == true ? true : null);
        writer.WriteBoolean("stream"u8, value: true);
    }

    // An agent chooses its model.
    private static EffortWords EffortsOf(string? model) => (model is null ? null : GeminiReasoning.RuleFor(model).Levels) ?? Efforts;

    private static void WriteConfig(Utf8JsonWriter writer, ChatOptions options, OutgoingRequest request)
    {
        var choice = InteractionsTools.ChoiceOf(options);
        if (choice is null && options.Reasoning is null or { Effort: null, Output: null } && !OptionNames.HasAny(options, request.MaxOutputTokens))
        {
            return;
        }

        writer.WriteStartObject("generation_config"u8);
        Names.Write(writer, options, request.MaxOutputTokens);
        writer.WriteText("thinking_level"u8, EffortsOf(request.Model).Of(options.Reasoning?.Effort));
        writer.WriteText("thinking_summaries"u8, options.Reasoning?.Output switch { null => null, ReasoningOutput.None => "none", _ => "auto" });
        InteractionsTools.WriteChoice(writer, choice);
        writer.WriteEndObject();
    }

    private static void WriteFormat(Utf8JsonWriter writer, ChatResponseFormatJson? format)
    {
        if (format is null)
        {
            return;
        }

        writer.WriteStartObject("response_format"u8);
        writer.WriteString("type"u8, "text"u8);
        writer.WriteString("mime_type"u8, "application/json"u8);
        if (format.Schema is { } schema)
        {
            SchemaWriter.WriteAnswer(writer, "schema", schema, SchemaDialect.Gemini);
        }

        writer.WriteEndObject();
    }
}
