using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Writes the tools of a request, and how the model may use them.</summary>
internal static class OpenAIResponsesToolWriter
{
    public static void Write(Utf8JsonWriter writer, ChatOptions options)
    {
        // Without tools the server refuses what speaks of them.
        if (options.Tools is not { Count: > 0 } tools)
        {
            return;
        }

        writer.WritePropertyName("tools"u8);
        ToolWriter.WriteAll(writer, tools, OpenAIResponsesProtocol.WireName, WriteTool);
        ToolWriter.WriteChoice(writer, options.ToolMode, static (writer, name) => writer.WriteString("name"u8, name));
        if (options.AllowMultipleToolCalls is { } isParallel)
        {
            writer.WriteBoolean("parallel_tool_calls"u8, isParallel);
        }
    }

    private static void WriteTool(Utf8JsonWriter writer, AITool tool)
    {
        switch (tool)
        {
            case AIFunctionDeclaration function:
                WriteFunction(writer, function);
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
                throw ToolWriter.Unsupported(tool, OpenAIResponsesProtocol.WireName);
        }
    }

    private static void WriteFunction(Utf8JsonWriter writer, AIFunctionDeclaration function)
    {
        writer.WriteString("type"u8, "function"u8);
        ToolWriter.WriteNameAndDescription(writer, function);
        writer.WritePropertyName("parameters"u8);
        SchemaWriter.WriteParameters(writer, function.Name, function.JsonSchema);

        // The provider is strict when nothing is said, and then changes schemas that were not made for it.
        writer.WriteBoolean("strict"u8, function.IsStrict() == true);
    }

    private static void WriteFileSearch(Utf8JsonWriter writer, HostedFileSearchTool search)
    {
        writer.WriteString("type"u8, "file_search"u8);
        WriteIds(writer, "vector_store_ids"u8, (search.Inputs ?? []).OfType<HostedVectorStoreContent>().Select(store => store.VectorStoreId));
        if (search.MaximumResultCount is { } count)
        {
            writer.WriteNumber("max_num_results"u8, count);
        }
    }

    private static void WriteCodeInterpreter(Utf8JsonWriter writer, HostedCodeInterpreterTool interpreter)
    {
        writer.WriteString("type"u8, "code_interpreter"u8);
        writer.WriteStartObject("container"u8);
        writer.WriteString("type"u8, "auto"u8);
        var files = (interpreter.Inputs ?? []).OfType<HostedFileContent>().Select(file => file.FileId).ToList();
        if (files.Count > 0)
        {
            WriteIds(writer, "file_ids"u8, files);
        }

        writer.WriteEndObject();
    }

    private static void WriteMcpServer(Utf8JsonWriter writer, HostedMcpServerTool server)
    {
        writer.WriteString("type"u8, "mcp"u8);
        writer.WriteString("server_label"u8, server.ServerName);

        // What is no address is the id of a connector of the provider.
        var isAddress = Uri.TryCreate(server.ServerAddress, UriKind.Absolute, out _);
        writer.WriteString(isAddress ? "server_url"u8 : "connector_id"u8, server.ServerAddress);
        if (server.ServerDescription is { } description)
        {
            writer.WriteString("server_description"u8, description);
        }

        if (server.AllowedTools is { } allowed)
        {
            WriteFilter(writer, "allowed_tools"u8, allowed);
        }

        if (server.Headers is { Count: > 0 } headers)
        {
            writer.WriteStartObject("headers"u8);
            foreach (var (name, value) in headers)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }

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
                WriteFilter(writer, "always"u8, specific.AlwaysRequireApprovalToolNames);
                WriteFilter(writer, "never"u8, specific.NeverRequireApprovalToolNames);
                writer.WriteEndObject();
                break;
            default:
                break;
        }
    }

    private static void WriteFilter(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IList<string>? tools)
    {
        if (tools is not null)
        {
            writer.WriteStartObject(name);
            WriteIds(writer, "tool_names"u8, tools);
            writer.WriteEndObject();
        }
    }

    private static void WriteIds(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IEnumerable<string> ids)
    {
        writer.WriteStartArray(name);
        foreach (var id in ids)
        {
            writer.WriteStringValue(id);
        }

        writer.WriteEndArray();
    }
}
