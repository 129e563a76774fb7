using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>Writes the tools of a request, and how the model may use them.</summary>
internal static class OpenAIChatToolWriter
{
    public static void Write(Utf8JsonWriter writer, ChatOptions options)
    {
        // Without tools the server refuses the members that are about them.
        if (options.Tools is not { Count: > 0 } tools)
        {
            return;
        }

        writer.WritePropertyName("tools"u8);
        ToolWriter.WriteAll(writer, tools, OpenAIChatProtocol.WireName, WriteTool);
        ToolWriter.WriteChoice(writer, options.ToolMode, static (writer, name) =>
        {
            writer.WriteStartObject("function"u8);
            writer.WriteString("name"u8, name);
            writer.WriteEndObject();
        });
        if (options.AllowMultipleToolCalls is { } isParallel)
        {
            writer.WriteBoolean("parallel_tool_calls"u8, isParallel);
        }
    }

    private static void WriteTool(Utf8JsonWriter writer, AITool tool)
    {
        if (tool is not AIFunctionDeclaration function)
        {
            throw ToolWriter.Unsupported(tool, OpenAIChatProtocol.WireName, "a compatible server that knows it takes it in ExtraBody");
        }

        writer.WriteString("type"u8, "function"u8);
        writer.WriteStartObject("function"u8);
        ToolWriter.WriteNameAndDescription(writer, function);
        writer.WritePropertyName("parameters"u8);
        SchemaWriter.WriteParameters(writer, function.Name, function.JsonSchema);
        if (function.IsStrict() is { } isStrict)
        {
            writer.WriteBoolean("strict"u8, isStrict);
        }

        writer.WriteEndObject();
    }
}
