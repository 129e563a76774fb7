namespace Streamline.Protocols.Gemini;

/// <summary>Writes the chunks of one response.</summary>
internal sealed class GeminiChunks(FrameOutput frames, ResponseStarted response)
{
    /// <summary>Writes a chunk.</summary>
    public void Write(Action<Utf8JsonWriter> writeMembers) => frames.Write(writer =>
    {
        writeMembers(writer);
        writer.WriteString("modelVersion"u8, response.Model ?? "");
        writer.WriteString("responseId"u8, response.ResponseId ?? "");
    });

    /// <summary>Writes a chunk with one candidate.</summary>
    public void WriteCandidate(int choice, Action<Utf8JsonWriter> writeMembers, Action<Utf8JsonWriter>? writeBeside = null) => Write(writer =>
    {
        writer.WriteSingle("candidates"u8, candidate =>
        {
            writeMembers(candidate);
            if (choice > 0)
            {
                candidate.WriteNumber("index"u8, choice);
            }
        });
        writeBeside?.Invoke(writer);
    });

    /// <summary>Writes a chunk with one part.</summary>
    public void WritePart(int choice, Action<Utf8JsonWriter> writePart) => WriteCandidate(choice, writer => writer.WriteObject("content", content =>
    {
        content.WriteStartArray("parts"u8);
        writePart(content);
        content.WriteEndArray();
        content.WriteString("role"u8, "model"u8);
    }));
}
