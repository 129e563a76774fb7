using System.Buffers;
using System.Text.Json;

namespace Streamline.Protocols.Ollama;

/// <summary>Writes an error as Ollama does: an object whose <c>error</c> is a text.</summary>
internal static class OllamaErrorWriter
{
    // An empty text is not read as an error.
    private const string NoMessage = "unknown error";

    /// <summary>Writes the body of an error, which is also the line of one inside a stream. Clients of Ollama ignore the members that it does not write itself.</summary>
    public static void Write(ProviderException error, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        writer.WriteString("error"u8, string.IsNullOrEmpty(error.ProviderMessage) ? error.Code ?? NoMessage : error.ProviderMessage);
        if (error.StatusCode is { } status)
        {
            writer.WriteNumber("status"u8, (int)status);
        }

        if (error.Code is { } code)
        {
            writer.WriteString("code"u8, code);
        }

        writer.WriteEndObject();
    }
}
