namespace Streamline.Protocols.Ollama;

/// <summary>Writes an error as Ollama does: an object whose <c>error</c> is a text.</summary>
internal static class OllamaErrorWriter
{
    // An empty text is not read as an error.
    private const string NoMessage = "unknown error";

    /// <summary>Writes the members of an error, as the body of an answer and as a line inside a stream. Clients of Ollama ignore those that it does not write itself.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, ProviderException error)
    {
        writer.WriteString("error"u8, string.IsNullOrEmpty(error.ProviderMessage) ? error.Code ?? NoMessage : error.ProviderMessage);
        writer.WriteCount("status"u8, (int?)error.StatusCode);

        writer.WriteText("code"u8, error.Code);
    }
}
