using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>
/// In which of the protocol's forms a block of reasoning came, so that it can go back in the same: one of the plain members of a
/// delta, or an element of OpenRouter's <c>reasoning_details</c>.
/// </summary>
/// <param name="raw">An object whose <c>type</c> names the form; of an element of <c>reasoning_details</c> everything but its text and signature.</param>
/// <param name="type">The type of an element of <c>reasoning_details</c>; <see langword="null"/> for a plain member.</param>
/// <param name="index">The index of an element of <c>reasoning_details</c>; <see langword="null"/> for none.</param>
internal sealed class OpenAIChatReasoningForm(RawJson raw, string? type = null, long? index = null)
{
    private static readonly byte[][] Text = ["text"u8.ToArray(), "summary"u8.ToArray(), "signature"u8.ToArray()];

    /// <summary>The member that DeepSeek introduced.</summary>
    public static OpenAIChatReasoningForm ReasoningContent { get; } = new(JsonElement.Parse("""{"type":"reasoning_content"}"""u8));

    /// <summary>The member of Groq, OpenRouter and newer versions of vLLM.</summary>
    public static OpenAIChatReasoningForm Reasoning { get; } = new(JsonElement.Parse("""{"type":"reasoning"}"""u8));

    /// <summary>The member of GitHub Copilot.</summary>
    public static OpenAIChatReasoningForm ReasoningText { get; } = new(JsonElement.Parse("""{"type":"reasoning_text"}"""u8));

    /// <summary>A member of the delta that some gateways send.</summary>
    public static OpenAIChatReasoningForm ThinkingMember { get; } = new(JsonElement.Parse("""{"type":"delta.thinking"}"""u8));

    /// <summary>Mistral's part of a <c>content</c> that is an array.</summary>
    public static OpenAIChatReasoningForm Thinking { get; } = new(JsonElement.Parse("""{"type":"thinking"}"""u8));

    public RawJson Raw { get; } = raw;

    /// <summary>Gets a value indicating whether this is an element of <c>reasoning_details</c>.</summary>
    public bool IsDetail => IsDetailType(type);

    public static OpenAIChatReasoningForm ForDetail(PayloadValue detail) => new(WithoutText(detail), detail.Word("type"u8), detail.Integer("index"u8));

    /// <summary>The member of an element of <c>reasoning_details</c> that holds its text; <see langword="null"/> for an element without one.</summary>
    public static string? TextMember(string? type) => type switch
    {
        "reasoning.text" => "text",
        "reasoning.summary" => "summary",
        _ => null,
    };

    /// <summary>Whether a <c>type</c> is that of an element of <c>reasoning_details</c>.</summary>
    public static bool IsDetailType(string? type) => type?.StartsWith("reasoning.", StringComparison.Ordinal) == true;

    /// <summary>Whether the element goes on with the text of this one: elements are merged by type and index.</summary>
    public bool IsContinuedBy(PayloadValue detail) =>
        type == detail.Word("type"u8) && index == detail.Integer("index"u8);

    /// <summary>Copies an element of <c>reasoning_details</c> without its text and signature.</summary>
    public static RawJson WithoutText(PayloadValue detail)
    {
        var builder = new RawJsonBuilder();
        builder.AddMembers(detail, Text);
        return builder.Build();
    }

    /// <summary>Writes a text in a form, as members of a delta.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="raw">The form, as <see cref="Raw"/> gave it; <see langword="null"/> when the reasoning came over another protocol.</param>
    /// <param name="text">The text.</param>
    public static void WriteText(Utf8JsonWriter writer, JsonElement? raw, string text)
    {
        switch (raw?.Text("type"u8))
        {
            case ("reasoning" or "reasoning_text") and var member:
                writer.WriteString(member, text);
                break;
            case "delta.thinking":
                writer.WriteString("thinking"u8, text);
                break;
            case "thinking":
                writer.WriteSingle("content"u8, part =>
                {
                    part.WriteString("type"u8, "thinking"u8);
                    part.WriteSingle("thinking"u8, thought =>
                    {
                        thought.WriteString("type"u8, "text"u8);
                        thought.WriteString("text"u8, text);
                    });
                });
                break;
            case var type when TextMember(type) is { } member:
                writer.WriteSingle("reasoning_details"u8, detail =>
                {
                    detail.WriteMembers(raw);
                    detail.WriteString(member, text);
                });
                break;
            default:
                writer.WriteString("reasoning_content"u8, text);
                break;
        }
    }
}
