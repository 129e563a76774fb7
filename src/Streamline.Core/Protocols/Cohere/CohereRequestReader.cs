namespace Streamline.Protocols.Cohere;

/// <summary>Reads the body of a request: the mirror of <see cref="CohereRequestWriter"/>.</summary>
internal static class CohereRequestReader
{
    private static readonly RequestReader Reader = new(CohereRequestWriter.Names, ["messages", "tools"], TryReadOption);

    /// <exception cref="StreamProtocolException">A member that the protocol requires is missing or of another type.</exception>
    public static StreamRequest Read(JsonElement json)
    {
        var body = new RequestValue(json, "");
        return Reader.Read(body, [.. body.Required("messages").Items().Select(CohereMessageReader.Read)], new ChatOptions { Tools = CohereTools.Read(body) });
    }

    private static bool TryReadOption(string name, RequestValue value, ChatOptions options) => name switch
    {
        "strict_tools" => CohereTools.IsStrictWritten(value, options),
        "tool_choice" => CohereTools.TryReadChoice(value, options),
        "response_format" => TryReadFormat(value, options),
        "thinking" => TryReadThinking(value, options),
        _ => false,
    };

    private static bool TryReadFormat(RequestValue format, ChatOptions options)
    {
        var schema = format.Member("json_schema");
        options.ResponseFormat = format.Required("type").Text() switch
        {
            "text" => ChatResponseFormat.Text,
            "json_object" => schema is { IsObject: true } json ? ChatResponseFormat.ForJsonSchema(json.Json) : ChatResponseFormat.Json,
            _ => null,
        };
        return options.ResponseFormat switch
        {
            null => false,
            ChatResponseFormatJson { Schema: not null } => format.HasOnly("type", "json_schema"),
            _ => format.HasOnly("type"),
        };
    }

    // Levels of effort are not in a request, so that thinking which is on stays in the extra body.
    private static bool TryReadThinking(RequestValue thinking, ChatOptions options)
    {
        var isOff = thinking.Member("type")?.Text() == "disabled";
        options.Reasoning = new ReasoningOptions { Effort = isOff ? ReasoningEffort.None : ReasoningEffort.Medium };
        return isOff && thinking.HasOnly("type");
    }
}
