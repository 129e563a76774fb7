using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Anthropic;

/// <summary>Writes the conversation: roles, their order, and which content goes into which message.</summary>
internal static class AnthropicMessageWriter
{
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<ChatMessage> messages)
    {
        writer.WriteStartArray("messages"u8);
        var toolsets = new Dictionary<string, string>(StringComparer.Ordinal);
        var isAny = false;
        foreach (var (isAssistant, contents) in ConversationTurns.Of(messages, AnthropicProtocol.WireName, AnthropicContentWriter.IsSent))
        {
            isAny = true;
            writer.WriteStartObject();
            writer.WriteString("role"u8, isAssistant ? "assistant"u8 : "user"u8);
            writer.WriteStartArray("content"u8);
            foreach (var content in contents)
            {
                Write(writer, content, toolsets);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        if (!isAny)
        {
            throw new ArgumentException("The request has no content from the user or the assistant.", nameof(messages));
        }

        writer.WriteEndArray();
    }

    // The result of a call from a toolset has to name the toolset again.
    private static void Write(Utf8JsonWriter writer, AIContent content, Dictionary<string, string> toolsets)
    {
        if (content is FunctionResultContent result && (result.RawBlock(AnthropicProtocol.WireName) is not { } raw || AnthropicEnvelope.Is(raw)))
        {
            AnthropicContentWriter.WriteResult(writer, result, toolsets.GetValueOrDefault(result.CallId));
            return;
        }

        AnthropicContentWriter.Write(writer, content);
        if (content is ToolCallContent call && call.RawBlock(AnthropicProtocol.WireName)?.Text("toolset_name"u8) is { } toolset)
        {
            toolsets[call.CallId] = toolset;
        }
    }
}
