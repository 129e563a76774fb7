using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.GeminiInteractions;

/// <summary>Gemini's Interactions API, streamed as server-sent events.</summary>
internal sealed class InteractionsProtocol : StreamProtocol
{
    public const string ProtocolName = "gemini-interactions";

    public override string Name => ProtocolName;

    public override Uri DefaultBaseAddress { get; } = new("https://generativelanguage.googleapis.com/v1beta/");

    public override string ContentType => "text/event-stream";

    internal override string RequestPath => "interactions";

    public override StreamEventEncoder CreateEncoder()
    {
        var output = new FrameOutput(FrameFormat);
        return new ProtocolEncoder(
            ProtocolName,
            output,
            (response, isOwn) => new InteractionsResponseWriter(output, response, isOwn),
            error => new InteractionsFrames(output).Write("error", writer => InteractionsErrorWriter.WriteMember(writer, error)));
    }

    public override void WriteErrorBody(ProviderException error, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(output);
        JsonWriting.WriteObject(output, writer => InteractionsErrorWriter.WriteMember(writer, error));
    }

    public override bool CanReadRequests => true;

    private protected override StreamRequest ReadRequestCore(JsonElement body) => InteractionsRequestReader.Read(body);

    private protected override void WriteRequestBodyCore(
        StreamRequest request, IReadOnlyList<ChatMessage> messages, StreamRequestDefaults defaults, IBufferWriter<byte> output) =>
        InteractionsRequestWriter.Write(request, messages, defaults, output);

    private protected override ConversationRules GetConversationRules(string? model) => InteractionsConversation.Rules;

    private protected override bool IsContinued(StreamRequest request) => InteractionsConversation.IsContinued(request);

    internal override void WriteRequestHeaders(HttpRequestHeaders headers, string? apiKey)
    {
        if (!string.IsNullOrEmpty(apiKey))
        {
            headers.Add("x-goog-api-key", apiKey);
        }
    }

    internal override (string Path, string Query)? GetContinuation(StreamRequest request) => ContinuationOf(request)?.ToAddress();

    internal override StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId) => new InteractionsEventDecoder(options, requestId);

    internal override StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId, StreamRequest request) =>
        new InteractionsEventDecoder(options, requestId, ContinuationOf(request), isBackground: IsBackground(request));

    // Google gives none; a proxy in front of it may.
    internal override string? ReadRequestId(HttpResponseHeaders headers) =>
        headers.NonValidated.TryGetValues("x-request-id", out var values) && values.ToString() is { Length: > 0 } value ? value : null;

    private static bool IsBackground(StreamRequest request) =>
        request.ExtraBody?["background"] is { } background ? background.GetValueKind() == JsonValueKind.True : request.Options?.AllowBackgroundResponses == true;

    private static InteractionsContinuation? ContinuationOf(StreamRequest request) =>
        request.Options?.ContinuationToken is { } token ? InteractionsContinuation.Read(token) : null;
}
