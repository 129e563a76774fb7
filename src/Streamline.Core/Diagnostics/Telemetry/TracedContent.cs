using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Diagnostics;

/// <summary>Writes messages in the JSON form of the semantic conventions, for spans; only when the application has asked for it.</summary>
internal static class TracedContent
{
    public static string Of(IEnumerable<ChatMessage> messages, Func<string, string>? redact)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartArray();
            foreach (var message in messages)
            {
                writer.WriteStartObject();
                writer.WriteString("role", message.Role.Value);
                writer.WriteStartArray("parts");
                foreach (var content in message.Contents)
                {
                    Write(writer, content, redact);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, AIContent content, Func<string, string>? redact)
    {
        writer.WriteStartObject();
        switch (content)
        {
            case TextContent text:
                WriteText(writer, "text", text.Text);
                break;
            case TextReasoningContent reasoning:
                WriteText(writer, "reasoning", reasoning.Text);
                break;
            case FunctionCallContent call:
                writer.WriteString("type", "tool_call");
                writer.WriteString("id", call.CallId);
                writer.WriteString("name", call.Name);
                writer.WriteString("arguments", Redacted(call.Arguments is null ? "" : string.Join(", ", call.Arguments.Select(argument => $"{argument.Key}: {argument.Value}")), redact));
                break;
            case FunctionResultContent result:
                writer.WriteString("type", "tool_call_response");
                writer.WriteString("id", result.CallId);
                writer.WriteString("response", Redacted(result.Result?.ToString() ?? "", redact));
                break;
            default:
                writer.WriteString("type", content.GetType().Name);
                break;
        }

        writer.WriteEndObject();

        void WriteText(Utf8JsonWriter to, string type, string text)
        {
            to.WriteString("type", type);
            to.WriteString("content", Redacted(text, redact));
        }
    }

    public static string Redacted(string text, Func<string, string>? redact)
    {
        try
        {
            return redact is null ? text : redact(text);
        }
        catch (Exception exception)
        {
            return $"[not shown: {exception.GetType().Name}]"; // a fault of the application must not end its stream, and the text must not be shown
        }
    }
}
