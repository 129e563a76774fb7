using System.ClientModel;
using System.ClientModel.Primitives;
using BenchmarkDotNet.Attributes;
using OpenAI.Responses;
using Streamline.Protocols;

#pragma warning disable OPENAI001 // The package marks its Responses client as experimental; it is the one that there is to compare with.

namespace Streamline.Benchmarks.Protocols;

/// <summary>From the bytes of an OpenAI Responses stream to typed events with text, beside the official package.</summary>
[MemoryDiagnoser]
public class OpenAIResponsesDecoding
{
    private const int Deltas = 1000;

    private byte[] _body = [];
    private ResponsesClient _official = null!;

    [GlobalSetup]
    public void Setup()
    {
        _body = RecordedStreams.OpenAIResponses(Deltas);
        _official = new ResponsesClient(new ApiKeyCredential("none"), new ResponsesClientOptions
        {
            Transport = new HttpClientPipelineTransport(new HttpClient(new RecordedHandler(_body))),
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
