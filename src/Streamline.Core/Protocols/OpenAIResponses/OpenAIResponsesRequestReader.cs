using System.Text.Json.Nodes;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Reads the body of a request: the mirror of <see cref="OpenAIResponsesRequestWriter"/>.</summary>
internal static class OpenAIResponsesRequestReader
{
    private static readonly RequestReader Reader = new(OpenAIResponsesRequestWriter.Names, ["input", "instructions", "tools", "stream_options"], TryReadOption);

    /// <exception cref="StreamProtocolException">A member that the protocol requires is missing or of another type.</exception>
    public static StreamRequest Read(JsonElement json)
    {
        var body = new RequestValue(json, "");
        var messages = new OpenAIResponsesInputReader().Read(body.Required("input"));
        var options = new ChatOptions
        {
            Instructions = body.Member("instructions")?.Text(),
            Tools = body.Member("tools") is { } tools ? [.. tools.Items().Select(OpenAIResponsesTools.Read)] : null,
        };
        var extra = new JsonObject();
        Reader.ReadOptions(body, options, extra);

        // Where nothing is kept, the writer asks for encrypted reasoning. This request did not.
        if (options.Reasoning is not null && !extra.ContainsKey("include") && extra["store"]?.GetValueKind() == JsonValueKind.False)
        {
            extra.Add("include", new JsonArray());
        }

        return RequestReader.ToRequest(messages, options, extra);
    }

    private static bool TryReadOption(string name, RequestValue value, ChatOptions options)
    {
        switch (name)
        {
            case "previous_response_id":
                options.ConversationId = value.Text();
                return true;
            case "conversation":
                options.ConversationId = value.IsText ? value.Text() : value.Required("id").Text();
                return value.IsText;
            case "background":
                options.AllowBackgroundResponses = value.IsTrue();
                return options.AllowBackgroundResponses.Value;
            case "tool_choice":
                return ToolReader.TryReadChoice(value, options, choice => choice);
            case "parallel_tool_calls":
                options.AllowMultipleToolCalls = value.IsTrue();
                return options.Tools is { Count: > 0 };
            case "text":
                return TryReadText(value, options);
            case "reasoning":
                return TryReadReasoning(value, options);
            default:
                return false;
        }
    }

    private static bool TryReadText(RequestValue text, ChatOptions options)
    {
        if (text.Member("format") is not { } format)
        {
            return false;
        }

        if (format.Required("type").Text() != "json_schema")
        {
            return SchemaReader.TryReadWithoutSchema(format, options) && text.HasOnly("format");
        }

        SchemaReader.Read(format, options);
        return text.HasOnly("format") && format.HasOnly("type", "name", "description", "schema", "strict");
    }

    private static bool TryReadReasoning(RequestValue reasoning, ChatOptions options)
    {
        var (effortWord, summaryWord) = (reasoning.Member("effort")?.Text(), reasoning.Member("summary")?.Text());
        var effort = OpenAIResponsesRequestWriter.Efforts.Read(effortWord);
        ReasoningOutput? shown = summaryWord switch { "auto" => ReasoningOutput.Summary, "detailed" => ReasoningOutput.Full, _ => null };
        if (effort is null && shown is null)
        {
            return false;
        }

        options.Reasoning = new ReasoningOptions { Effort = effort, Output = shown };
        return reasoning.HasOnly("effort", "summary") && (effort is null) == (effortWord is null) && (shown is null) == (summaryWord is null);
    }
}
