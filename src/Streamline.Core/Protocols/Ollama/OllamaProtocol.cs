using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.AI;
using Streamline.Framing;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Ollama;

/// <summary>Ollama's own API, streamed as lines of JSON.</summary>
internal sealed class OllamaProtocol : StreamProtocol
{
    public const string WireName = "ollama";

    public override string Name => WireName;

    public override Uri DefaultBaseAddress { get; } = new("http://localhost:11434/");

    public override string ContentType => "application/x-ndjson";

    internal override string RequestPath => "api/chat";

    internal override bool NeedsApiKey => false;

    internal override bool TakesVersionInPath => false;

    internal override FrameFormat FrameFormat => FrameFormat.Ndjson;

    public override StreamEventEncoder CreateEncoder() => new OllamaEventEncoder();

    public override void WriteErrorBody(ProviderException error, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(output);
        OllamaErrorWriter.Write(error, output);
    }

    private protected override void WriteRequestBodyCore(
        StreamRequest request, IReadOnlyList<ChatMessage> messages, StreamRequestDefaults defaults, IBufferWriter<byte> output) =>
        OllamaRequestWriter.Write(request, messages, defaults, output);

    private protected override ConversationRules GetConversationRules(string? model) => OllamaMessageWriter.Rules;

    internal override void WriteRequestHeaders(HttpRequestHeaders headers, string? apiKey)
    {
        if (!string.IsNullOrEmpty(apiKey))
        {
            headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        }
    }

    internal override StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId) => new OllamaEventDecoder(options, requestId);

    internal override ProviderException ReadError(HttpStatusCode statusCode, HttpResponseHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        // A 500 is a model that cannot be run, which another attempt rarely changes.
        var context = ErrorContext.Of(WireName, ReadRequestId(headers), headers, now);
        return ErrorReader.Read(body).ToException(statusCode, context with { ShouldRetry = context.ShouldRetry ?? (statusCode == HttpStatusCode.InternalServerError ? false : null) });
    }

    internal override ProviderException? ReadInBandError(ReadOnlySpan<byte> text, string? requestId) =>
        ErrorReader.TryRead(text)?.ToInBandException(ErrorContext.InBand(WireName, requestId));

    // Ollama gives none; a proxy in front of it may.
    internal override string? ReadRequestId(HttpResponseHeaders headers) =>
        headers.NonValidated.TryGetValues("x-request-id", out var values) && values.ToString() is { Length: > 0 } value ? value : null;
}
