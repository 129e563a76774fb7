using System.Net;
using System.Net.Http.Headers;

namespace Streamline.Protocols.Cohere;

/// <summary>Cohere's Chat API, version 2, streamed as server-sent events.</summary>
internal sealed class CohereProtocol : StreamProtocol
{
    public const string ProtocolName = "cohere";

    // The text contains a word that the provider does not allow. Another attempt does not change that.
    private const HttpStatusCode DenyListed = (HttpStatusCode)498;

    public override string Name => ProtocolName;

    public override Uri DefaultBaseAddress { get; } = new("https://api.cohere.com/");

    public override string ContentType => "text/event-stream";

    public override bool CanReadRequests => true;

    internal override string RequestPath => "v2/chat";

    private protected override string[] RequestIdHeaders => ["x-debug-trace-id"];

    internal override bool IsMark(PayloadValue payload) => payload.Text("type"u8) is "message-start" or "content-start" or "content-delta";

    private protected override ResponseWriter CreateResponseWriter(FrameOutput output, ResponseStarted response, bool isOwn) => new CohereResponseWriter(output, response, isOwn);

    private protected override void WriteErrorMembers(Utf8JsonWriter writer, ProviderException error) => CohereErrorWriter.WriteMembers(writer, error);

    private protected override void WriteInBandError(FrameOutput output, ProviderException error) => output.Write("message-end", writer => CohereErrorWriter.WriteEnd(writer, error));

    private protected override StreamRequest ReadRequestCore(JsonElement body) => CohereRequestReader.Read(body);

    private protected override void WriteRequestMembers(Utf8JsonWriter writer, OutgoingRequest request) => CohereRequestWriter.Write(writer, request);

    private protected override ConversationRules GetConversationRules(StreamRequest request, string? model) => CohereConversation.Rules;

    internal override StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId) => new CohereEventDecoder(options, requestId);

    private protected override bool? ShouldRetry(HttpStatusCode statusCode, HttpResponseHeaders headers, TimeSpan? wait) => statusCode == DenyListed ? false : null;
}
