using System.Buffers;
using Streamline.Framing;
using Streamline.Protocols.Anthropic;

namespace Streamline.Protocols.Bedrock;

/// <summary>Anthropic's Messages API as Bedrock's <c>InvokeModelWithResponseStream</c> carries it.</summary>
internal sealed class BedrockAnthropicProtocol() : BedrockProtocol("invoke-with-response-stream")
{
    public const string ProtocolName = "bedrock-anthropic";

    private const string Version = "bedrock-2023-05-31";

    public override string Name => ProtocolName;

    // The events are those of the Messages API, under its name.
    public override StreamEventEncoder CreateEncoder()
    {
        var output = new BedrockChunkOutput();
        return new ProtocolEncoder(AnthropicProtocol.ProtocolName, output, (response, isOwn) => CreateResponseWriter(output, response, isOwn), error => WriteInBandError(output, error));
    }

    private protected override ResponseWriter CreateResponseWriter(FrameOutput output, ResponseStarted response, bool isOwn) => new AnthropicResponseWriter(output, response, isOwn);

    // The path names the model, and says that the answer is to be streamed.
    private protected override void WriteRequestMembers(Utf8JsonWriter writer, OutgoingRequest request)
    {
        writer.WriteString("anthropic_version"u8, Version);
        AnthropicRequestWriter.WriteMembers(writer, request, asksForStream: false);
    }

    private protected override ConversationRules GetConversationRules(StreamRequest request, string? model) => AnthropicConversation.RulesFor(model);

    internal override PrefillRule Prefill => AnthropicConversation.Prefill;

    internal override StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId) =>
        new BedrockAnthropicEventDecoder(options, requestId);
}

/// <summary>Writes each payload inside of a chunk of <c>InvokeModelWithResponseStream</c>.</summary>
internal sealed class BedrockChunkOutput() : FrameOutput(FrameFormat.EventStream)
{
    public override void Write(string name, ReadOnlySpan<byte> payload)
    {
        var bytes = payload.ToArray();
        var chunk = new ArrayBufferWriter<byte>();
        JsonWriting.WriteObject(chunk, writer => writer.WriteBase64String("bytes"u8, bytes));
        base.Write("chunk", chunk.WrittenSpan);
    }
}
