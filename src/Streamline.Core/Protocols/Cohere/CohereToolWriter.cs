using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Cohere;

/// <summary>Writes the tools of a request and how the model is to choose among them.</summary>
internal static class CohereToolWriter
{
    /// <exception cref="ArgumentException">The protocol has no form for a tool, or the tool that the model must call is not there.</exception>
    public static void Write(Utf8JsonWriter writer, ChatOptions options)
    {
        if (options.Tools is not { Count: > 0 } tools)
        {
            return;
        }

        List<AITool> offered = [.. tools.Where(tool => IsOffered(tool, options.ToolMode))];
        if (offered.Count == 0)
        {
            throw new ArgumentException($"The request requires the tool '{((RequiredChatToolMode)options.ToolMode!).RequiredFunctionName}', which is not among its tools.", nameof(options));
        }

        writer.WritePropertyName("tools"u8);
        ToolWriter.WriteAll(writer, offered, CohereProtocol.WireName, WriteTool);
        WriteStrict(writer, offered);
        if (options.ToolMode is RequiredChatToolMode or NoneChatToolMode)
        {
            writer.WriteString("tool_choice"u8, options.ToolMode is NoneChatToolMode ? "NONE"u8 : "REQUIRED"u8);
        }
    }

    // The API cannot name the tool that must be called.
    private static bool IsOffered(AITool tool, ChatToolMode? mode) => mode is not RequiredChatToolMode { RequiredFunctionName: { } name } || tool.Name == name;

    // One switch for all tools: it is on when every tool that says anything about it agrees.
    private static void WriteStrict(Utf8JsonWriter writer, List<AITool> tools)
    {
        List<bool> wishes = [.. tools.Select(tool => tool.IsStrict()).OfType<bool>()];
        if (wishes.Count > 0)
        {
            writer.WriteBoolean("strict_tools"u8, wishes.TrueForAll(isStrict => isStrict));
        }
    }

    private static void WriteTool(Utf8JsonWriter writer, AITool tool)
    {
        if (tool is not AIFunctionDeclaration function)
        {
            throw ToolWriter.Unsupported(tool, CohereProtocol.WireName);
        }

        writer.WriteString("type"u8, "function"u8);
        writer.WriteStartObject("function"u8);
        ToolWriter.WriteNameAndDescription(writer, function);
        writer.WritePropertyName("parameters"u8);
        SchemaWriter.WriteParameters(writer, function.Name, function.JsonSchema);
        writer.WriteEndObject();
    }
}
