using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Protocols.Shared;

/// <summary>What the writers of tools have in common.</summary>
internal static class ToolWriter
{
    /// <summary>The property of a tool or of options that says whether the model is held to the schema: the name that the exchange types' own adapters use.</summary>
    public const string Strict = "strict";

    /// <summary>Gets the form that a tool has on a protocol, where it was given one; <see langword="null"/> otherwise.</summary>
    public static JsonElement? RawBlock(this AITool tool, string protocol) =>
        tool.AdditionalProperties.TryGetValue(ContentProperties.RawBlock(protocol), out var raw) && raw is JsonElement json ? json : null;

    /// <summary>Gets whether the model is held to the schema of a function; <see langword="null"/> when the application does not say.</summary>
    public static bool? IsStrict(this AITool tool) => tool.AdditionalProperties.TryGetValue(Strict, out var value) && value is bool isStrict ? isStrict : null;

    /// <summary>Writes tools as the elements of an array: as they are where they have a form of their own, otherwise by a function.</summary>
    /// <param name="writer">The writer, after the name of the member.</param>
    /// <param name="tools">The tools.</param>
    /// <param name="protocol">The name of the protocol.</param>
    /// <param name="write">Writes the members of a tool; the writer is inside its object.</param>
    /// <exception cref="ArgumentException">The protocol has no form for a tool, or a schema nests too deeply.</exception>
    public static void WriteAll(Utf8JsonWriter writer, IEnumerable<AITool> tools, string protocol, Action<Utf8JsonWriter, AITool> write)
    {
        writer.WriteStartArray();
        foreach (var tool in tools)
        {
            if (tool.RawBlock(protocol) is { } raw)
            {
                ContentValues.WriteVerbatim(writer, raw);
                continue;
            }

            writer.WriteStartObject();
            write(writer, tool);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes the name of a function, and its description when it has one.</summary>
    public static void WriteNameAndDescription(Utf8JsonWriter writer, AIFunctionDeclaration function)
    {
        writer.WriteString("name"u8, function.Name);
        if (!string.IsNullOrEmpty(function.Description))
        {
            writer.WriteString("description"u8, function.Description);
        }
    }

    /// <summary>Writes the choice among tools in the form of both OpenAI protocols: a word, or the function that must be called.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="mode">The choice; <see langword="null"/> for none.</param>
    /// <param name="writeFunction">Writes the members that name the function.</param>
    public static void WriteChoice(Utf8JsonWriter writer, ChatToolMode? mode, Action<Utf8JsonWriter, string> writeFunction)
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
                writeFunction(writer, name);
                writer.WriteEndObject();
                break;
            default:
                writer.WriteString("tool_choice"u8, mode is RequiredChatToolMode ? "required"u8 : "auto"u8);
                break;
        }
    }

    /// <summary>Makes the error of a tool that a protocol has no form for.</summary>
    public static ArgumentException Unsupported(AITool tool, string protocol, string? advice = null) => new(
        $"The protocol '{protocol}' has no form for the tool '{tool.Name}' of type {tool.GetType().Name}{(advice is null ? "" : "; " + advice)}.", nameof(tool));
}
