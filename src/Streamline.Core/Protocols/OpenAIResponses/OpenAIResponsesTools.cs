namespace Streamline.Protocols.OpenAIResponses;

/// <summary>The tools of a request, and how the model may use them: written, and read back.</summary>
internal static class OpenAIResponsesTools
{
    public static void Write(Utf8JsonWriter writer, ChatOptions options)
    {
        // Without tools the server refuses what speaks of them.
        if (options.Tools is { Count: > 0 } tools)
        {
            ToolWriter.WriteAll(writer, tools, OpenAIResponsesProtocol.ProtocolName, WriteTool);
            ToolWriter.WriteChoice(writer, options.ToolMode, static (writer, name) => writer.WriteString("name"u8, name));
            writer.WriteFlag("parallel_tool_calls"u8, options.AllowMultipleToolCalls);
        }
    }

    /// <exception cref="StreamProtocolException">A tool has no type, or a function no name.</exception>
    public static AITool Read(RequestValue tool)
    {
        var type = tool.Required("type").Text();
        var raw = ToolReader.RawProperties(OpenAIResponsesProtocol.ProtocolName, tool);
        return type switch
        {
            // The protocol is strict when a function does not say, and our functions are not. So it is sent back unchanged.
            "function" => ToolReader.ReadFunction(tool, raw),
            "web_search" => new HostedWebSearchTool(raw),
            _ => new ReceivedTool(tool.Member("name")?.Text() ?? type, raw),
        };
    }

    private static void WriteTool(Utf8JsonWriter writer, AITool tool)
    {
        switch (tool)
        {
            case AIFunctionDeclaration function:
                writer.WriteString("type"u8, "function"u8);
                ToolWriter.WriteFunction(writer, function, strict: SchemaDialect.OpenAIStrict);

                // The provider is strict when nothing is said, and then changes schemas that were not made for it.
                writer.WriteBoolean("strict"u8, function.IsStrict() == true);
                break;
            case HostedWebSearchTool:
                writer.WriteString("type"u8, "web_search"u8);
                break;
            case HostedImageGenerationTool:
                writer.WriteString("type"u8, "image_generation"u8);
                break;
            case HostedFileSearchTool search:
                WriteFileSearch(writer, search);
                break;
            case HostedCodeInterpreterTool interpreter:
                WriteCodeInterpreter(writer, interpreter);
                break;
            case HostedMcpServerTool server:
                WriteMcpServer(writer, server);
                break;
            default:
                throw ToolWriter.Unsupported(tool, OpenAIResponsesProtocol.ProtocolName);
        }
    }

    private static void WriteFileSearch(Utf8JsonWriter writer, HostedFileSearchTool search)
    {
        writer.WriteString("type"u8, "file_search"u8);
        writer.WriteTexts("vector_store_ids", (search.Inputs ?? []).OfType<HostedVectorStoreContent>().Select(store => store.VectorStoreId));
        writer.WriteCount("max_num_results"u8, search.MaximumResultCount);
    }

    private static void WriteCodeInterpreter(Utf8JsonWriter writer, HostedCodeInterpreterTool interpreter)
    {
        writer.WriteString("type"u8, "code_interpreter"u8);
        writer.WriteStartObject("container"u8);
        writer.WriteString("type"u8, "auto"u8);
        List<string> files = [.. (interpreter.Inputs ?? []).OfType<HostedFileContent>().Select(file => file.FileId)];
        writer.WriteNonEmptyArray("file_ids", files, static (writer, id) => writer.WriteStringValue(id));
        writer.WriteEndObject();
    }

    private static void WriteMcpServer(Utf8JsonWriter writer, HostedMcpServerTool server)
    {
        writer.WriteString("type"u8, "mcp"u8);
        writer.WriteString("server_label"u8, server.ServerName);

        // Anything but an address is the id of a connector of the provider.
        var isAddress = Uri.TryCreate(server.ServerAddress, UriKind.Absolute, out _);
        writer.WriteString(isAddress ? "server_url"u8 : "connector_id"u8, server.ServerAddress);
        writer.WriteText("server_description"u8, server.ServerDescription);
        WriteFilter(writer, "allowed_tools", server.AllowedTools);
        ToolWriter.WriteHeaders(writer, server);
        WriteApproval(writer, server.ApprovalMode);
    }

    private static void WriteApproval(Utf8JsonWriter writer, HostedMcpServerToolApprovalMode? mode)
    {
        switch (mode)
        {
            case HostedMcpServerToolNeverRequireApprovalMode:
                writer.WriteString("require_approval"u8, "never"u8);
                break;
            case HostedMcpServerToolAlwaysRequireApprovalMode:
                writer.WriteString("require_approval"u8, "always"u8);
                break;
            case HostedMcpServerToolRequireSpecificApprovalMode specific:
                writer.WriteStartObject("require_approval"u8);
                WriteFilter(writer, "always", specific.AlwaysRequireApprovalToolNames);
                WriteFilter(writer, "never", specific.NeverRequireApprovalToolNames);
                writer.WriteEndObject();
                break;
            default:
                break;
        }
    }

    private static void WriteFilter(Utf8JsonWriter writer, string name, IList<string>? tools)
    {
        if (tools is not null)
        {
            writer.WriteObject(name, filter => filter.WriteTexts("tool_names", tools));
        }
    }
}
