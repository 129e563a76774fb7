using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.GeminiInteractions;

/// <summary>Reads the tools of a request, and how the model may use them.</summary>
internal static class InteractionsToolReader
{
    /// <exception cref="StreamProtocolException">A tool has no type, or a function no name.</exception>
    public static AITool Read(RequestValue tool)
    {
        var type = tool.Required("type").Text();
        var raw = new Dictionary<string, object?>(StringComparer.Ordinal) { [ContentProperties.RawBlock(InteractionsProtocol.ProtocolName)] = tool.Json };
        return type switch
        {
            "function" => new ReceivedFunction(
                tool.Required("name").Text(),
                tool.Member("description")?.Text() ?? "",
                tool.Member("parameters")?.Json ?? ToolArguments.Empty,
                tool.HasOnly("type", "name", "description", "parameters") && tool.Member("parameters") is { IsObject: true } ? [] : raw),
            "google_search" => new HostedWebSearchTool(raw),
            "code_execution" => new HostedCodeInterpreterTool(raw),
            _ => new ReceivedTool(tool.Member("name")?.Text() ?? type, raw),
        };
    }

    /// <returns>Whether the writer writes the choice again from the options alone.</returns>
    public static bool TryReadChoice(RequestValue choice, ChatOptions options)
    {
        if (choice.IsText)
        {
            options.ToolMode = choice.Text() switch
            {
                "auto" => ChatToolMode.Auto,
                "none" => ChatToolMode.None,
                "any" => ChatToolMode.RequireAny,
                _ => null,
            };
            return options.ToolMode is not null && InteractionsToolWriter.ChoiceOf(options) is not null;
        }

        var allowed = choice.Member("allowed_tools");
        var names = allowed?.Member("tools")?.Items().Select(name => name.Name()).ToList();
        if (names is not [var name] || allowed!.Value.Member("mode")?.Text() != "any")
        {
            return false;
        }

        options.ToolMode = ChatToolMode.RequireSpecific(name);
        return choice.HasOnly("allowed_tools") && allowed.Value.HasOnly("mode", "tools") && InteractionsToolWriter.ChoiceOf(options) is not null;
    }
}
