using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Bedrock;

/// <summary>Writes the tools of a request and how the model is to choose among them.</summary>
internal static class BedrockToolWriter
{
    // The name under which the exchange types' own adapters keep the setting.
    private const string Strict = "strict";

    /// <summary>Tells whether a request offers tools. The wire has no choice of none: that the model may not use tools is said by not offering them.</summary>
    public static bool AreOffered(ChatOptions options) => options is { Tools.Count: > 0, ToolMode: not NoneChatToolMode };

    /// <summary>Writes the member <c>toolConfig</c>.</summary>
    /// <exception cref="ArgumentException">The wire has no form for a tool or for the choice.</exception>
    public static void Write(Utf8JsonWriter writer, ChatOptions options)
    {
        if (!AreOffered(options))
        {
            return;
        }

        writer.WriteStartObject("toolConfig"u8);
        writer.WriteStartArray("tools"u8);
        foreach (var tool in options.Tools!)
        {
            WriteTool(writer, tool);
        }

        writer.WriteEndArray();
        WriteChoice(writer, options.ToolMode);
        writer.WriteEndObject();
    }

    private static void WriteTool(Utf8JsonWriter writer, AITool tool)
    {
        if (tool.AdditionalProperties.TryGetValue(ContentProperties.RawBlock(BedrockConverseProtocol.WireName), out var raw) && raw is JsonElement json)
        {
            ContentValues.WriteVerbatim(writer, json);
            return;
        }

        if (tool is not AIFunctionDeclaration function)
        {
            throw new ArgumentException($"The wire 'bedrock' cannot carry the tool '{tool.Name}' of the type {tool.GetType().Name}.", nameof(tool));
        }

        writer.WriteStartObject();
        writer.WriteStartObject("toolSpec"u8);
        writer.WriteString("name"u8, function.Name);
        if (!string.IsNullOrEmpty(function.Description))
        {
            writer.WriteString("description"u8, function.Description);
        }

        writer.WriteStartObject("inputSchema"u8);
        writer.WritePropertyName("json"u8);
        FunctionSchema.Write(writer, function.JsonSchema);
        writer.WriteEndObject();
        if (function.AdditionalProperties.TryGetValue(Strict, out var value) && value is bool isStrict)
        {
            writer.WriteBoolean("strict"u8, isStrict);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter writer, ChatToolMode? mode)
    {
        var (choice, name) = mode switch
        {
            RequiredChatToolMode { RequiredFunctionName: { } function } => ("tool", function),
            RequiredChatToolMode => ("any", null),
            AutoChatToolMode => ("auto", null),
            _ => (null, (string?)null),
        };
        if (choice is null)
        {
            return;
        }

        writer.WriteStartObject("toolChoice"u8);
        writer.WriteStartObject(choice);
        if (name is not null)
        {
            writer.WriteString("name"u8, name);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
