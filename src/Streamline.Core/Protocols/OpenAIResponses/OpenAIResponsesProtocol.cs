using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.OpenAIChat;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>OpenAI's Responses API, streamed as server-sent events.</summary>
internal sealed class OpenAIResponsesProtocol : StreamProtocol
{
    public const string WireName = "openai-responses";

    public override string Name => WireName;

    public override Uri DefaultBaseAddress => StreamProtocols.OpenAIChat.DefaultBaseAddress;

    public override string ContentType => "text/event-stream";

    internal override string RequestPath => "responses";

    public override StreamEventEncoder CreateEncoder() => new OpenAIResponsesEventEncoder();

    public override void WriteErrorBody(ProviderException error, IBufferWriter<byte> output) => StreamProtocols.OpenAIChat.WriteErrorBody(error, output);

    public override bool CanReadRequests => true;

    private protected override StreamRequest ReadRequestCore(JsonElement body) => OpenAIResponsesRequestReader.Read(body);

    private protected override void WriteRequestBodyCore(
        StreamRequest request, IReadOnlyList<ChatMessage> messages, StreamRequestDefaults defaults, IBufferWriter<byte> output) =>
        OpenAIResponsesRequestWriter.Write(request, messages, defaults, output);

    private protected override ConversationRules GetConversationRules(string? model) => OpenAIResponsesConversation.Rules;

    private protected override bool IsContinued(StreamRequest request) => OpenAIResponsesConversation.IsContinued(request);

    internal override void WriteRequestHeaders(HttpRequestHeaders headers, string? apiKey) => StreamProtocols.OpenAIChat.WriteRequestHeaders(headers, apiKey);

    internal override (string Path, string Query)? GetContinuation(StreamRequest request) => Continuation(request)?.ToAddress();

    internal override StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId) => new OpenAIResponsesEventDecoder(options, requestId);

    internal override StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId, StreamRequest request) =>
        new OpenAIResponsesEventDecoder(options, requestId, Continuation(request));

    internal override string? ReadRequestId(HttpResponseHeaders headers) => StreamProtocols.OpenAIChat.ReadRequestId(headers);

    private static OpenAIResponsesContinuation? Continuation(StreamRequest request) =>
        request.Options?.ContinuationToken is { } token ? OpenAIResponsesContinuation.Read(token) : null;
}
