using System.Net;
using System.Net.Http.Headers;
using Streamline.Framing;

namespace Streamline.Protocols.Ollama;

/// <summary>Ollama's own API, streamed as lines of JSON.</summary>
internal sealed class OllamaProtocol : StreamProtocol
{
    public const string ProtocolName = "ollama";

    public override string Name => ProtocolName;

    public override Uri DefaultBaseAddress { get; } = new("http://localhost:11434/");

    public override string ContentType => "application/x-ndjson";

    internal override string RequestPath => "api/chat";

    internal override bool NeedsApiKey => false;

    internal override bool TakesVersionInPath => false;

    internal override FrameFormat FrameFormat => FrameFormat.Ndjson;

    internal override bool IsMark(PayloadValue payload) => payload.Member("done"u8).GetBoolean() is not null && (payload.Object("message"u8).Exists || payload.Member("response"u8).IsString);

    private protected override ResponseWriter CreateResponseWriter(FrameOutput output, ResponseStarted response, bool isOwn) => new OllamaResponseWriter(output, response, isOwn);

    private protected override void WriteErrorMembers(Utf8JsonWriter writer, ProviderException error) => OllamaErrorWriter.WriteMembers(writer, error);

    private protected override void WriteRequestMembers(Utf8JsonWriter writer, OutgoingRequest request) => OllamaRequestWriter.Write(writer, request);

    private protected override ConversationRules GetConversationRules(StreamRequest request, string? model) => OllamaMessageWriter.Rules;

    internal override StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId) => new OllamaEventDecoder(options, requestId);

    // A 500 is a model that cannot be run, which another attempt rarely changes.
    private protected override bool? ShouldRetry(HttpStatusCode statusCode, HttpResponseHeaders headers, TimeSpan? wait) => statusCode == HttpStatusCode.InternalServerError ? false : null;
}
