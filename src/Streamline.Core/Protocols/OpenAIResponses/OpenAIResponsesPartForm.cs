namespace Streamline.Protocols.OpenAIResponses;

/// <summary>How the protocol writes a part that is a text.</summary>
/// <param name="Event">The name, without <c>.delta</c>, of the events of the text.</param>
/// <param name="PartEvent">The name, without <c>.added</c>, of the events of the part.</param>
/// <param name="Type">The type of the part.</param>
/// <param name="TextMember">The member that holds the text.</param>
internal sealed record OpenAIResponsesPartForm(string Event, string PartEvent, string Type, string TextMember)
{
    private static readonly OpenAIResponsesPartForm OutputText = new("response.output_text", "response.content_part", "output_text", "text");
    private static readonly OpenAIResponsesPartForm Refusal = new("response.refusal", "response.content_part", "refusal", "refusal");
    private static readonly OpenAIResponsesPartForm ReasoningText = new("response.reasoning_text", "response.content_part", "reasoning_text", "text");
    private static readonly OpenAIResponsesPartForm SummaryText =
        new("response.reasoning_summary_text", "response.reasoning_summary_part", "summary_text", "text");

    public bool IsOutputText => ReferenceEquals(this, OutputText);

    public bool IsSummary => ReferenceEquals(this, SummaryText);

    /// <summary>Finds the form of a block.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="envelope">What its item is, except its parts.</param>
    public static OpenAIResponsesPartForm Of(ContentKind kind, JsonElement envelope) => kind switch
    {
        ContentKind.Refusal => Refusal,
        ContentKind.Reasoning => envelope.Member("content"u8) is { ValueKind: JsonValueKind.Array } ? ReasoningText : SummaryText,
        _ => OutputText,
    };

    /// <summary>Writes the part.</summary>
    /// <param name="writer">The writer, within the object.</param>
    /// <param name="text">The text.</param>
    /// <param name="annotations">The annotations, for a part that has them.</param>
    public void WriteMembers(Utf8JsonWriter writer, string text, IEnumerable<JsonElement> annotations)
    {
        writer.WriteString("type"u8, Type);
        writer.WriteString(TextMember, text);
        if (IsOutputText)
        {
            writer.WriteArray("annotations"u8, annotations);
        }
    }
}
