using System.Buffers;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Bedrock;

/// <summary>Bedrock's <c>ConverseStream</c>, which is the same for all models.</summary>
internal sealed class BedrockConverseProtocol() : BedrockProtocol("converse-stream")
{
    public const string WireName = "bedrock";

    public override string Name => WireName;

    public override StreamEventEncoder CreateEncoder() => new BedrockEventEncoder();

    private protected override void WriteRequestBodyCore(
        StreamRequest request, IReadOnlyList<ChatMessage> messages, StreamRequestDefaults defaults, IBufferWriter<byte> output) =>
        BedrockRequestWriter.Write(request, messages, defaults, output);

    private protected override ConversationRules GetConversationRules(string? model) => BedrockConversation.RulesFor(model);

    internal override StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId) => new BedrockEventDecoder(options, requestId);
}
