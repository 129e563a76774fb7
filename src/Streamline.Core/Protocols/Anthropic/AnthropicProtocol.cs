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
        AnthropicErrorWriter.WriteBody(error, output);
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
        HttpStatusCode statusCode, HttpResponseHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        // The provider itself always says how long a rate limit lasts. When it does not, a spending limit is the cause.
        var isSpendingLimit = statusCode == HttpStatusCode.TooManyRequests && RetryAfterHeader.Read(headers, now) is null && ReadRequestId(headers) is not null;
        return ErrorReader.Read(body).ToException(
            statusCode,
            new ErrorContext(
                Provider,
                OtherName,
                ReadRequestId(headers),
                RetryAfterHeader.Read(headers, now),
                RetryAfterHeader.ShouldRetry(headers) ?? (isSpendingLimit ? false : null)));
    }

    internal override string? ReadRequestId(HttpResponseHeaders headers) =>
        headers.NonValidated.TryGetValues("request-id", out var values) || headers.NonValidated.TryGetValues("x-amzn-requestid", out values)
            ? values.ToString()
            : null;
}
