using Streamline.Protocols.Anthropic;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols;

/// <content>Anthropic's Messages API.</content>
public static partial class StreamProtocols
{
    /// <summary>Gets the wire of Anthropic's Messages API, which other providers offer too.</summary>
    /// <remarks>
    /// <para>
    /// A request that sets no limit on output tokens asks for 8192, as the wire demands one. Effort of reasoning becomes adaptive
    /// thinking with that effort; a budget of tokens, which older models want, goes into <see cref="StreamRequest.ExtraBody"/>. Reasoning without a
    /// signature and blocks that only another provider understands are left out of a conversation.
    /// </para>
    /// <para>
    /// A tool or content whose additional properties hold a block under <see cref="ContentProperties.RawBlock"/> of <c>anthropic</c> is sent as that
    /// block: so a conversation takes along what the model's exchange types have no member for, such as a cache breakpoint.
    /// </para>
    /// </remarks>
    public static StreamProtocol Anthropic { get; } = new AnthropicProtocol();
}
