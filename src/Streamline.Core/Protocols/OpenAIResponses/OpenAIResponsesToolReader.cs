using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Reads the tools of a request, and how the model may use them.</summary>
internal static class OpenAIResponsesToolReader
{
    /// <exception cref="StreamProtocolException">A tool has no type, or a function no name.</exception>
    public static AITool Read(RequestValue tool)
    {
        var type = tool.Required("type").Text();
        var raw = new Dictionary<string, object?>(StringComparer.Ordinal) { [ContentProperties.RawBlock(OpenAIResponsesProtocol.WireName)] = tool.Json };
        return type switch
        {
            // The protocol is strict when a function does not say, and our functions are not. So it goes back as it came.
            "function" => new ReceivedFunction(
                tool.Required("name").Text(), tool.Member("description")?.Text() ?? "", tool.Member("parameters")?.Json ?? ToolArguments.Empty, raw),
            "web_search" => new HostedWebSearchTool(raw),
            _ => new ReceivedTool(tool.Member("name")?.Text() ?? type, raw),
        };
    }

    /// <returns>Whether the writer writes the choice again from the options alone.</returns>
    public static bool TryReadChoice(RequestValue choice, ChatOptions options)
    {
        options.ToolMode = choice switch
        {
            { IsText: true } => choice.Text() switch
            {
                "auto" => ChatToolMode.Auto,
                "none" => ChatToolMode.None,
                "required" => ChatToolMode.RequireAny,
                _ => null,
            },
            _ when choice.Required("type").Text() == "function" => ChatToolMode.RequireSpecific(choice.Required("name").Name()),
            _ => null,
        };
        return options is { ToolMode: not null, Tools.Count: > 0 };
    }
}
