namespace Streamline.Protocols;

/// <content>Anthropic's Messages API.</content>
public static partial class StreamProtocols
{
    /// <summary>Gets the wire of Anthropic's Messages API, which other providers offer too.</summary>
    public static StreamProtocol Anthropic { get; } = new AnthropicProtocol();
}
