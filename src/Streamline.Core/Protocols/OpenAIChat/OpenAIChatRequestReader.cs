using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>Reads the body of a request: the mirror of <see cref="OpenAIChatRequestWriter"/>.</summary>
/// <remarks>A member that the options cannot hold exactly stays in the extra body, which the writer puts over what it makes of the options.</remarks>
internal static class OpenAIChatRequestReader
{
    /// <exception cref="StreamProtocolException">A member that the protocol requires is missing or of another type.</exception>
    public static StreamRequest Read(JsonElement json)
    {
        var body = new RequestValue(json, "");
        List<ChatMessage> messages = [.. body.Required("messages").Items().Select(OpenAIChatMessageReader.Read)];
        var options = new ChatOptions { ModelId = body.Member("model")?.Text() };
        var extra = new JsonObject();

        // Whether a choice among tools is carried depends on the tools.
        if (body.Member("tools") is { } tools && !OpenAIChatToolReader.TryRead(tools, options))
        {
            extra.Add("tools", tools.ToNode());
        }

        foreach (var (name, value) in body.Members().Where(member => member.Name is not ("messages" or "model" or "tools" or "stream" or "stream_options")))
        {
            if (!TryReadOption(name, value, options))
            {
                extra[name] = value.ToNode();
            }
        }

        return new StreamRequest { Messages = messages, Options = options, ExtraBody = extra.Count == 0 ? null : extra };
    }

    /// <summary>Reads what the options have a place for.</summary>
    /// <returns>Whether the writer writes the member again from the options alone.</returns>
    private static bool TryReadOption(string name, RequestValue value, ChatOptions options)
    {
        switch (name)
        {
            case "max_completion_tokens":
                options.MaxOutputTokens = value.Count();
                return true;
            case "max_tokens":
                // The writer has only the new name, and leaves it out where the extra body has the old one.
                var limit = value.Count();
                options.MaxOutputTokens ??= limit;
                return false;
            case "temperature":
                return value.IsExactly(options.Temperature = value.Number());
            case "top_p":
                return value.IsExactly(options.TopP = value.Number());
            case "frequency_penalty":
                return value.IsExactly(options.FrequencyPenalty = value.Number());
            case "presence_penalty":
                return value.IsExactly(options.PresencePenalty = value.Number());
            case "seed":
                return TryReadSeed(value, options);
            case "stop":
                options.StopSequences = value.IsText ? [value.Text()] : [.. value.Items().Select(sequence => sequence.Text())];
                return options.StopSequences.Count > 0;
            case "tool_choice":
                return OpenAIChatToolReader.TryReadChoice(value, options);
            case "parallel_tool_calls":
                options.AllowMultipleToolCalls = value.IsTrue();
                return options.Tools is { Count: > 0 };
            case "response_format":
                return TryReadResponseFormat(value, options);
            case "reasoning_effort":
                return TryReadEffort(value.Text(), options);
            default:
                return false;
        }
    }

    private static bool TryReadSeed(RequestValue value, ChatOptions options)
    {
        if (value.Json.ValueKind != JsonValueKind.Number || !value.Json.TryGetInt64(out var seed))
        {
            return false;
        }

        options.Seed = seed;
        return true;
    }

    private static bool TryReadResponseFormat(RequestValue format, ChatOptions options)
    {
        switch (format.Required("type").Text())
        {
            case "text":
                options.ResponseFormat = ChatResponseFormat.Text;
                return format.HasOnly("type");
            case "json_object":
                options.ResponseFormat = ChatResponseFormat.Json;
                return format.HasOnly("type");
            case "json_schema" when format.Required("json_schema") is var schema && schema.Member("schema") is { } json:
                options.ResponseFormat = ChatResponseFormat.ForJsonSchema(json.Json, schema.Required("name").Text(), schema.Member("description")?.Text());
                if (schema.Member("strict") is { } strict)
                {
                    (options.AdditionalProperties ??= [])[ToolWriter.Strict] = strict.IsTrue();
                }

                return format.HasOnly("type", "json_schema") && schema.HasOnly("name", "description", "schema", "strict");
            default:
                return false;
        }
    }

    private static bool TryReadEffort(string word, ChatOptions options)
    {
        ReasoningEffort? effort = word switch
        {
            "none" => ReasoningEffort.None,
            "low" => ReasoningEffort.Low,
            "medium" => ReasoningEffort.Medium,
            "high" => ReasoningEffort.High,
            "xhigh" => ReasoningEffort.ExtraHigh,
            _ => null,
        };
        options.Reasoning = effort is null ? null : new ReasoningOptions { Effort = effort };
        return effort is not null;
    }
}
