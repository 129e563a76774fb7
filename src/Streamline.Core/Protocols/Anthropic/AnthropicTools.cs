namespace Streamline.Protocols.Anthropic;

/// <summary>The tools of a request, and how the model is to choose among them: written, and read back.</summary>
internal static class AnthropicTools
{
    public static void Write(Utf8JsonWriter writer, ChatOptions options)
    {
        if (options.Tools is { Count: > 0 } tools)
        {
            ToolWriter.WriteAll(writer, tools, AnthropicProtocol.ProtocolName, WriteTool);
            WriteChoice(writer, options);
        }
    }

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

    private static void WriteTool(Utf8JsonWriter writer, AITool tool)
    {
        switch (tool)
        {
            case AIFunctionDeclaration function:
                ToolWriter.WriteFunction(writer, function, "input_schema");
                break;
            case HostedWebSearchTool:
                writer.WriteString("type"u8, "web_search_20250305"u8);
                writer.WriteString("name"u8, "web_search"u8);
                break;
            default:
                throw ToolWriter.Unsupported(tool, AnthropicProtocol.ProtocolName);
        }
    }

    private static void WriteChoice(Utf8JsonWriter writer, ChatOptions options)
    {
        var isSerial = options.AllowMultipleToolCalls == false;
        var (type, name) = options.ToolMode switch
        {
            NoneChatToolMode => ("none", null),
            RequiredChatToolMode { RequiredFunctionName: { } function } => ("tool", function),
            RequiredChatToolMode => ("any", null),
            AutoChatToolMode => ("auto", null),
            _ => (isSerial ? "auto" : null, (string?)null),
        };
        if (type is null)
        {
            return;
        }

        writer.WriteStartObject("tool_choice"u8);
        writer.WriteString("type"u8, type);
        writer.WriteText("name"u8, name);
        writer.WriteFlag("disable_parallel_tool_use"u8, isSerial && type != "none" ? true : null);
        writer.WriteEndObject();
    }

    private static AITool ReadTool(RequestValue tool)
    {
        // The tools of users have no type, or one that says just this; those of the provider have a versioned one.
        var type = tool.Member("type")?.Text();
        var raw = ToolReader.RawProperties(AnthropicProtocol.ProtocolName, tool);
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
