namespace Streamline.Protocols.Ollama;

/// <summary>How what a line says besides the answer is named: by the protocol's own name, with a prefix within the message.</summary>
internal static class OllamaMetadata
{
    public const string MessagePrefix = "message.";
}
