using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Cohere;

/// <summary>Reads the tools of a request and how the model is to choose among them.</summary>
internal static class CohereToolReader
{
    private static readonly JsonElement NoParameters = JsonElement.Parse("""{"type":"object","properties":{}}"""u8);

    /// <exception cref="StreamProtocolException">A tool has no type, or a function no name.</exception>
    public static List<AITool>? Read(RequestValue body)
    {
        var isStrict = body.Member("strict_tools")?.IsTrue();
        return body.Member("tools") is { } tools ? [.. tools.Items().Select(tool => ReadTool(tool, isStrict))] : null;
    }

    /// <summary>Tells whether the writer writes the switch for all tools again from the tools.</summary>
    public static bool IsStrictWritten(RequestValue value, ChatOptions options) => options.Tools is { Count: > 0 } tools && tools.Any(tool => tool.IsStrict() == value.IsTrue());

    /// <returns>Whether the writer writes the choice again from the options alone.</returns>
    public static bool TryReadChoice(RequestValue choice, ChatOptions options)
    {
        options.ToolMode = choice.Text() switch
        {
            "REQUIRED" => ChatToolMode.RequireAny,
            "NONE" => ChatToolMode.None,
            _ => null,
        };
        return options is { ToolMode: not null, Tools.Count: > 0 };
    }

    private static AITool ReadTool(RequestValue tool, bool? isStrict)
    {
        var properties = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (isStrict is { } value)
        {
            properties.Add(ToolWriter.Strict, value);
        }

        if (tool.Required("type").Text() is var type && type != "function")
        {
            properties.Add(ContentProperties.RawBlock(CohereProtocol.WireName), tool.Json);
            return new ReceivedTool(type, properties);
        }

        var function = tool.Required("function");
        if (!tool.HasOnly("type", "function") || !function.HasOnly("name", "description", "parameters"))
        {
            properties.Add(ContentProperties.RawBlock(CohereProtocol.WireName), tool.Json);
        }

        return new ReceivedFunction(
            function.Required("name").Text(), function.Member("description")?.Text() ?? "", function.Member("parameters")?.Json ?? NoParameters, properties);
    }
}
