using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.GeminiInteractions;

/// <summary>Reads the body of a request: the mirror of <see cref="InteractionsRequestWriter"/>.</summary>
/// <remarks>A member that the options cannot hold exactly stays in the extra body, which the writer puts over what it makes of the options.</remarks>
internal static class InteractionsRequestReader
{
    private const string Config = "generation_config";

    /// <exception cref="StreamProtocolException">A member that the protocol requires is missing or of another type.</exception>
    public static StreamRequest Read(JsonElement json)
    {
        var body = new RequestValue(json, "");
        var options = new ChatOptions
        {
            ModelId = body.Member("model")?.Text(),
            Instructions = body.Member("system_instruction") is { IsText: true } instructions ? instructions.Text() : null,
            Tools = body.Member("tools") is { } tools ? [.. tools.Items().Select(InteractionsToolReader.Read)] : null,
        };
        var extra = new JsonObject();
        foreach (var (name, value) in body.Members().Where(member => !IsReadAbove(member.Name)))
        {
            if (!TryReadOption(name, value, options))
            {
                extra[name] = value.ToNode();
            }
        }

        var messages = new InteractionsInputReader().Read(body.Required("input"));
        return new StreamRequest { Messages = messages, Options = options, ExtraBody = extra.Count == 0 ? null : extra };
    }

    private static bool IsReadAbove(string name) => name is "input" or "model" or "tools" or "stream";

    /// <summary>Reads what the options have a place for.</summary>
    /// <returns>Whether the writer writes the member again from the options alone.</returns>
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
            case Config:
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
            isExact &= TryReadConfig(name, value, options);
        }

        return isExact;
    }

    private static bool TryReadConfig(string name, RequestValue value, ChatOptions options)
    {
        switch (name)
        {
            case "temperature":
                return value.IsExactly(options.Temperature = value.Number());
            case "top_p":
                return value.IsExactly(options.TopP = value.Number());
            case "max_output_tokens":
                options.MaxOutputTokens = value.Count();
                return true;
            case "seed":
                options.Seed = value.Count();
                return true;
            case "stop_sequences":
                options.StopSequences = [.. value.Items().Select(sequence => sequence.Text())];
                return options.StopSequences.Count > 0;
            case "thinking_level":
                return TryReadLevel(value.Text(), options);
            case "thinking_summaries":
                ReasoningOutput? shown = value.Text() switch { "none" => ReasoningOutput.None, "auto" => ReasoningOutput.Summary, _ => null };
                (options.Reasoning ??= new()).Output = shown;
                return shown is not null;
            case "tool_choice":
                return InteractionsToolReader.TryReadChoice(value, options);
            default:
                return false;
        }
    }

    private static bool TryReadLevel(string level, ChatOptions options)
    {
        ReasoningEffort? effort = level switch
        {
            "minimal" => ReasoningEffort.None,
            "low" => ReasoningEffort.Low,
            "medium" => ReasoningEffort.Medium,
            "high" => ReasoningEffort.High,
            _ => null,
        };
        (options.Reasoning ??= new()).Effort = effort;
        return effort is not null;
    }
}
