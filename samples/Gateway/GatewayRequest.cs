using System.Text.Json;
using Streamline;
using Streamline.Protocols;

namespace GatewaySample;

/// <summary>What a client asks for, and how it wants to be answered.</summary>
/// <param name="Request">The request.</param>
/// <param name="IsStreamed">Whether the client wants a stream instead of one JSON body.</param>
/// <param name="WantsUsage">Whether the stream may hold a chunk about usage, which clients of Chat Completions ask for.</param>
internal sealed record GatewayRequest(StreamRequest Request, bool IsStreamed, bool WantsUsage)
{
    // As deep as the protocol reads it.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = StreamReadOptions.MaxPayloadDepth };

    /// <exception cref="GatewayRequestException">The body is not JSON, or not a request of the protocol.</exception>
    public static async Task<GatewayRequest> ReadAsync(HttpRequest http, StreamProtocol protocol)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(http.Body, Options, http.HttpContext.RequestAborted);
            var body = document.RootElement;
            var request = protocol.ReadRequest(body);
            return new GatewayRequest(request, IsTrue(body, "stream"), protocol.Name != StreamProtocols.OpenAIChat.Name || WantsUsageChunk(body));
        }
        catch (JsonException exception)
        {
            throw new GatewayRequestException($"The body is not JSON: {exception.Message}", exception);
        }
        catch (StreamProtocolException exception)
        {
            throw new GatewayRequestException(exception.Message, exception);
        }
    }

    /// <summary>Leaves out what the client did not ask for.</summary>
    public async IAsyncEnumerable<StreamEvent> Shape(IAsyncEnumerable<StreamEvent> events)
    {
        await foreach (var streamEvent in events)
        {
            switch (streamEvent)
            {
                case UsageUpdated when !WantsUsage:
                    break;
                case ResponseCompleted completed when !WantsUsage:
                    yield return WithoutUsage(completed);
                    break;
                default:
                    yield return streamEvent;
                    break;
            }
        }
    }

    private static ResponseCompleted WithoutUsage(ResponseCompleted completed) => new()
    {
        FinishReason = completed.FinishReason,
        RawFinishReason = completed.RawFinishReason,
        StopSequence = completed.StopSequence,
    };

    private static bool WantsUsageChunk(JsonElement body) => body.TryGetProperty("stream_options", out var options) && IsTrue(options, "include_usage");

    private static bool IsTrue(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
