using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.GeminiInteractions;

/// <summary>Writes the tools of a request, and how the model may use them.</summary>
internal static class InteractionsToolWriter
{
    public static void Write(Utf8JsonWriter writer, ChatOptions options)
    {
        if (options.Tools is { Count: > 0 } tools)
        {
            writer.WritePropertyName("tools"u8);
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
                writer.WriteStartArray("tools"u8);
                writer.WriteStringValue(name);
                writer.WriteEndArray();
                writer.WriteEndObject();
                writer.WriteEndObject();
                break;
            default:
                writer.WriteString("tool_choice"u8, mode switch { NoneChatToolMode => "none", RequiredChatToolMode => "any", _ => "auto" });
                break;
        }
    }

    private static bool IsFunction(AITool tool) => tool.RawBlock(InteractionsProtocol.ProtocolName) is { } raw ? raw.Text("type"u8) == "function" : tool is AIFunctionDeclaration;

    private static void WriteTool(Utf8JsonWriter writer, AITool tool)
    {
        switch (tool)
        {
            case AIFunctionDeclaration function:
                writer.WriteString("type"u8, "function"u8);
                ToolWriter.WriteNameAndDescription(writer, function);
                writer.WritePropertyName("parameters"u8);
                SchemaWriter.WriteParameters(writer, function.Name, function.JsonSchema);
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
                throw ToolWriter.Unsupported(tool, InteractionsProtocol.ProtocolName, "the provider asks for no approval of a call");
            default:
                throw ToolWriter.Unsupported(tool, InteractionsProtocol.ProtocolName);
        }
    }

    private static void WriteFileSearch(Utf8JsonWriter writer, HostedFileSearchTool search)
    {
        writer.WriteString("type"u8, "file_search"u8);
        RequestMembers.WriteTexts(
            writer, "file_search_store_names"u8, [.. (search.Inputs ?? []).OfType<HostedVectorStoreContent>().Select(store => store.VectorStoreId)]);
        if (search.MaximumResultCount is { } count)
        {
            writer.WriteNumber("top_k"u8, count);
        }
    }

    private static void WriteMcpServer(Utf8JsonWriter writer, HostedMcpServerTool server)
    {
        writer.WriteString("type"u8, "mcp_server"u8);
        writer.WriteString("name"u8, server.ServerName);
        writer.WriteString("url"u8, server.ServerAddress);
        if (server.Headers is { Count: > 0 } headers)
        {
            writer.WriteStartObject("headers"u8);
            foreach (var (name, value) in headers)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }

        if (server.AllowedTools is { } allowed)
        {
            writer.WriteStartArray("allowed_tools"u8);
            writer.WriteStartObject();
            RequestMembers.WriteTexts(writer, "tools"u8, allowed);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }
    }
}
