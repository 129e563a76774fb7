using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Anthropic;

/// <summary>Reads the body of a request to the Messages API: the mirror of <see cref="AnthropicRequestWriter"/>.</summary>
/// <remarks>A member that the options cannot hold exactly stays in the extra body, which the writer puts over what it makes of the options.</remarks>
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
        var options = new ChatOptions { ModelId = body.Member("model")?.Text(), Tools = AnthropicToolReader.Read(body) };
        var extra = new JsonObject();
        foreach (var (name, value) in body.Members().Where(member => !IsReadAbove(member.Name)))
        {
            if (!TryReadOption(body, name, value, options))
            {
                extra[name] = value.ToNode();
            }
        }

        return new StreamRequest { Messages = messages, Options = options, ExtraBody = extra.Count == 0 ? null : extra };
    }

    private static bool IsReadAbove(string name) => name is "system" or "messages" or "model" or "tools" or "stream";

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

    /// <summary>Reads what the options have a place for.</summary>
    /// <returns>Whether the writer writes the member again from the options alone.</returns>
    private static bool TryReadOption(RequestValue body, string name, RequestValue value, ChatOptions options)
    {
        switch (name)
        {
            case "max_tokens":
                options.MaxOutputTokens = value.Count();
                return true;
            case "temperature":
                return value.IsExactly(options.Temperature = value.Number());
            case "top_p":
                return value.IsExactly(options.TopP = value.Number());
            case "top_k":
                options.TopK = value.Count();
                return true;
            case "stop_sequences":
                options.StopSequences = [.. value.Items().Select(sequence => sequence.Text())];
                return options.StopSequences.Count > 0;
            case "tool_choice":
                return AnthropicToolReader.TryReadChoice(value, options);
            case "thinking":
                return TryReadThinking(body, value, options);
            case "output_config":
                return TryReadOutput(body, value, options);
            default:
                return false;
        }
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
            ? body.Member("output_config")?.Member("effort")?.Text() switch
            {
                "low" => ReasoningEffort.Low,
                "medium" => ReasoningEffort.Medium,
                "high" => ReasoningEffort.High,
                "xhigh" => ReasoningEffort.ExtraHigh,
                _ => null,
            }
            : null;
}
