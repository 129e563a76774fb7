using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Protocols.Gemini;

/// <summary>Writes the conversation: the turns of the model and of the user, and the answers to its calls in turns of their own.</summary>
/// <param name="writer">The writer, inside the body.</param>
/// <param name="takesUnsignedCalls">Whether the model takes calls that it did not make itself, and that have no signature of its.</param>
internal sealed class GeminiMessageWriter(Utf8JsonWriter writer, bool takesUnsignedCalls)
{
    private readonly Dictionary<string, (FunctionCallContent Call, int Place)> _calls = new(StringComparer.Ordinal);
    private readonly HashSet<string> _answered = new(StringComparer.Ordinal);

    private enum Side
    {
        Model,
        User,
        Results,
    }

    /// <summary>Writes the instructions, of which the wire has one place, before the conversation.</summary>
    /// <exception cref="ArgumentException">A system message holds something else than text.</exception>
    public static void WriteSystem(Utf8JsonWriter writer, IReadOnlyList<ChatMessage> messages, string? instructions)
    {
        List<string> texts = string.IsNullOrEmpty(instructions) ? [] : [instructions];
        foreach (var content in messages.Where(IsSystem).SelectMany(message => message.Contents))
        {
            texts.Add(content is TextContent text
                ? text.Text
                : throw new ArgumentException($"The wire 'gemini' carries only text in system messages; found {content.GetType().Name}.", nameof(messages)));
        }

        if (texts.Count == 0)
        {
            return;
        }

        writer.WriteStartObject("systemInstruction"u8);
        writer.WriteStartArray("parts"u8);
        foreach (var text in texts)
        {
            GeminiContentWriter.WriteText(writer, text, raw: null);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Writes the conversation.</summary>
    /// <exception cref="ArgumentException">A message holds something that the wire cannot carry.</exception>
    public void Write(IReadOnlyList<ChatMessage> messages)
    {
        _answered.UnionWith(messages.SelectMany(message => message.Contents.OfType<FunctionResultContent>()).Select(result => result.CallId));
        writer.WriteStartArray("contents"u8);
        List<AIContent> turn = [];
        var side = Side.User;
        foreach (var (contentSide, content) in messages.Where(message => !IsSystem(message)).SelectMany(Contents))
        {
            if (contentSide != side)
            {
                WriteTurn(side, turn);
                turn.Clear();
                side = contentSide;
            }

            turn.Add(content);
        }

        WriteTurn(side, turn);
        writer.WriteEndArray();
    }

    private static bool IsSystem(ChatMessage message) =>
        message.Role == ChatRole.System || string.Equals(message.Role.Value, "developer", StringComparison.OrdinalIgnoreCase);

    private IEnumerable<(Side Side, AIContent Content)> Contents(ChatMessage message)
    {
        var side = message.Role == ChatRole.Assistant ? Side.Model
            : message.Role == ChatRole.User || message.Role == ChatRole.Tool ? Side.User
            : throw new ArgumentException($"The wire 'gemini' has no role '{message.Role}'.", nameof(message));
        foreach (var content in message.Contents)
        {
            if (content is FunctionCallContent call)
            {
                // A call that was cut off before its end cannot be answered.
                if (call.InformationalOnly && !_answered.Contains(call.CallId))
                {
                    continue;
                }

                _calls[call.CallId] = (call, _calls.Count);
            }

            if (content is FunctionResultContent)
            {
                yield return (Side.Results, content);
            }
            else if (GeminiContentWriter.IsSent(content))
            {
                yield return (side, content);
            }
        }
    }

    private void WriteTurn(Side side, List<AIContent> turn)
    {
        if (turn.Count == 0)
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("role"u8, side == Side.Model ? "model"u8 : "user"u8);
        writer.WriteStartArray("parts"u8);
        if (side == Side.Results)
        {
            // Answers are told apart by their order where calls have no ids.
            foreach (var result in turn.Cast<FunctionResultContent>().OrderBy(result => _calls.GetValueOrDefault(result.CallId).Place))
            {
                GeminiContentWriter.WriteResult(writer, result, _calls.GetValueOrDefault(result.CallId).Call);
            }
        }
        else
        {
            var mustSign = !takesUnsignedCalls;
            foreach (var content in turn)
            {
                GeminiContentWriter.Write(writer, content, ref mustSign);
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
