using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.AI;
using Streamline.Framing;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Gemini;

/// <summary>Gemini's <c>streamGenerateContent</c>, of the Gemini API and of Vertex AI.</summary>
/// <param name="format">How the answer is asked for and framed: server-sent events or a JSON array.</param>
internal sealed class GeminiProtocol(FrameFormat format) : StreamProtocol
{
    public const string WireName = "gemini";

    private const string Method = ":streamGenerateContent";

    public override string Name => WireName;

    public override Uri DefaultBaseAddress { get; } = new("https://generativelanguage.googleapis.com/v1beta/");

    public override string ContentType => format == FrameFormat.Sse ? "text/event-stream" : "application/json";

    internal override string RequestPath => "models/{model}" + Method;

    internal override string RequestQuery => format == FrameFormat.Sse ? "alt=sse" : "";

    internal override FrameFormat FrameFormat => format;

    public override StreamEventEncoder CreateEncoder() => new GeminiEventEncoder(format);

    public override void WriteErrorBody(ProviderException error, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(output);
        GeminiErrorWriter.Write(error, output);
    }

    // A name with a slash is a resource of its own, such as that of a tuned model.
    internal override string GetRequestPath(StreamRequest request, StreamRequestDefaults defaults)
    {
        var model = RequestMembers.RequireModel(request, defaults);
        var resource = model.Contains('/', StringComparison.Ordinal) ? model : "models/" + model;
        return string.Join('/', resource.Split('/').Select(Uri.EscapeDataString)) + Method;
    }

    private protected override void WriteRequestBodyCore(
        StreamRequest request, IReadOnlyList<ChatMessage> messages, StreamRequestDefaults defaults, IBufferWriter<byte> output) =>
        GeminiRequestWriter.Write(request, messages, defaults, output);

    private protected override ConversationRules GetConversationRules(string? model) => GeminiConversation.RulesFor(model);

    internal override void WriteRequestHeaders(HttpRequestHeaders headers, string? apiKey)
    {
        if (!string.IsNullOrEmpty(apiKey))
        {
            headers.Add("x-goog-api-key", apiKey);
        }
    }

    internal override StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId) => new GeminiEventDecoder(options, requestId);

    internal override ProviderException ReadError(HttpStatusCode statusCode, HttpResponseHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        ErrorReader.Read(body).ToException(statusCode, ErrorContext.Of(WireName, ReadRequestId(headers), headers, now));

    internal override ProviderException? ReadInBandError(ReadOnlySpan<byte> text, string? requestId) =>
        ErrorReader.TryRead(text)?.ToInBandException(ErrorContext.InBand(WireName, requestId));

    // Gemini gives none; a proxy in front of it may.
    internal override string? ReadRequestId(HttpResponseHeaders headers) =>
        headers.NonValidated.TryGetValues("x-request-id", out var values) && values.ToString() is { Length: > 0 } value ? value : null;
}
