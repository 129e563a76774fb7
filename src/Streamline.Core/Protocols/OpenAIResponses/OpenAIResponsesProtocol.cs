using System.Net;
using Streamline.Protocols.OpenAIChat;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>OpenAI's Responses API, streamed as server-sent events.</summary>
internal sealed class OpenAIResponsesProtocol : StreamProtocol
{
    public const string ProtocolName = "openai-responses";

    public override string Name => ProtocolName;

    public override Uri DefaultBaseAddress => StreamProtocols.OpenAIChat.DefaultBaseAddress;

    public override string ContentType => "text/event-stream";

    internal override string RequestPath => "responses";

    public override bool CanReadRequests => true;

    // The events of one stream are numbered, the error among them.
    public override StreamEventEncoder CreateEncoder()
    {
        var output = new FrameOutput(FrameFormat);
        var frames = new OpenAIResponsesFrames(output);
        return new ProtocolEncoder(ProtocolName, output, (response, isOwn) => new OpenAIResponsesResponseWriter(output, frames, response, isOwn), frames.WriteError);
    }

    internal override bool IsMark(PayloadValue payload) => payload.Text("type"u8)?.StartsWith("response.", StringComparison.Ordinal) == true;

    private protected override ResponseWriter CreateResponseWriter(FrameOutput output, ResponseStarted response, bool isOwn) =>
        new OpenAIResponsesResponseWriter(output, new OpenAIResponsesFrames(output), response, isOwn);

    private protected override void WriteErrorMembers(Utf8JsonWriter writer, ProviderException error) => OpenAIChatErrorWriter.WriteMembers(writer, error, isInBand: false);

    private protected override StreamRequest ReadRequestCore(JsonElement body) => OpenAIResponsesRequestReader.Read(body);

    private protected override void WriteRequestMembers(Utf8JsonWriter writer, OutgoingRequest request) => OpenAIResponsesRequestWriter.Write(writer, request);

    private protected override ConversationRules GetConversationRules(StreamRequest request, string? model) => OpenAIResponsesConversation.RulesFor(request);

    private protected override bool IsContinued(StreamRequest request) => OpenAIResponsesConversation.IsContinued(request);

    internal override (string Path, string Query)? GetContinuation(StreamRequest request) => Continuation(request)?.ToAddress();

    internal override StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId) => new OpenAIResponsesEventDecoder(options, requestId);

    internal override StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId, StreamRequest request) =>
        new OpenAIResponsesEventDecoder(options, requestId, Continuation(request));

    private static OpenAIResponsesContinuation? Continuation(StreamRequest request) =>
        request.Options?.ContinuationToken is { } token ? OpenAIResponsesContinuation.Read(token) : null;
}
