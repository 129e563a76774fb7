namespace Streamline.Protocols.GeminiInteractions;

/// <summary>Writes the frames of events: each has its name in the frame and in the payload.</summary>
internal sealed class InteractionsFrames(FrameOutput output)
{
    /// <summary>Writes an event.</summary>
    /// <param name="type">The name of the event.</param>
    /// <param name="writeMembers">Writes its other members.</param>
    public void Write(string type, Action<Utf8JsonWriter> writeMembers) => output.Write(type, writer =>
    {
        writeMembers(writer);
        writer.WriteString("event_type"u8, type);
    });

    /// <summary>Writes an event of a step.</summary>
    /// <param name="type">The name of the event.</param>
    /// <param name="index">The index of the step.</param>
    /// <param name="writeMembers">Writes its other members.</param>
    public void WriteOfStep(string type, int index, Action<Utf8JsonWriter> writeMembers) => Write(type, writer =>
    {
        writer.WriteNumber("index"u8, index);
        writeMembers(writer);
    });

    /// <summary>Writes the end of the stream.</summary>
    public void WriteDone() => output.Write("done", "[DONE]"u8);
}
