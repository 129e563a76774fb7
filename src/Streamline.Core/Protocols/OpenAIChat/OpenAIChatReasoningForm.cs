namespace Streamline.Protocols.OpenAIChat;

/// <summary>
/// In which of the protocol's forms a block of reasoning came, so that it can go back in the same: one of the plain members of a
/// delta, or an element of a list: OpenRouter's <c>reasoning_details</c> or LiteLLM's <c>thinking_blocks</c>.
/// </summary>
/// <param name="raw">An object whose <c>type</c> names the form; of an element of a list everything but its text and signature.</param>
/// <param name="type">The type of an element of a list; <see langword="null"/> for a plain member.</param>
/// <param name="index">The index of an element of a list; <see langword="null"/> for none.</param>
internal sealed class OpenAIChatReasoningForm(RawJson raw, string? type = null, long? index = null)
{
    /// <summary>The list of OpenRouter.</summary>
    public const string Details = "reasoning_details";

    /// <summary>The list of LiteLLM, whose elements are Anthropic's blocks.</summary>
    public const string ThinkingBlocks = "thinking_blocks";

    private static readonly PayloadNames Text = new("text summary signature");
    private static readonly PayloadNames TextOfThinking = new("type thinking signature");

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

    /// <summary>Gets a value indicating whether this is an element of a list.</summary>
    public bool IsElement => type is not null;

    public static OpenAIChatReasoningForm ForElement(PayloadValue element) => new(WithoutText(element), element.Word("type"u8), element.Integer("index"u8));

    /// <summary>Gets the list whose elements have a form.</summary>
    /// <param name="form">The <c>type</c> of a <see cref="Raw"/>.</param>
    /// <returns>The name of the list; <see langword="null"/> for a form that is not an element.</returns>
    public static string? ListOf(string? form) => form switch
    {
        ThinkingBlocks or "redacted_thinking" => ThinkingBlocks,
        not null when form.StartsWith("reasoning.", StringComparison.Ordinal) => Details,
        _ => null,
    };

    /// <summary>Gets the member of an element that holds its text.</summary>
    /// <param name="type">The type of the element, or the <c>type</c> of its <see cref="Raw"/>.</param>
    /// <returns>The name of the member; <see langword="null"/> for an element without text.</returns>
    public static string? TextMember(string? type) => type switch
    {
        "reasoning.text" => "text",
        "reasoning.summary" => "summary",
        "thinking" or ThinkingBlocks => "thinking",
        _ => null,
    };

    /// <summary>Whether the element continues the text of this one: elements are merged by type and index.</summary>
    public bool IsContinuedBy(PayloadValue element) =>
        type == element.Word("type"u8) && index == element.Integer("index"u8);

    /// <summary>Copies an element without its text and signature. The type <c>thinking</c> becomes the name of its list, as it is Mistral's too.</summary>
    public static RawJson WithoutText(PayloadValue element)
    {
        var builder = new RawJsonBuilder();
        var isThinking = element.Member("type"u8).TextEquals("thinking"u8);
        if (isThinking)
        {
            builder.Add("type"u8, "\"thinking_blocks\""u8);
        }

        builder.AddMembers(element, isThinking ? TextOfThinking : Text);
        return builder.Build();
    }

    /// <summary>Writes the members of an element except its text and signature.</summary>
    /// <param name="writer">The writer, inside the element.</param>
    /// <param name="raw">The form, as <see cref="Raw"/> gave it.</param>
    public static void WriteElement(Utf8JsonWriter writer, JsonElement raw)
    {
        if (raw.Text("type"u8) != ThinkingBlocks)
        {
            writer.WriteMembers(raw);
            return;
        }

        writer.WriteString("type"u8, "thinking"u8);
        writer.WriteMembers(raw, "type");
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
            case var type when ListOf(type) is { } list && TextMember(type) is { } member:
                writer.WriteSingle(list, element =>
                {
                    WriteElement(element, raw!.Value);
                    element.WriteString(member, text);
                });
                break;
            default:
                writer.WriteString("reasoning_content"u8, text);
                break;
        }
    }
}
