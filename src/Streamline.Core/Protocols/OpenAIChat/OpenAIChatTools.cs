namespace Streamline.Protocols.OpenAIChat;

/// <summary>The tools of a request, and how the model may use them: written, and read back.</summary>
internal static class OpenAIChatTools
{
    public static void Write(Utf8JsonWriter writer, ChatOptions options, SchemaDialect strict)
    {
        // Without tools the server refuses the members that are about them.
        if (options.Tools is not { Count: > 0 } tools)
        {
            return;
        }

        ToolWriter.WriteAll(writer, tools, OpenAIChatProtocol.ProtocolName, (writer, tool) => ToolWriter.WriteNestedFunction(
            writer, tool, OpenAIChatProtocol.ProtocolName, "If the server does, set it in StreamRequest.ExtraBody.", strict));
        ToolWriter.WriteChoice(writer, options.ToolMode, static (writer, name) => writer.WriteObject("function", function => function.WriteString("name"u8, name)));
        writer.WriteFlag("parallel_tool_calls"u8, options.AllowMultipleToolCalls);
    }

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
            functions.Add(ToolReader.ReadFunction(function, function.Member("strict") is { } strict ? new Dictionary<string, object?> { [ToolWriter.Strict] = strict.IsTrue() } : []));
            isExact &= tool.HasOnly("type", "function") && function.HasOnly("name", "description", "parameters", "strict");
        }

        options.Tools = functions.Count > 0 ? functions : null;
        return isExact && functions.Count > 0;
    }
}
