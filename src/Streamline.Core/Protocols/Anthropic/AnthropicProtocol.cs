using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Anthropic;

/// <summary>Anthropic's Messages API, streamed as server-sent events.</summary>
internal sealed class AnthropicProtocol : StreamProtocol
{
    public const string WireName = "anthropic";

    private const string Version = "2023-06-01";

    public override string Name => WireName;

    public override Uri DefaultBaseAddress { get; } = new("https://api.anthropic.com/");

    public override string ContentType => "text/event-stream";

    internal override string RequestPath => "v1/messages";

    public override StreamEventEncoder CreateEncoder() => new AnthropicEventEncoder();

    public override void WriteErrorBody(ProviderException error, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(output);
        AnthropicErrors.WriteBody(error, output);
    }

    public override bool CanReadRequests => true;

    private protected override StreamRequest ReadRequestCore(JsonElement body) => AnthropicRequestReader.Read(body);

    private protected override void WriteRequestBodyCore(
        StreamRequest request, IReadOnlyList<ChatMessage> messages, StreamRequestDefaults defaults, IBufferWriter<byte> output) =>
        AnthropicRequestWriter.Write(request, messages, defaults, output);

    private protected override ConversationRules GetConversationRules(string? model) => AnthropicConversation.RulesFor(model);

    internal override void WriteRequestHeaders(HttpRequestHeaders headers, string? apiKey)
    {
        if (!string.IsNullOrEmpty(apiKey))
        {
            headers.Add("x-api-key", apiKey);
        }

        if (!headers.Contains("anthropic-version"))
        {
            headers.Add("anthropic-version", Version);
        }
    }

    internal override StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId) =>
        new AnthropicEventDecoder(options, requestId);

    internal override ProviderException ReadError(
        HttpStatusCode statusCode, HttpResponseHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        AnthropicErrors.Read(statusCode, headers, body, now);

    internal override ProviderException? ReadInBandError(ReadOnlySpan<byte> text, string? requestId) => AnthropicErrors.TryReadInBand(text, requestId);

    internal override string? ReadRequestId(HttpResponseHeaders headers) => AnthropicErrors.ReadRequestId(headers);
}
