using System.Text.Json.Nodes;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>Reads the body of a request: the mirror of <see cref="OpenAIChatRequestWriter"/>.</summary>
internal static class OpenAIChatRequestReader
{
    private static readonly RequestReader Reader = new(OpenAIChatRequestWriter.Names, ["messages", "tools", "stream_options"], TryReadOption);

    /// <exception cref="StreamProtocolException">A member that the protocol requires is missing or of another type.</exception>
    public static StreamRequest Read(JsonElement json)
    {
        var body = new RequestValue(json, "");
        List<ChatMessage> messages = [.. body.Required("messages").Items().Select(OpenAIChatMessageReader.Read)];
        var options = new ChatOptions();
        var extra = new JsonObject();

        // Whether a choice among tools is carried depends on the tools.
        if (body.Member("tools") is { } tools && !OpenAIChatTools.TryRead(tools, options))
        {
            extra.Add("tools", tools.ToNode());
        }

        Reader.ReadOptions(body, options, extra);
        return RequestReader.ToRequest(messages, options, extra);
    }

    private static bool TryReadOption(string name, RequestValue value, ChatOptions options)
    {
        switch (name)
        {
            case "max_tokens":
                // The writer has only the new name, and leaves it out where the extra body has the old one.
                var limit = value.Count();
                options.MaxOutputTokens ??= limit;
                return false;
            case "tool_choice":
                return ToolReader.TryReadChoice(value, options, choice => choice.Required("function"));
            case "parallel_tool_calls":
                options.AllowMultipleToolCalls = value.IsTrue();
                return options.Tools is { Count: > 0 };
            case "response_format":
                return TryReadResponseFormat(value, options);
            case "reasoning_effort":
                var effort = OpenAIChatRequestWriter.Efforts.Read(value.Text());
                options.Reasoning = effort is null ? null : new ReasoningOptions { Effort = effort };
                return effort is not null;
            default:
                return false;
        }
    }

    private static bool TryReadResponseFormat(RequestValue format, ChatOptions options)
    {
        if (format.Required("type").Text() != "json_schema")
        {
            return SchemaReader.TryReadWithoutSchema(format, options);
        }

        var schema = format.Required("json_schema");
        if (schema.Member("schema") is null)
        {
            return false;
        }

        SchemaReader.Read(schema, options);
        return format.HasOnly("type", "json_schema") && schema.HasOnly("name", "description", "schema", "strict");
    }
}
