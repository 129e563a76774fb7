using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Anthropic;

/// <summary>Reads the tools of a request and how the model is to choose among them.</summary>
internal static class AnthropicToolReader
{
    /// <exception cref="StreamProtocolException">A tool has no name.</exception>
    public static List<AITool>? Read(RequestValue body) => body.Member("tools") is { } tools ? [.. tools.Items().Select(ReadTool)] : null;

    /// <returns>Whether the writer writes the choice again from the options alone.</returns>
    public static bool TryReadChoice(RequestValue choice, ChatOptions options)
    {
        options.ToolMode = choice.Required("type").Text() switch
        {
            "auto" => ChatToolMode.Auto,
            "any" => ChatToolMode.RequireAny,
            "none" => ChatToolMode.None,
            "tool" => ChatToolMode.RequireSpecific(choice.Required("name").Name()),
            _ => null,
        };
        var isSerial = choice.Member("disable_parallel_tool_use")?.IsTrue();
        if (isSerial == true)
        {
            options.AllowMultipleToolCalls = false;
        }

        return options is { ToolMode: not null, Tools.Count: > 0 }
            && choice.HasOnly("type", "name", "disable_parallel_tool_use")
            && (isSerial is null || (isSerial.Value && options.ToolMode is not NoneChatToolMode));
    }

    private static AITool ReadTool(RequestValue tool)
    {
        // The tools of users have no type, or one that says just this; those of the provider have a versioned one.
        var type = tool.Member("type")?.Text();
        var raw = new Dictionary<string, object?>(StringComparer.Ordinal) { [ContentProperties.RawBlock(AnthropicProtocol.WireName)] = tool.Json };
        if (type is null or "custom")
        {
            var isPlain = tool.HasOnly("name", "description", "input_schema");
            return new ReceivedFunction(
                tool.Required("name").Text(), tool.Member("description")?.Text() ?? "", tool.Required("input_schema").Json, isPlain ? [] : raw);
        }

        return type.StartsWith("web_search_", StringComparison.Ordinal)
            ? new HostedWebSearchTool(raw)
            : new ReceivedTool(tool.Member("name")?.Text() ?? type, raw);
    }
}
