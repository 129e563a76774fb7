using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Reads the body of a request: the mirror of <see cref="OpenAIResponsesRequestWriter"/>.</summary>
/// <remarks>A member that the options cannot hold exactly stays in the extra body, which the writer puts over what it makes of the options.</remarks>
internal static class OpenAIResponsesRequestReader
{
    /// <exception cref="StreamProtocolException">A member that the protocol requires is missing or of another type.</exception>
    public static StreamRequest Read(JsonElement json)
    {
        var body = new RequestValue(json, "");
        var messages = new OpenAIResponsesInputReader().Read(body.Required("input"));
        var options = new ChatOptions
        {
            ModelId = body.Member("model")?.Text(),
            Instructions = body.Member("instructions")?.Text(),
            Tools = body.Member("tools") is { } tools ? [.. tools.Items().Select(OpenAIResponsesToolReader.Read)] : null,
        };
        var extra = new JsonObject();
        foreach (var (name, value) in body.Members().Where(member => !IsReadAbove(member.Name)))
        {
            if (!TryReadOption(name, value, options))
            {
                extra[name] = value.ToNode();
            }
        }

        // Where nothing is kept, the writer asks for encrypted reasoning. This request did not.
        if (options.Reasoning is not null && !extra.ContainsKey("include") && extra["store"]?.GetValueKind() == JsonValueKind.False)
        {
            extra.Add("include", new JsonArray());
        }

        return new StreamRequest { Messages = messages, Options = options, ExtraBody = extra.Count == 0 ? null : extra };
    }

    private static bool IsReadAbove(string name) => name is "input" or "model" or "instructions" or "tools" or "stream" or "stream_options";

    /// <summary>Reads what the options have a place for.</summary>
    /// <returns>Whether the writer writes the member again from the options alone.</returns>
    private static bool TryReadOption(string name, RequestValue value, ChatOptions options)
    {
        switch (name)
        {
            case "max_output_tokens":
                options.MaxOutputTokens = value.Count();
                return true;
            case "temperature":
                return value.IsExactly(options.Temperature = value.Number());
            case "top_p":
                return value.IsExactly(options.TopP = value.Number());
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
                return OpenAIResponsesToolReader.TryReadChoice(value, options);
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

        switch (format.Required("type").Text())
        {
            case "text":
                options.ResponseFormat = ChatResponseFormat.Text;
                return text.HasOnly("format") && format.HasOnly("type");
            case "json_object":
                options.ResponseFormat = ChatResponseFormat.Json;
                return text.HasOnly("format") && format.HasOnly("type");
            case "json_schema":
                options.ResponseFormat = ChatResponseFormat.ForJsonSchema(
                    format.Required("schema").Json, format.Required("name").Text(), format.Member("description")?.Text());
                return text.HasOnly("format") && format.HasOnly("type", "name", "description", "schema");
            default:
                return false;
        }
    }

    private static bool TryReadReasoning(RequestValue reasoning, ChatOptions options)
    {
        var (effortWord, summaryWord) = (reasoning.Member("effort")?.Text(), reasoning.Member("summary")?.Text());
        ReasoningEffort? effort = effortWord switch
        {
            "none" => ReasoningEffort.None,
            "low" => ReasoningEffort.Low,
            "medium" => ReasoningEffort.Medium,
            "high" => ReasoningEffort.High,
            "xhigh" => ReasoningEffort.ExtraHigh,
            _ => null,
        };
        ReasoningOutput? shown = summaryWord switch { "auto" => ReasoningOutput.Summary, "detailed" => ReasoningOutput.Full, _ => null };
        if (effort is null && shown is null)
        {
            return false;
        }

        options.Reasoning = new ReasoningOptions { Effort = effort, Output = shown };
        return reasoning.HasOnly("effort", "summary") && (effort is null) == (effortWord is null) && (shown is null) == (summaryWord is null);
    }
}
