namespace Streamline.Protocols.Cohere;

/// <summary>The tools of a request, and how the model is to choose among them: written, and read back.</summary>
internal static class CohereTools
{
    /// <exception cref="ArgumentException">The protocol does not support a tool, or the tool that the model must call is not there.</exception>
    public static void Write(Utf8JsonWriter writer, ChatOptions options)
    {
        if (options.Tools is not { Count: > 0 } tools)
        {
            return;
        }

        List<AITool> offered = [.. tools.Where(tool => IsOffered(tool, options.ToolMode))];
        if (offered.Count == 0)
        {
            throw new ArgumentException($"The request requires the tool '{((RequiredChatToolMode)options.ToolMode!).RequiredFunctionName}', which is not among its tools.", nameof(options));
        }

        ToolWriter.WriteAll(writer, offered, CohereProtocol.ProtocolName, static (writer, tool) => ToolWriter.WriteNestedFunction(writer, tool, CohereProtocol.ProtocolName));

        // One switch for all tools: it is on when every tool that says anything about it agrees.
        List<bool> wishes = [.. offered.Select(tool => tool.IsStrict()).OfType<bool>()];
        writer.WriteFlag("strict_tools"u8, wishes.Count > 0 ? wishes.TrueForAll(isStrict => isStrict) : null);
        writer.WriteText("tool_choice"u8, options.ToolMode switch { NoneChatToolMode => "NONE", RequiredChatToolMode => "REQUIRED", _ => null });
    }

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
        options.ToolMode = choice.Text() switch { "REQUIRED" => ChatToolMode.RequireAny, "NONE" => ChatToolMode.None, _ => null };
        return options is { ToolMode: not null, Tools.Count: > 0 };
    }

    // The API cannot name the tool that must be called.
    private static bool IsOffered(AITool tool, ChatToolMode? mode) => mode is not RequiredChatToolMode { RequiredFunctionName: { } name } || tool.Name == name;

    private static AITool ReadTool(RequestValue tool, bool? isStrict)
    {
        var type = tool.Required("type").Text();
        RequestValue? function = type == "function" ? tool.Required("function") : null;
        var isPlain = tool.HasOnly("type", "function") && function?.HasOnly("name", "description", "parameters") == true;
        var properties = isPlain ? new(StringComparer.Ordinal) : ToolReader.RawProperties(CohereProtocol.ProtocolName, tool);
        if (isStrict is { } value)
        {
            properties.Add(ToolWriter.Strict, value);
        }

        return function is { } declared ? ToolReader.ReadFunction(declared, properties) : new ReceivedTool(type, properties);
    }
}
