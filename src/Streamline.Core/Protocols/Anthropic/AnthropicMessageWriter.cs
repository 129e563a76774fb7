using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Protocols;

/// <summary>Writes the conversation: roles, their order, and which content goes into which message.</summary>
internal static class AnthropicMessageWriter
{
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<ChatMessage> messages)
    {
        writer.WriteStartArray("messages"u8);
        var toolsets = new Dictionary<string, string>(StringComparer.Ordinal);
        var isAny = false;
        foreach (var (isAssistant, contents) in Turns(messages))
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

    // Results are part of the user's turn. Messages of one side that follow each other are one turn, so that all results of
    // a round stand in one message: split over several, they teach the model not to call tools in parallel.
    private static IEnumerable<(bool IsAssistant, List<AIContent> Contents)> Turns(IReadOnlyList<ChatMessage> messages)
    {
        var answered = messages.SelectMany(message => message.Contents.OfType<FunctionResultContent>()).Select(result => result.CallId).ToHashSet(StringComparer.Ordinal);
        List<AIContent> turn = [];
        var isAssistant = false;
        foreach (var message in messages.Where(message => !AnthropicRequestWriter.IsSystem(message.Role)))
        {
            var isFromAssistant = IsFromAssistant(message);
            foreach (var content in message.Contents)
            {
                ThrowIfOnWrongSide(content, isFromAssistant);

                // A call that was cut off before its end cannot be answered, and the wire refuses one without an answer.
                var isCut = content is FunctionCallContent { InformationalOnly: true } call && !answered.Contains(call.CallId);
                if (isCut || !AnthropicContentWriter.IsSent(content))
                {
                    continue;
                }

                if (isFromAssistant != isAssistant && turn.Count > 0)
                {
                    yield return (isAssistant, Order(turn, isAssistant));
                    turn = [];
                }

                isAssistant = isFromAssistant;
                turn.Add(content);
            }
        }

        if (turn.Count > 0)
        {
            yield return (isAssistant, Order(turn, isAssistant));
        }
    }

    // Results must stand before anything else that the user says.
    private static List<AIContent> Order(List<AIContent> turn, bool isAssistant) =>
        isAssistant ? turn : [.. turn.OrderBy(content => content is FunctionResultContent ? 0 : 1)];

    private static bool IsFromAssistant(ChatMessage message) =>
        message.Role == ChatRole.Assistant
        || (message.Role == ChatRole.User || message.Role == ChatRole.Tool
            ? false
            : throw new ArgumentException($"The wire 'anthropic' has no role '{message.Role}'.", nameof(message)));

    private static void ThrowIfOnWrongSide(AIContent content, bool isAssistant)
    {
        if (isAssistant ? content is FunctionResultContent : content is FunctionCallContent)
        {
            throw new ArgumentException(
                $"The wire 'anthropic' cannot carry {content.GetType().Name} in a message of the {(isAssistant ? "assistant" : "user")}.",
                nameof(content));
        }
    }
}
