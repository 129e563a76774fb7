using System.ClientModel;
using System.ClientModel.Primitives;
using BenchmarkDotNet.Attributes;
using OpenAI.Responses;
using Streamline.Benchmarks.Real;

#pragma warning disable OPENAI001 // The package marks its Responses client as experimental; it is the one that there is to compare with.

namespace Streamline.Benchmarks.Protocols;

/// <summary>A generated OpenAI Responses stream of uniform text deltas, beside the official package. For recorded streams see <see cref="RealStreams"/>.</summary>
[MemoryDiagnoser]
public class UniformOpenAIResponses
{
    private const int Deltas = 1000;

    private byte[] _body = [];
    private ResponsesClient _official = null!;

    [GlobalSetup]
    public void Setup()
    {
        _body = UniformStreams.OpenAIResponses(Deltas);
        _official = new ResponsesClient(new ApiKeyCredential("none"), new ResponsesClientOptions
        {
            Transport = new HttpClientPipelineTransport(new HttpClient(new ReplayHandler("text/event-stream") { Body = _body })),
        });
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Deltas)]
    public async Task<int> OfficialPackage()
    {
        var length = 0;
        await foreach (var update in await _official.CreateResponseStreamingAsync("gpt-test", "Hi"))
        {
            if (update is StreamingResponseOutputTextDeltaUpdate delta)
            {
                length += delta.Delta.Length;
            }
        }

        return length;
    }

    [Benchmark(OperationsPerInvoke = Deltas)]
    public async Task<int> Streamline_ReadAsync()
    {
        var length = 0;
        await foreach (var streamEvent in StreamProtocols.OpenAIResponses.ReadAsync(new MemoryStream(_body)))
        {
            if (streamEvent is TextDelta delta)
            {
                length += delta.Text.Length;
            }
        }

        return length;
    }
}
