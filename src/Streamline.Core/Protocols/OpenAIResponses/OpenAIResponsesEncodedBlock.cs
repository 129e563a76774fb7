namespace Streamline.Protocols.OpenAIResponses;

/// <summary>What an encoder keeps of a block that is open: an item, or a part of one.</summary>
/// <param name="item">The item.</param>
/// <param name="form">The form of its text; <see langword="null"/> for a block that is not text.</param>
internal sealed class OpenAIResponsesEncodedBlock(OpenAIResponsesEncodedItem item, OpenAIResponsesPartForm? form)
{
    private List<JsonElement>? _citations;

    public OpenAIResponsesEncodedItem Item { get; } = item;

    public OpenAIResponsesPartForm? Form { get; } = form;

    /// <summary>Gets the index of the part within its item.</summary>
    public int PartIndex { get; } = item.CountParts(form?.IsSummary ?? false);

    /// <summary>Gets or sets a value indicating whether the part, or the arguments of a call, have begun.</summary>
    public bool HasBegun { get; set; }

    public StringBuilder Text { get; } = new();

    public IReadOnlyList<JsonElement> Citations => _citations ?? [];

    /// <summary>Adds a citation.</summary>
    /// <returns>Its index.</returns>
    public int Add(JsonElement citation)
    {
        (_citations ??= []).Add(citation);
        return _citations.Count - 1;
    }
}
