using Streamline.Protocols.Ollama;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols;

public static partial class StreamProtocols
{
    /// <summary>Gets the wire of Ollama's own API, <c>/api/chat</c>.</summary>
    /// <remarks>
    /// A server on this machine wants no key; where one is set, it goes as a bearer token. What Ollama takes beyond the common options, such as
    /// <c>keep_alive</c>, goes into <see cref="StreamRequest.ExtraBody"/>; a member <c>options</c> there replaces those that are written.
    /// Answers of <c>/api/generate</c> can be read, but not asked for.
    /// </remarks>
    public static StreamProtocol Ollama { get; } = new OllamaProtocol();
}
