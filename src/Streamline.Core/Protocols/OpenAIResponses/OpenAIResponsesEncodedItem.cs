namespace Streamline.Protocols.OpenAIResponses;

/// <summary>What an encoder keeps of an item that it has begun.</summary>
/// <param name="index">The index of the item in the output.</param>
/// <param name="data">The item, except what its events bring.</param>
internal sealed class OpenAIResponsesEncodedItem(int index, JsonElement data)
{
    private readonly List<JsonElement> _summary = [];
    private readonly List<JsonElement> _content = [];
    private string? _encryptedContent;

    public int Index { get; } = index;

    /// <summary>Gets the item, except what its events bring, as it is known so far.</summary>
    public JsonElement Data { get; private set; } = data;

    /// <summary>Gets the id under which the item began.</summary>
    public string? Id { get; } = data.Text("id"u8);

    public string? Type { get; } = data.Text("type"u8);

    /// <summary>Gets a value indicating whether the item has parts, which are blocks.</summary>
    public bool IsOfParts => Type is OpenAIResponsesItemTypes.Message or OpenAIResponsesItemTypes.Reasoning;

    /// <summary>Gets how many parts the summary, or else the content, has.</summary>
    public int CountParts(bool isSummary) => (isSummary ? _summary : _content).Count;

    /// <summary>Adds a part, which is whole.</summary>
    public void Add(JsonElement part, bool isSummary) => (isSummary ? _summary : _content).Add(part);

    /// <summary>Takes over what is known of the item with the end of one of its blocks.</summary>
    public void Update(JsonElement? envelope, string? signature)
    {
        Data = envelope ?? Data;
        _encryptedContent = signature ?? _encryptedContent;
    }

    /// <summary>Writes an item of parts with the parts that it has so far.</summary>
    /// <param name="writer">The writer, within the object.</param>
    /// <param name="status">The status of a message that does not say its own; reasoning need not have one.</param>
    public void WriteMembers(Utf8JsonWriter writer, string status)
    {
        var isReasoning = Type == OpenAIResponsesItemTypes.Reasoning;
        writer.WriteMembers(Data, "content");
        if (!isReasoning && Data.Text("status"u8) is null)
        {
            writer.WriteString("status"u8, status);
        }

        if (isReasoning)
        {
            writer.WriteArray("summary"u8, _summary);
        }

        if (!isReasoning || _content.Count > 0 || Data.Member("content"u8) is not null)
        {
            writer.WriteArray("content"u8, _content);
        }

        writer.WriteText("encrypted_content"u8, _encryptedContent);
    }

    /// <summary>Writes which item an event is about.</summary>
    public void WritePlace(Utf8JsonWriter writer)
    {
        writer.WriteText("item_id"u8, Id);
        writer.WriteNumber("output_index"u8, Index);
    }
}
