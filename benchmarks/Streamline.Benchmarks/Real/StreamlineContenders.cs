using Microsoft.Extensions.AI;
using Streamline.Benchmarks.Sse;
using Streamline.Protocols;
using Streamline.Resilience;

namespace Streamline.Benchmarks.Real;

/// <summary>Streamline's decoder alone, from a stream of bytes.</summary>
internal sealed class DecoderContender(StreamProtocol protocol) : IStreamContender
{
    public Task<int> ReadAsync(byte[] body, int chunkSize) => EventLength.OfAsync(protocol.ReadAsync(new ReplayStream(body, chunkSize)));

    public void Dispose()
    {
    }
}

/// <summary>The decoder alone with the usual middleware around it, without a client that makes requests: what the middleware costs.</summary>
internal sealed class PipelineContender(StreamProtocol protocol) : IStreamContender, IStreamClient
{
    private static readonly StreamRequest Request = new() { Messages = [new ChatMessage(ChatRole.User, "Hi")] };

    private IStreamClient? _pipeline;
    private byte[] _body = [];
    private int _chunkSize;

    public Task<int> ReadAsync(byte[] body, int chunkSize)
    {
        (_body, _chunkSize) = (body, chunkSize);
        _pipeline ??= new StreamClientBuilder(this).UseRetry().UseTimeouts().UseBackpressure().Build();
        return EventLength.OfAsync(_pipeline.StreamAsync(Request));
    }

    public IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default) =>
        protocol.ReadAsync(new ReplayStream(_body, _chunkSize), cancellationToken: cancellationToken);

    public void Dispose()
    {
    }
}

/// <summary>Streamline's client, which makes a request and gets its answer from memory, as the official packages do here.</summary>
internal sealed class ClientContender : IStreamContender
{
    private readonly ReplayHandler _handler;
    private readonly HttpClient _http;
    private readonly IStreamClient _client;

    private ClientContender(StreamProtocol protocol, Func<IStreamClient, IStreamClient> configure)
    {
        _handler = new ReplayHandler(protocol.ContentType);
        _http = new HttpClient(_handler);
        _client = configure(protocol.CreateClient(_http, new StreamClientOptions { ApiKey = "none", Model = "model" }));
    }

    /// <summary>The client alone.</summary>
    public static ClientContender Bare(StreamProtocol protocol) => new(protocol, client => client);

    /// <summary>The client with the usual middleware around it: retry, timeouts and backpressure with their defaults. Tools are left out, as they would answer the recorded calls.</summary>
    public static ClientContender WithPipeline(StreamProtocol protocol) => new(
        protocol,
        client => new StreamClientBuilder(client).UseRetry().UseTimeouts().UseBackpressure().Build());

    /// <summary>The same with telemetry to which nobody listens, a rate limit and failover to another client.</summary>
    public static ClientContender WithResilience(StreamProtocol protocol) => new(
        protocol,
        client => new StreamClientBuilder(client).UseTelemetry().UseFailover(options => options.Clients.Add(new FailoverClient("backup", client))).UseRetry().UseRateLimit().UseTimeouts().UseBackpressure().Build());

    public Task<int> ReadAsync(byte[] body, int chunkSize)
    {
        (_handler.Body, _handler.ChunkSize) = (body, chunkSize);
        return EventLength.OfAsync(_client.StreamAsync("Hi"));
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>The characters in the deltas of a stream.</summary>
internal static class EventLength
{
    public static async Task<int> OfAsync(IAsyncEnumerable<StreamEvent> events)
    {
        var length = 0;
        await foreach (var streamEvent in events)
        {
            length += streamEvent switch
            {
                TextDelta delta => delta.Text.Length,
                ReasoningDelta delta => delta.Text.Length,
                ToolInputDelta delta => delta.Fragment.Length,
                _ => 0,
            };
        }

        return length;
    }
}
