using System.Buffers;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Anthropic;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Bedrock;

/// <summary>Anthropic's Messages API as Bedrock's <c>InvokeModelWithResponseStream</c> carries it.</summary>
internal sealed class BedrockAnthropicProtocol() : BedrockProtocol("invoke-with-response-stream")
{
    public const string WireName = "bedrock-anthropic";

    private const string Version = "bedrock-2023-05-31";

    public override string Name => WireName;

    public override StreamEventEncoder CreateEncoder() => new BedrockAnthropicEventEncoder();

    // The path names the model, and says that the answer is to be streamed.
    private protected override void WriteRequestBodyCore(
        StreamRequest request, IReadOnlyList<ChatMessage> messages, StreamRequestDefaults defaults, IBufferWriter<byte> output) =>
        AnthropicRequestWriter.Write(request, messages, defaults, output, static (writer, maxTokens) =>
        {
            writer.WriteString("anthropic_version"u8, Version);
            writer.WriteNumber("max_tokens"u8, maxTokens);
        });

    private protected override ConversationRules GetConversationRules(string? model) => AnthropicConversation.RulesFor(model);

    internal override StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId) =>
        new BedrockAnthropicEventDecoder(options, requestId);
}
