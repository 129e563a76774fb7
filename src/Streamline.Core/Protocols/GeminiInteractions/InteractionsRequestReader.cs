namespace Streamline.Protocols.GeminiInteractions;

/// <summary>Reads the body of a request: the mirror of <see cref="InteractionsRequestWriter"/>.</summary>
internal static class InteractionsRequestReader
{
    private static readonly RequestReader Reader = new(names: null, ["input", "tools"], TryReadOption);

    /// <exception cref="StreamProtocolException">A member that the protocol requires is missing or of another type.</exception>
    public static StreamRequest Read(JsonElement json)
    {
        var body = new RequestValue(json, "");
        var options = new ChatOptions
        {
            Instructions = body.Member("system_instruction") is { IsText: true } instructions ? instructions.Text() : null,
            Tools = body.Member("tools") is { } tools ? [.. tools.Items().Select(InteractionsTools.Read)] : null,
        };
        return Reader.Read(body, new InteractionsInputReader().Read(body.Required("input")), options);
    }

    private static bool TryReadOption(string name, RequestValue value, ChatOptions options)
    {
        switch (name)
        {
            case "system_instruction":
                return value.IsText && options.Instructions is { Length: > 0 };
            case "previous_interaction_id":
                options.ConversationId = value.Text();
                return true;
            case "background":
                options.AllowBackgroundResponses = value.IsTrue();
                return options.AllowBackgroundResponses.Value;
            case "response_format":
                return TryReadFormat(value, options);
            case "generation_config":
                return TryReadConfig(value, options);
            default:
                return false;
        }
    }

    private static bool TryReadFormat(RequestValue format, ChatOptions options)
    {
        if (!format.IsObject || format.Member("type")?.Json.ValueKind != JsonValueKind.String || format.Member("mime_type")?.IsText != true
            || format.Required("type").Text() != "text" || format.Required("mime_type").Text() != "application/json")
        {
            return false;
        }

        var schema = format.Member("schema");
        options.ResponseFormat = schema is { } json ? ChatResponseFormat.ForJsonSchema(json.Json) : ChatResponseFormat.Json;
        return format.HasOnly("type", "mime_type", "schema");
    }

    /// <summary>Reads the options of the generation. Where one of them has no place, all of them stay as they are.</summary>
    private static bool TryReadConfig(RequestValue config, ChatOptions options)
    {
        var isExact = config.Members().Any();
        foreach (var (name, value) in config.Members())
        {
            isExact &= InteractionsRequestWriter.Names.TryRead(name, value, options) ?? TryReadConfig(name, value, options);
        }

        return isExact;
    }

    private static bool TryReadConfig(string name, RequestValue value, ChatOptions options)
    {
        switch (name)
        {
            case "thinking_level":
                var effort = InteractionsRequestWriter.Efforts.Read(value.Text());
                (options.Reasoning ??= new()).Effort = effort;
                return effort is not null;
            case "thinking_summaries":
                ReasoningOutput? shown = value.Text() switch { "none" => ReasoningOutput.None, "auto" => ReasoningOutput.Summary, _ => null };
                (options.Reasoning ??= new()).Output = shown;
                return shown is not null;
            case "tool_choice":
                return InteractionsTools.TryReadChoice(value, options);
            default:
                return false;
        }
    }
}
