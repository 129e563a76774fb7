using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Anthropic;

/// <summary>Writes the tools of a request and how the model is to choose among them.</summary>
internal static class AnthropicToolWriter
{
    public static void Write(Utf8JsonWriter writer, ChatOptions options)
    {
        if (options.Tools is not { Count: > 0 } tools)
        {
            return;
        }

        writer.WritePropertyName("tools"u8);
        ToolWriter.WriteAll(writer, tools, AnthropicProtocol.WireName, WriteTool);
        WriteChoice(writer, options);
    }

    private static void WriteTool(Utf8JsonWriter writer, AITool tool)
    {
        switch (tool)
        {
            case AIFunctionDeclaration function:
                ToolWriter.WriteNameAndDescription(writer, function);
                writer.WritePropertyName("input_schema"u8);
                SchemaWriter.WriteParameters(writer, function.Name, function.JsonSchema);
                break;
            case HostedWebSearchTool:
                writer.WriteString("type"u8, "web_search_20250305"u8);
                writer.WriteString("name"u8, "web_search"u8);
                break;
            default:
                throw ToolWriter.Unsupported(tool, AnthropicProtocol.WireName);
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
        if (name is not null)
        {
            writer.WriteString("name"u8, name);
        }

        if (isSerial && type != "none")
        {
            writer.WriteBoolean("disable_parallel_tool_use"u8, value: true);
        }

        writer.WriteEndObject();
    }
}
