using System.Globalization;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Writes the beginning and the end of items, and keeps the output of the response for its last event: items that have not ended are in it as they began.</summary>
internal sealed class OpenAIResponsesOutputWriter(OpenAIResponsesFrames frames)
{
    private readonly List<JsonElement> _items = [];

    /// <summary>Begins an item.</summary>
    /// <param name="data">The item, except what its events bring.</param>
    public OpenAIResponsesEncodedItem Begin(JsonElement data)
    {
        var item = new OpenAIResponsesEncodedItem(_items.Count, data);
        _items.Add(item.IsOfParts ? JsonWriting.ToElement(writer => item.WriteMembers(writer, "in_progress"))
            : OpenAIResponsesItemTypes.IsApplicationCall(item.Type) ? ToCall(data, "", "in_progress")
            : data);
        WriteItem("response.output_item.added", item);
        return item;
    }

    /// <summary>Ends an item of parts.</summary>
    public void EndParts(OpenAIResponsesEncodedItem item) => End(item, JsonWriting.ToElement(writer => item.WriteMembers(writer, "completed")));

    /// <summary>Ends a call that the application answers.</summary>
    public void EndCall(OpenAIResponsesEncodedItem item, string input, bool isSealed) => End(item, ToCall(item.Data, input, isSealed ? "completed" : "incomplete"));

    /// <summary>Ends an item that is known whole.</summary>
    public void End(OpenAIResponsesEncodedItem item, JsonElement whole)
    {
        _items[item.Index] = whole;
        WriteItem("response.output_item.done", item);
    }

    /// <summary>Writes the member <c>output</c> of the response.</summary>
    public void WriteTo(Utf8JsonWriter writer) => writer.WriteArray("output"u8, _items);

    /// <summary>Makes an id for the next item.</summary>
    public string MakeId(string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}_{_items.Count}");

    private static JsonElement ToCall(JsonElement envelope, string input, string status) => JsonWriting.ToElement(writer =>
    {
        writer.WriteMembers(envelope);
        writer.WriteString(OpenAIResponsesItemTypes.InputMember(envelope.Text("type"u8)) ?? "arguments", input);
        writer.WriteString("status"u8, status);
    });

    private void WriteItem(string type, OpenAIResponsesEncodedItem item) => frames.Write(type, writer =>
    {
        writer.WriteNumber("output_index"u8, item.Index);
        writer.WriteMember("item", _items[item.Index]);
    });
}
