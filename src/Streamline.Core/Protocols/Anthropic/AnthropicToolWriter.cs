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

        writer.WriteStartArray("tools"u8);
        foreach (var tool in tools)
        {
            WriteTool(writer, tool);
        }

        writer.WriteEndArray();
        WriteChoice(writer, options);
    }

    private static void WriteTool(Utf8JsonWriter writer, AITool tool)
    {
        if (tool.AdditionalProperties.TryGetValue(ContentProperties.RawBlock(AnthropicProtocol.WireName), out var raw) && raw is JsonElement json)
        {
            ContentValues.WriteVerbatim(writer, json);
            return;
        }

        writer.WriteStartObject();
        switch (tool)
        {
            case AIFunctionDeclaration function:
                WriteFunction(writer, function);
                break;
            case HostedWebSearchTool:
                writer.WriteString("type"u8, "web_search_20250305"u8);
                writer.WriteString("name"u8, "web_search"u8);
                break;
            default:
                throw new ArgumentException(
                    $"The wire 'anthropic' cannot carry the tool '{tool.Name}' of the type {tool.GetType().Name}.", nameof(tool));
        }

        writer.WriteEndObject();
    }

    private static void WriteFunction(Utf8JsonWriter writer, AIFunctionDeclaration function)
    {
        writer.WriteString("name"u8, function.Name);
        if (!string.IsNullOrEmpty(function.Description))
        {
            writer.WriteString("description"u8, function.Description);
        }

        writer.WriteStartObject("input_schema"u8);
        var schema = function.JsonSchema;
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("type"u8, out _))
        {
            writer.WriteString("type"u8, "object"u8);
        }

        if (schema.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in schema.EnumerateObject())
            {
                member.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
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
