using System.Net;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>OpenAI Chat Completions, and everything compatible with it.</summary>
/// <param name="server">What is known of the server.</param>
internal sealed class OpenAIChatProtocol(OpenAIChatServer server) : StreamProtocol
{
    public const string ProtocolName = "openai";

    public override string Name => ProtocolName;

    public override string Provider => Server.Name;

    public OpenAIChatServer Server { get; } = server;

    public override Uri DefaultBaseAddress => Server.BaseAddress;

    public override string ContentType => "text/event-stream";

    internal override bool NeedsApiKey => Server.NeedsApiKey;

    internal override string RequestPath => "chat/completions";

    public override bool CanReadRequests => true;

    private protected override string? ApiKeyHeader => Server.ApiKeyHeader;

    internal override bool IsMark(PayloadValue payload) => payload.Array("choices"u8).Exists;

    // Azure and OpenRouter name the id otherwise.
    private protected override string[] RequestIdHeaders => ["x-request-id", "apim-request-id", "x-generation-id"];

    private protected override ResponseWriter CreateResponseWriter(FrameOutput output, ResponseStarted response, bool isOwn) => new OpenAIChatResponseWriter(output, response, isOwn);

    private protected override void WriteErrorMembers(Utf8JsonWriter writer, ProviderException error) => OpenAIChatErrorWriter.WriteMembers(writer, error, isInBand: false);

    private protected override void WriteInBandError(FrameOutput output, ProviderException error) =>
        output.Write(writer => OpenAIChatErrorWriter.WriteMembers(writer, error, isInBand: true));

    private protected override StreamRequest ReadRequestCore(JsonElement body) => OpenAIChatRequestReader.Read(body);

    private protected override void WriteRequestMembers(Utf8JsonWriter writer, OutgoingRequest request)
    {
        if (!request.Request.ContinuesLastMessage)
        {
            OpenAIChatRequestWriter.Write(writer, request, Server);
            return;
        }

        OpenAIChatRequestWriter.Write(writer, request with { Messages = [.. request.Messages.SkipLast(1), Prefill.Mark(request.Messages[^1], ProtocolName)] }, Server);
        foreach (var (name, value) in Prefill.BodyMembers)
        {
            writer.WriteBoolean(name, value);
        }
    }

    private protected override ConversationRules GetConversationRules(StreamRequest request, string? model) => Server.Conversation;

    internal override PrefillRule Prefill => Server.Prefill;

    internal override StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId) => new OpenAIChatEventDecoder(options, requestId, provider: Provider);
}
