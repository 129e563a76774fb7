namespace Streamline.Protocols.GeminiInteractions;

/// <summary>Gemini's Interactions API, streamed as server-sent events.</summary>
internal sealed class InteractionsProtocol : StreamProtocol
{
    public const string ProtocolName = "gemini-interactions";

    public override string Name => ProtocolName;

    public override Uri DefaultBaseAddress { get; } = new("https://generativelanguage.googleapis.com/v1beta/");

    public override string ContentType => "text/event-stream";

    internal override string RequestPath => "interactions";

    public override bool CanReadRequests => true;

    private protected override string? ApiKeyHeader => "x-goog-api-key";

    internal override bool IsMark(PayloadValue payload) => payload.Text("event_type"u8) is { } type
        && (type.StartsWith("interaction.", StringComparison.Ordinal) || type.StartsWith("step.", StringComparison.Ordinal));

    private protected override ResponseWriter CreateResponseWriter(FrameOutput output, ResponseStarted response, bool isOwn) => new InteractionsResponseWriter(output, response, isOwn);

    private protected override void WriteErrorMembers(Utf8JsonWriter writer, ProviderException error) => InteractionsErrorWriter.WriteMember(writer, error);

    private protected override void WriteInBandError(FrameOutput output, ProviderException error) =>
        new InteractionsFrames(output).Write("error", writer => WriteErrorMembers(writer, error));

    private protected override StreamRequest ReadRequestCore(JsonElement body) => InteractionsRequestReader.Read(body);

    private protected override void WriteRequestMembers(Utf8JsonWriter writer, OutgoingRequest request) => InteractionsRequestWriter.Write(writer, request);

    private protected override ConversationRules GetConversationRules(StreamRequest request, string? model) => InteractionsConversation.Rules;

    private protected override bool IsContinued(StreamRequest request) => InteractionsConversation.IsContinued(request);

    internal override (string Path, string Query)? GetContinuation(StreamRequest request) => ContinuationOf(request)?.ToAddress();

    internal override StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId) => new InteractionsEventDecoder(options, requestId);

    internal override StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId, StreamRequest request) =>
        new InteractionsEventDecoder(options, requestId, ContinuationOf(request), isBackground: IsBackground(request));

    private static bool IsBackground(StreamRequest request) =>
        request.ExtraBody?["background"] is { } background ? background.GetValueKind() == JsonValueKind.True : request.Options?.AllowBackgroundResponses == true;

    private static InteractionsContinuation? ContinuationOf(StreamRequest request) =>
        request.Options?.ContinuationToken is { } token ? InteractionsContinuation.Read(token) : null;
}
