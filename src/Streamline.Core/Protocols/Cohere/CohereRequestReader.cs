using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Cohere;

/// <summary>Reads the body of a request: the mirror of <see cref="CohereRequestWriter"/>.</summary>
/// <remarks>A member that the options cannot hold exactly stays in the extra body, which the writer puts over what it makes of the options.</remarks>
internal static class CohereRequestReader
{
    /// <exception cref="StreamProtocolException">A member that the protocol requires is missing or of another type.</exception>
    public static StreamRequest Read(JsonElement json)
    {
        var body = new RequestValue(json, "");
        List<ChatMessage> messages = [.. body.Required("messages").Items().Select(CohereMessageReader.Read)];
        var options = new ChatOptions { ModelId = body.Member("model")?.Text(), Tools = CohereToolReader.Read(body) };
        var extra = new JsonObject();
        foreach (var (name, value) in body.Members().Where(member => member.Name is not ("messages" or "model" or "tools" or "stream")))
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
            case "max_tokens":
                options.MaxOutputTokens = value.Count();
                return true;
            case "temperature":
                return value.IsExactly(options.Temperature = value.Number());
            case "p":
                return value.IsExactly(options.TopP = value.Number());
            case "k":
                options.TopK = value.Count();
                return true;
            case "frequency_penalty":
                return value.IsExactly(options.FrequencyPenalty = value.Number());
            case "presence_penalty":
                return value.IsExactly(options.PresencePenalty = value.Number());
            case "seed":
                return TryReadSeed(value, options);
            case "stop_sequences":
                options.StopSequences = [.. value.Items().Select(sequence => sequence.Text())];
                return options.StopSequences.Count > 0;
            case "strict_tools":
                return CohereToolReader.IsStrictWritten(value, options);
            case "tool_choice":
                return CohereToolReader.TryReadChoice(value, options);
            case "response_format":
                return TryReadFormat(value, options);
            case "thinking":
                return TryReadThinking(value, options);
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
