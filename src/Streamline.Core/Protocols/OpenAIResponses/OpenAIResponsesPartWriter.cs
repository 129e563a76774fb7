namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Writes the parts of messages and of reasoning, each of which is a block.</summary>
internal sealed class OpenAIResponsesPartWriter(OpenAIResponsesFrames frames)
{
    private static readonly JsonElement NoLogProbs = JsonElement.Parse("[]"u8);

    public void Begin(OpenAIResponsesEncodedBlock block)
    {
        block.HasBegun = true;
        Write(block, block.Form!.PartEvent + ".added", writer => writer.WriteObject("part", part => block.Form.WriteMembers(part, "", block.Citations)));
    }

    public void WriteText(OpenAIResponsesEncodedBlock block, string text, JsonElement? logProbs = null)
    {
        if (!block.HasBegun)
        {
            Begin(block);
        }

        block.Text.Append(text);
        Write(block, block.Form!.Event + ".delta", writer =>
        {
            writer.WriteString("delta"u8, text);
            WriteLogProbs(writer, block, logProbs);
        });
    }

    public void WriteCitation(OpenAIResponsesEncodedBlock block, JsonElement citation)
    {
        var index = block.Add(citation);
        Write(block, "response.output_text.annotation.added", writer =>
        {
            writer.WriteNumber("annotation_index"u8, index);
            writer.WriteMember("annotation", citation);
        });
    }

    public void End(OpenAIResponsesEncodedBlock block)
    {
        if (!block.HasBegun)
        {
            return;
        }

        var form = block.Form!;
        var text = block.Text.ToString();
        var part = JsonWriting.ToElement(writer => form.WriteMembers(writer, text, block.Citations));
        Write(block, form.Event + ".done", writer =>
        {
            writer.WriteString(form.TextMember, text);
            WriteLogProbs(writer, block, logProbs: null);
        });
        Write(block, form.PartEvent + ".done", writer => writer.WriteMember("part", part));
        block.Item.Add(part, form.IsSummary);
    }

    /// <summary>Writes parts of a type that has no form here, as they were received.</summary>
    public void WriteUnknown(OpenAIResponsesEncodedBlock block, JsonElement? envelope)
    {
        foreach (var part in envelope?.Items("content"u8) ?? [])
        {
            Write(block, "response.content_part.added", writer => writer.WriteMember("part", part));
            Write(block, "response.content_part.done", writer => writer.WriteMember("part", part));
            block.Item.Add(part, isSummary: false);
        }
    }

    private static void WriteLogProbs(Utf8JsonWriter writer, OpenAIResponsesEncodedBlock block, JsonElement? logProbs)
    {
        if (block.Form!.IsOutputText)
        {
            writer.WriteMember("logprobs", logProbs ?? NoLogProbs);
        }
    }

    private void Write(OpenAIResponsesEncodedBlock block, string type, Action<Utf8JsonWriter> writeMembers) => frames.Write(type, writer =>
    {
        block.Item.WritePlace(writer);
        writer.WriteNumber(block.Form is { IsSummary: true } ? "summary_index"u8 : "content_index"u8, block.PartIndex);
        writeMembers(writer);
    });
}
