using System.Buffers;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>
/// In which of the wire's forms a block of reasoning came, so that it can go back in the same: one of the plain members of a
/// delta, or an element of OpenRouter's <c>reasoning_details</c>.
/// </summary>
/// <param name="raw">An object whose <c>type</c> names the form; of an element of <c>reasoning_details</c> everything but its text and signature.</param>
internal sealed class OpenAIChatReasoningForm(JsonElement raw)
{
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

    public JsonElement Raw { get; } = raw;

    /// <summary>Gets a value indicating whether this is an element of <c>reasoning_details</c>.</summary>
    public bool IsDetail => IsDetailType(Raw.Text("type"u8));

    public static OpenAIChatReasoningForm ForDetail(JsonElement detail) => new(WithoutText(detail));

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
        Raw.Text("type"u8) == detail.Text("type"u8) && Raw.Integer("index"u8) == detail.Integer("index"u8);

    private static JsonElement WithoutText(JsonElement detail)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            foreach (var member in detail.EnumerateObject().Where(member => member.Name is not ("text" or "summary" or "signature")))
            {
                member.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return WireJson.Parse(output.WrittenSpan);
    }
}
