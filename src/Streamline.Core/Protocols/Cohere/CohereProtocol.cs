using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Cohere;

/// <summary>Cohere's Chat API, version 2, streamed as server-sent events.</summary>
internal sealed class CohereProtocol : StreamProtocol
{
    public const string WireName = "cohere";

    // The text contains a word that the provider does not allow. Another attempt does not change that.
    private const HttpStatusCode DenyListed = (HttpStatusCode)498;

    public override string Name => WireName;

    public override Uri DefaultBaseAddress { get; } = new("https://api.cohere.com/");

    public override string ContentType => "text/event-stream";

    public override bool CanReadRequests => true;

    internal override string RequestPath => "v2/chat";

    public override StreamEventEncoder CreateEncoder()
    {
        var output = new FrameOutput(FrameFormat);
        return new ProtocolEncoder(
            WireName, output, (response, isOwn) => new CohereResponseWriter(output, response, isOwn), error => output.Write("message-end", writer => CohereErrorWriter.WriteEnd(writer, error)));
    }

    public override void WriteErrorBody(ProviderException error, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(output);
        CohereErrorWriter.WriteBody(error, output);
    }

    private protected override StreamRequest ReadRequestCore(JsonElement body) => CohereRequestReader.Read(body);

    private protected override void WriteRequestBodyCore(
        StreamRequest request, IReadOnlyList<ChatMessage> messages, StreamRequestDefaults defaults, IBufferWriter<byte> output) =>
        CohereRequestWriter.Write(request, messages, defaults, output);

    private protected override ConversationRules GetConversationRules(string? model) => CohereConversation.Rules;

    internal override void WriteRequestHeaders(HttpRequestHeaders headers, string? apiKey)
    {
        if (!string.IsNullOrEmpty(apiKey))
        {
            headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        }
    }

    internal override StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId) => new CohereEventDecoder(options, requestId);

    internal override ProviderException ReadError(HttpStatusCode statusCode, HttpResponseHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var context = ErrorContext.Of(WireName, ReadRequestId(headers), headers, now);
        return ErrorReader.Read(body).ToException(statusCode, context with { ShouldRetry = context.ShouldRetry ?? (statusCode == DenyListed ? false : null) });
    }

    internal override string? ReadRequestId(HttpResponseHeaders headers) =>
        headers.NonValidated.TryGetValues("x-debug-trace-id", out var values) && values.ToString() is { Length: > 0 } id ? id : null;
}
