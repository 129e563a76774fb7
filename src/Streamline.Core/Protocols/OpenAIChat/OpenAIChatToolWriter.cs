using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>Writes the tools of a request, and how the model may use them.</summary>
internal static class OpenAIChatToolWriter
{
    // The name under which the exchange types' own adapters keep the setting.
    public const string Strict = "strict";

    public static void Write(Utf8JsonWriter writer, ChatOptions options)
    {
        // Without tools the server refuses what speaks of them.
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
        WriteChoice(writer, options.ToolMode);
        if (options.AllowMultipleToolCalls is { } isParallel)
        {
            writer.WriteBoolean("parallel_tool_calls"u8, isParallel);
        }
    }

    private static void WriteTool(Utf8JsonWriter writer, AITool tool)
    {
        if (tool.AdditionalProperties.TryGetValue(ContentProperties.RawBlock(OpenAIChatProtocol.WireName), out var raw) && raw is JsonElement json)
        {
            ContentValues.WriteVerbatim(writer, json);
            return;
        }

        if (tool is not AIFunctionDeclaration function)
        {
            throw new ArgumentException(
                $"Chat Completions cannot carry the tool '{tool.Name}' of type {tool.GetType().Name}; a compatible server that knows it takes it in ExtraBody.",
                nameof(tool));
        }

        writer.WriteStartObject();
        writer.WriteString("type"u8, "function"u8);
        writer.WriteStartObject("function"u8);
        writer.WriteString("name"u8, function.Name);
        if (!string.IsNullOrEmpty(function.Description))
        {
            writer.WriteString("description"u8, function.Description);
        }

        writer.WritePropertyName("parameters"u8);
        FunctionSchema.Write(writer, function.JsonSchema);
        if (function.AdditionalProperties.TryGetValue(Strict, out var value) && value is bool isStrict)
        {
            writer.WriteBoolean("strict"u8, isStrict);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter writer, ChatToolMode? mode)
    {
        switch (mode)
        {
            case null:
                break;
            case NoneChatToolMode:
                writer.WriteString("tool_choice"u8, "none"u8);
                break;
            case RequiredChatToolMode { RequiredFunctionName: { } name }:
                writer.WriteStartObject("tool_choice"u8);
                writer.WriteString("type"u8, "function"u8);
                writer.WriteStartObject("function"u8);
                writer.WriteString("name"u8, name);
                writer.WriteEndObject();
                writer.WriteEndObject();
                break;
            default:
                writer.WriteString("tool_choice"u8, mode is RequiredChatToolMode ? "required"u8 : "auto"u8);
                break;
        }
    }
}
