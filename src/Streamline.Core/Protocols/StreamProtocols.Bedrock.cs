using Streamline.Protocols.Bedrock;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols;

/// <content>Amazon Bedrock.</content>
public static partial class StreamProtocols
{
    /// <summary>Gets the wire of Amazon Bedrock's <c>ConverseStream</c>, which is the same for all models that Bedrock offers.</summary>
    /// <remarks>
    /// <para>
    /// The model is a part of the address: its id, or the ARN of an inference profile. The key of the client is a Bedrock API key, and its region is
    /// us-east-1 unless <c>UseBedrock</c> on the options says another; with credentials, that method signs requests in place of a key.
    /// </para>
    /// <para>
    /// Reasoning goes back with its signature or encrypted; without either it is left out. What a single model takes, such as a budget of reasoning or
    /// <c>top_k</c>, goes into the member <c>additionalModelRequestFields</c> of <see cref="StreamRequest.ExtraBody"/>, and <c>guardrailConfig</c> beside it.
    /// </para>
    /// <para>
    /// A tool or content whose additional properties hold an object under <see cref="ContentProperties.RawBlock"/> of <c>bedrock</c> is sent as that
    /// object: <c>{"cachePoint":{"type":"default"}}</c> as a content of its own marks what is to be cached, in a system message too.
    /// </para>
    /// </remarks>
    public static StreamProtocol BedrockConverse { get; } = new BedrockConverseProtocol();

    /// <summary>Gets the wire of Anthropic's Messages API on Amazon Bedrock, by <c>InvokeModelWithResponseStream</c>.</summary>
    /// <remarks>
    /// Requests and events are those of <see cref="Anthropic"/>, so that a conversation can move between the two; address and key are those of
    /// <see cref="BedrockConverse"/>. Betas go into the member <c>anthropic_beta</c> of <see cref="StreamRequest.ExtraBody"/>, and a guardrail into
    /// the headers of the client. The streams of models that are not Anthropic's have forms of their own, which this wire does not read.
    /// </remarks>
    public static StreamProtocol BedrockAnthropic { get; } = new BedrockAnthropicProtocol();
}
