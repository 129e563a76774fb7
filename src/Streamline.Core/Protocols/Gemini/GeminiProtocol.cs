using Streamline.Framing;

namespace Streamline.Protocols.Gemini;

/// <summary>Gemini's <c>streamGenerateContent</c>, of the Gemini API and of Vertex AI.</summary>
/// <param name="format">How the answer is asked for and framed: server-sent events or a JSON array.</param>
internal sealed class GeminiProtocol(FrameFormat format) : StreamProtocol
{
    public const string ProtocolName = "gemini";

    private const string Method = ":streamGenerateContent";

    public override string Name => ProtocolName;

    public override Uri DefaultBaseAddress { get; } = new("https://generativelanguage.googleapis.com/v1beta/");

    public override string ContentType => format == FrameFormat.Sse ? "text/event-stream" : "application/json";

    internal override string RequestPath => "models/{model}" + Method;

    internal override string RequestQuery => format == FrameFormat.Sse ? "alt=sse" : "";

    internal override FrameFormat FrameFormat => format;

    private protected override string? ApiKeyHeader => "x-goog-api-key";

    internal override bool IsMark(PayloadValue payload) => payload.Array("candidates"u8).Exists;

    private protected override ResponseWriter CreateResponseWriter(FrameOutput output, ResponseStarted response, bool isOwn) => new GeminiResponseWriter(output, response, isOwn);

    private protected override void WriteErrorMembers(Utf8JsonWriter writer, ProviderException error) => GeminiErrorWriter.WriteMembers(writer, error);

    private protected override void WriteRequestMembers(Utf8JsonWriter writer, OutgoingRequest request) => GeminiRequestWriter.Write(writer, request);

    private protected override ConversationRules GetConversationRules(StreamRequest request, string? model) => GeminiConversation.RulesFor(model);

    internal override PrefillRule Prefill => GeminiConversation.Prefill;

    // A name with a slash is a resource of its own, such as that of a tuned model.
    internal override string GetRequestPath(StreamRequest request, StreamRequestDefaults defaults)
    {
        var model = OutgoingRequest.RequireModel(request, defaults);
        var parts = (model.Contains('/', StringComparison.Ordinal) ? model : "models/" + model).Split('/');
        if (Array.Exists(parts, part => part is "" or "." or ".."))
        {
            throw new ArgumentException($"Found the model '{model}', expected a name or the path of a resource, without empty parts and without '.' and '..'.", nameof(request));
        }

        return string.Join('/', parts.Select(Uri.EscapeDataString)) + Method;
    }

    internal override StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId) => new GeminiEventDecoder(options, requestId);
}
