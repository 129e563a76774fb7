namespace Streamline.Protocols.GeminiInteractions;

/// <summary>The tools of a request, and how the model may use them: written, and read back.</summary>
internal static class InteractionsTools
{
    public static void Write(Utf8JsonWriter writer, ChatOptions options)
    {
        if (options.Tools is { Count: > 0 } tools)
        {
            ToolWriter.WriteAll(writer, tools, InteractionsProtocol.ProtocolName, WriteTool);
        }
    }

    /// <summary>Gets how the model may use the functions; <see langword="null"/> for nothing, as without functions the provider refuses a choice among them.</summary>
    public static ChatToolMode? ChoiceOf(ChatOptions options) => options.Tools?.Any(IsFunction) == true ? options.ToolMode : null;

    /// <summary>Writes how the model may use the functions.</summary>
    public static void WriteChoice(Utf8JsonWriter writer, ChatToolMode? mode)
    {
        switch (mode)
        {
            case null:
                break;
            case RequiredChatToolMode { RequiredFunctionName: { } name }:
                writer.WriteStartObject("tool_choice"u8);
                writer.WriteStartObject("allowed_tools"u8);
                writer.WriteString("mode"u8, "any"u8);
                writer.WriteTexts("tools", [name]);
                writer.WriteEndObject();
                writer.WriteEndObject();
                break;
            default:
                writer.WriteString("tool_choice"u8, mode switch { NoneChatToolMode => "none", RequiredChatToolMode => "any", _ => "auto" });
                break;
        }
    }

    /// <exception cref="StreamProtocolException">A tool has no type, or a function no name.</exception>
    public static AITool Read(RequestValue tool)
    {
        var type = tool.Required("type").Text();
        var raw = ToolReader.RawProperties(InteractionsProtocol.ProtocolName, tool);
        return type switch
        {
            "function" => ToolReader.ReadFunction(
                tool, tool.HasOnly("type", "name", "description", "parameters") && tool.Member("parameters") is { IsObject: true } ? [] : raw),
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
            options.ToolMode = ToolReader.ReadMode(choice.Text(), "any");
            return options.ToolMode is not null && ChoiceOf(options) is not null;
        }

        var allowed = choice.Member("allowed_tools");
        var names = allowed?.Member("tools")?.Items().Select(name => name.Name()).ToList();
        if (names is not [var name] || allowed!.Value.Member("mode")?.Text() != "any")
        {
            return false;
        }

        options.ToolMode = ChatToolMode.RequireSpecific(name);
        return choice.HasOnly("allowed_tools") && allowed.Value.HasOnly("mode", "tools") && ChoiceOf(options) is not null;
    }

    private static bool IsFunction(AITool tool) => tool.RawBlock(InteractionsProtocol.ProtocolName) is { } raw ? raw.Text("type"u8) == "function" : tool is AIFunctionDeclaration;

    private static void WriteTool(Utf8JsonWriter writer, AITool tool)
    {
        switch (tool)
        {
            case AIFunctionDeclaration function:
                writer.WriteString("type"u8, "function"u8);
                ToolWriter.WriteFunction(writer, function);
                break;
            case HostedWebSearchTool:
                writer.WriteString("type"u8, "google_search"u8);
                break;
            case HostedCodeInterpreterTool:
                writer.WriteString("type"u8, "code_execution"u8);
                break;
            case HostedFileSearchTool search:
                WriteFileSearch(writer, search);
                break;
            case HostedMcpServerTool { ApprovalMode: null or HostedMcpServerToolNeverRequireApprovalMode } server:
                WriteMcpServer(writer, server);
                break;
            case HostedMcpServerTool:
                throw ToolWriter.Unsupported(tool, InteractionsProtocol.ProtocolName, "The provider runs its calls without approval.");
            default:
                throw ToolWriter.Unsupported(tool, InteractionsProtocol.ProtocolName);
        }
    }

    private static void WriteFileSearch(Utf8JsonWriter writer, HostedFileSearchTool search)
    {
        writer.WriteString("type"u8, "file_search"u8);
        List<string> stores = [.. (search.Inputs ?? []).OfType<HostedVectorStoreContent>().Select(store => store.VectorStoreId)];
        writer.WriteNonEmptyArray("file_search_store_names", stores, static (writer, store) => writer.WriteStringValue(store));
        writer.WriteCount("top_k"u8, search.MaximumResultCount);
    }

    private static void WriteMcpServer(Utf8JsonWriter writer, HostedMcpServerTool server)
    {
        writer.WriteString("type"u8, "mcp_server"u8);
        writer.WriteString("name"u8, server.ServerName);
        writer.WriteString("url"u8, server.ServerAddress);
        ToolWriter.WriteHeaders(writer, server);
        if (server.AllowedTools is { } allowed)
        {
            writer.WriteSingle("allowed_tools"u8, tools => tools.WriteNonEmptyArray("tools", [.. allowed], static (writer, name) => writer.WriteStringValue(name)));
        }
    }
}
