using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>OpenAI Chat Completions, and everything compatible with it.</summary>
/// <param name="server">What is known of the server.</param>
internal sealed class OpenAIChatProtocol(OpenAIChatServer server) : StreamProtocol
{
    public const string WireName = "openai";

    public override string Name => WireName;

    public override string Provider => Server.Name;

    public OpenAIChatServer Server { get; } = server;

    public override Uri DefaultBaseAddress => Server.BaseAddress;

    public override string ContentType => "text/event-stream";

    internal override bool NeedsApiKey => Server.NeedsApiKey;

    internal override string RequestPath => "chat/completions";

    public override StreamEventEncoder CreateEncoder() => new OpenAIChatEventEncoder();

    public override void WriteErrorBody(ProviderException error, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(output);
        OpenAIChatErrorWriter.Write(error, output, isInBand: false);
    }

    public override bool CanReadRequests => true;

    private protected override StreamRequest ReadRequestCore(JsonElement body) => OpenAIChatRequestReader.Read(body);

    private protected override void WriteRequestBodyCore(
        StreamRequest request, IReadOnlyList<ChatMessage> messages, StreamRequestDefaults defaults, IBufferWriter<byte> output) =>
        OpenAIChatRequestWriter.Write(request, messages, defaults, Server, output);

    private protected override ConversationRules GetConversationRules(string? model) => Server.Conversation;

    internal override void WriteRequestHeaders(HttpRequestHeaders headers, string? apiKey)
    {
        if (string.IsNullOrEmpty(apiKey))
        {
            return;
        }

        if (Server.ApiKeyHeader is { } header)
        {
            headers.Add(header, apiKey);
        }
        else
        {
            headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        }
    }

    internal override StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId) => new OpenAIChatEventDecoder(options, requestId, provider: Provider);

    // Azure and OpenRouter name the id otherwise.
    internal override string? ReadRequestId(HttpResponseHeaders headers) =>
        Header(headers, "x-request-id") ?? Header(headers, "apim-request-id") ?? Header(headers, "x-generation-id");

    private static string? Header(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) && values.ToString() is { Length: > 0 } value ? value : null;
}
