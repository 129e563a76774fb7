using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>Reads the tools of a request, and how the model may use them.</summary>
internal static class OpenAIChatToolReader
{
    /// <summary>Reads the functions among the tools.</summary>
    /// <returns>Whether the writer writes all tools again from the options alone.</returns>
    /// <exception cref="StreamProtocolException">A tool has no type, or a function no name.</exception>
    public static bool TryRead(RequestValue tools, ChatOptions options)
    {
        var isExact = true;
        List<AITool> functions = [];
        foreach (var tool in tools.Items())
        {
            if (tool.Required("type").Text() != "function")
            {
                isExact = false;
                continue;
            }

            var function = tool.Required("function");
            functions.Add(ReadFunction(function));
            isExact &= tool.HasOnly("type", "function") && function.HasOnly("name", "description", "parameters", "strict");
        }

        options.Tools = functions.Count > 0 ? functions : null;
        return isExact && functions.Count > 0;
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
            _ when choice.Required("type").Text() == "function" => ChatToolMode.RequireSpecific(choice.Required("function").Required("name").Name()),
            _ => null,
        };
        return options is { ToolMode: not null, Tools.Count: > 0 };
    }

    private static ReceivedFunction ReadFunction(RequestValue function)
    {
        var properties = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (function.Member("strict") is { } strict)
        {
            properties.Add(ToolWriter.Strict, strict.IsTrue());
        }

        var parameters = function.Member("parameters")?.Json ?? JsonElement.Parse("""{"type":"object","properties":{}}"""u8);
        return new ReceivedFunction(function.Required("name").Text(), function.Member("description")?.Text() ?? "", parameters, properties);
    }
}
