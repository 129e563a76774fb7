using Streamline.Protocols.OpenAIChat;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols;

public static partial class StreamProtocols
{
    /// <summary>Gets the wire of OpenAI's Chat Completions, and of every server that is compatible with it at another base address.</summary>
    /// <remarks>
    /// <see cref="OpenAICompatible"/> has the servers of other makers with their addresses and what they want otherwise.
    /// The limit on output tokens is written as <c>max_completion_tokens</c>; for a server that wants <c>max_tokens</c>, put that
    /// member into <see cref="StreamRequest.ExtraBody"/> and the other is left out.
    /// </remarks>
    public static StreamProtocol OpenAIChat { get; } = new OpenAIChatProtocol(OpenAIChatServer.OpenAI);
}
