namespace Streamline.Protocols.Bedrock;

/// <summary>Bedrock's <c>ConverseStream</c>, which is the same for all models.</summary>
internal sealed class BedrockConverseProtocol() : BedrockProtocol("converse-stream")
{
    public const string ProtocolName = "bedrock";

    public override string Name => ProtocolName;

    private protected override ResponseWriter CreateResponseWriter(FrameOutput output, ResponseStarted response, bool isOwn) => new BedrockResponseWriter(output, response, isOwn);

    private protected override void WriteRequestMembers(Utf8JsonWriter writer, OutgoingRequest request) => BedrockRequestWriter.Write(writer, request);

    private protected override ConversationRules GetConversationRules(StreamRequest request, string? model) => BedrockConversation.RulesFor(model);

    internal override PrefillRule Prefill => BedrockConversation.Prefill;

    internal override StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId) => new BedrockEventDecoder(options, requestId);
}
