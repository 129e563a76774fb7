using Streamline.Protocols.OpenAIChat;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Writes events of the Responses API: each is named by its frame and by its payload, and numbered within its response.</summary>
internal sealed class OpenAIResponsesFrames(FrameOutput output)
{
    private long _number;

    /// <summary>Begins to number anew.</summary>
    public void Restart() => _number = 0;

    public void Write(string type, Action<Utf8JsonWriter> writeMembers) => output.Write(type, writer =>
    {
        writer.WriteString("type"u8, type);
        writer.WriteNumber("sequence_number"u8, _number++);
        writeMembers(writer);
    });

    /// <summary>Writes an error in both of its forms, as each reader knows one of them.</summary>
    public void WriteError(ProviderException error) => Write("error", writer =>
    {
        writer.WriteString("code"u8, error.Code);
        writer.WriteString("message"u8, error.ProviderMessage ?? "");
        writer.WriteNull("param"u8);
        OpenAIChatErrorWriter.WriteMembers(writer, error, isInBand: true);
    });
}
