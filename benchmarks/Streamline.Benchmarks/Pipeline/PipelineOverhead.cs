using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;
using Streamline.Benchmarks.Protocols;
using Streamline.Benchmarks.Real;
using Streamline.Tools;

namespace Streamline.Benchmarks.Pipeline;

/// <summary>What a pipeline of all the usual middleware, with its defaults, costs beside the decoder alone. The client answers from memory; nothing is retried, and no tool is called.</summary>
[MemoryDiagnoser]
[MinColumn]
public class PipelineOverhead : IDisposable
{
    private const int Deltas = 1000;

    private byte[] _body = [];
    private HttpClient _http = null!;
    private IStreamClient _client = null!;
    private IStreamClient _pipeline = null!;

    [GlobalSetup]
    public void Setup()
    {
        _body = UniformStreams.Anthropic(Deltas);
        _http = new HttpClient(new ReplayHandler("text/event-stream") { Body = _body });
        _client = StreamProtocols.Anthropic.CreateClient(_http, "none", "claude-test");
        var weather = AIFunctionFactory.Create((string city) => $"Rain in {city}", "get_weather");
        _pipeline = new StreamClientBuilder(_client).UseTools(new ToolSet().Add(weather)).UseRetry().UseTimeouts().UseBackpressure().Build();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _http.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Deltas)]
    public Task<int> Decoder() => TextLengthAsync(StreamProtocols.Anthropic.ReadAsync(new MemoryStream(_body)));

    [Benchmark(OperationsPerInvoke = Deltas)]
    public Task<int> Client() => TextLengthAsync(_client.StreamAsync("Hi"));

    [Benchmark(OperationsPerInvoke = Deltas)]
    public Task<int> DefaultPipeline() => TextLengthAsync(_pipeline.StreamAsync("Hi"));

    private static async Task<int> TextLengthAsync(IAsyncEnumerable<StreamEvent> events)
    {
        var length = 0;
        await foreach (var streamEvent in events)
        {
            if (streamEvent is TextDelta delta)
            {
                length += delta.Text.Length;
            }
        }

        return length;
    }
}
