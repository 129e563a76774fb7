using System.Net;
using System.Net.Http.Headers;

namespace Streamline.Protocols.Anthropic;

/// <summary>Anthropic's Messages API, streamed as server-sent events.</summary>
internal sealed class AnthropicProtocol : StreamProtocol
{
    public const string ProtocolName = "anthropic";

    private const string Version = "2023-06-01";

    public override string Name => ProtocolName;

    public override Uri DefaultBaseAddress { get; } = new("https://api.anthropic.com/");

    public override string ContentType => "text/event-stream";

    internal override string RequestPath => "v1/messages";

    internal override bool SupportsOpenSchemas => false;

    public override bool CanReadRequests => true;

    private protected override string? ApiKeyHeader => "x-api-key";

    private protected override string[] RequestIdHeaders => ["request-id", "x-amzn-requestid"];

    internal override bool IsMark(PayloadValue payload) => payload.Text("type"u8) is "message_start" or "content_block_start" or "content_block_delta";

    private protected override ResponseWriter CreateResponseWriter(FrameOutput output, ResponseStarted response, bool isOwn) => new AnthropicResponseWriter(output, response, isOwn);

    private protected override void WriteErrorMembers(Utf8JsonWriter writer, ProviderException error) => AnthropicErrorWriter.WriteMembers(writer, error);

    private protected override void WriteInBandError(FrameOutput output, ProviderException error) => output.Write("error", writer => WriteErrorMembers(writer, error));

    private protected override StreamRequest ReadRequestCore(JsonElement body) => AnthropicRequestReader.Read(body);

    private protected override void WriteRequestMembers(Utf8JsonWriter writer, OutgoingRequest request) => AnthropicRequestWriter.Write(writer, request);

    private protected override ConversationRules GetConversationRules(StreamRequest request, string? model) => AnthropicConversation.RulesFor(model);

    internal override PrefillRule Prefill => AnthropicConversation.Prefill;

    internal override void WriteRequestHeaders(HttpRequestHeaders headers, string? apiKey)
    {
        base.WriteRequestHeaders(headers, apiKey);
        if (!headers.Contains("anthropic-version"))
        {
            headers.Add("anthropic-version", Version);
        }
    }

    internal override StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId) => new AnthropicEventDecoder(options, requestId);

    // The provider itself always says how long a rate limit lasts. When it does not, a spending limit is the cause.
    private protected override bool? ShouldRetry(HttpStatusCode statusCode, HttpResponseHeaders headers, TimeSpan? wait) =>
        statusCode == HttpStatusCode.TooManyRequests && wait is null && ReadRequestId(headers) is not null ? false : null;
}
