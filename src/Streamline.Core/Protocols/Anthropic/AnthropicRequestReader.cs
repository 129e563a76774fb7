namespace Streamline.Protocols.Anthropic;

/// <summary>Reads the body of a request to the Messages API: the mirror of <see cref="AnthropicRequestWriter"/>.</summary>
internal static class AnthropicRequestReader
{
    /// <exception cref="StreamProtocolException">A member that the protocol requires is missing or of another type.</exception>
    public static StreamRequest Read(JsonElement json)
    {
        var body = new RequestValue(json, "");
        List<ChatMessage> messages = [];
        if (body.Member("system") is { } system)
        {
            messages.Add(new ChatMessage(ChatRole.System, ReadSystem(system)));
        }

        messages.AddRange(body.Required("messages").Items().Select(ReadMessage));
        var reader = new RequestReader(AnthropicRequestWriter.Names, ["system", "messages", "tools"], (name, value, options) => name switch
        {
            "tool_choice" => AnthropicTools.TryReadChoice(value, options),
            "thinking" => TryReadThinking(body, value, options),
            "output_config" => TryReadOutput(body, value, options),
            _ => false,
        });
        return reader.Read(body, messages, new ChatOptions { Tools = AnthropicTools.Read(body) });
    }

    private static List<AIContent> ReadSystem(RequestValue system)
    {
        foreach (var type in system.IsText ? [] : system.Items().Select(block => block.Required("type")))
        {
            _ = type.Text() == "text" ? type : throw type.Fault("'text'");
        }

        return AnthropicContentReader.ReadAll(system);
    }

    private static ChatMessage ReadMessage(RequestValue message)
    {
        var role = message.Required("role");
        return new ChatMessage(
            role.Text() switch
            {
                "user" => ChatRole.User,
                "assistant" => ChatRole.Assistant,
                "system" => ChatRole.System,
                _ => throw role.Fault("'user' or 'assistant'"),
            },
            role.Text() == "system" ? ReadSystem(message.Required("content")) : AnthropicContentReader.ReadAll(message.Required("content")));
    }

    private static bool TryReadThinking(RequestValue body, RequestValue thinking, ChatOptions options)
    {
        var type = thinking.Required("type").Text();
        if (type == "disabled")
        {
            (options.Reasoning ??= new()).Effort = ReasoningEffort.None;
            return thinking.HasOnly("type");
        }

        var display = thinking.Member("display")?.Text();
        ReasoningOutput? shown = display switch { "omitted" => ReasoningOutput.None, "summarized" => ReasoningOutput.Summary, _ => null };
        if (type != "adaptive" || (shown is null && (display is not null || ReadEffort(body) is null)))
        {
            return false;
        }

        (options.Reasoning ??= new()).Output = shown;
        return thinking.HasOnly("type", "display");
    }

    private static bool TryReadOutput(RequestValue body, RequestValue output, ChatOptions options)
    {
        var isExact = output.HasOnly("effort", "format") && !output.HasOnly();
        if (output.Member("format") is { } format)
        {
            var schema = format.Member("schema");
            options.ResponseFormat = schema is { } json ? ChatResponseFormat.ForJsonSchema(json.Json) : null;
            isExact &= schema is not null && format.Required("type").Text() == "json_schema" && format.HasOnly("type", "schema");
        }

        if (output.Member("effort") is not null)
        {
            (options.Reasoning ??= new()).Effort ??= ReadEffort(body);
            isExact &= ReadEffort(body) is not null;
        }

        return isExact;
    }

    /// <summary>Reads the effort. The writer asks for thinking where there is one, so an effort without that is left to the extra body.</summary>
    private static ReasoningEffort? ReadEffort(RequestValue body) =>
        body.Member("thinking")?.Member("type")?.Text() == "adaptive"
            ? AnthropicReasoning.Efforts.Read(body.Member("output_config")?.Member("effort")?.Text())
            : null;
}
