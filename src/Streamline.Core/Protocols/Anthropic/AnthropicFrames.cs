namespace Streamline.Protocols.Anthropic;

/// <summary>Writes events of the Messages API: each is named by its frame and by its payload.</summary>
internal sealed class AnthropicFrames(FrameOutput output)
{
    public void Write(string type) => Write(type, static _ => { });

    public void Write(string type, Action<Utf8JsonWriter> writeMembers) => output.Write(type, writer =>
    {
        writer.WriteString("type"u8, type);
        writeMembers(writer);
    });
}
