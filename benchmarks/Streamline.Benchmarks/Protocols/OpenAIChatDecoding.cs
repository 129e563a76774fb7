using System.ClientModel;
using System.ClientModel.Primitives;
using BenchmarkDotNet.Attributes;
using OpenAI;
using OpenAI.Chat;
using Streamline.Protocols;

namespace Streamline.Benchmarks.Protocols;

/// <summary>From the bytes of an OpenAI Chat Completions stream to typed events with text, beside the official package.</summary>
[MemoryDiagnoser]
public class OpenAIChatDecoding
{
    private const int Deltas = 1000;

    private byte[] _body = [];
    private ChatClient _official = null!;

    [GlobalSetup]
    public void Setup()
    {
        _body = RecordedStreams.OpenAIChat(Deltas);
        _official = new ChatClient("gpt-test", new ApiKeyCredential("none"), new OpenAIClientOptions
        {
            Transport = new HttpClientPipelineTransport(new HttpClient(new RecordedHandler(_body))),
        });
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Deltas)]
    public async Task<int> OfficialPackage()
    {
        var length = 0;
        await foreach (var update in _official.CompleteChatStreamingAsync("Hi"))
        {
            foreach (var part in update.ContentUpdate)
            {
                length += part.Text.Length;
            }
        }

        return length;
    }

    [Benchmark(OperationsPerInvoke = Deltas)]
    public async Task<int> Streamline_ReadAsync()
    {
        var length = 0;
        await foreach (var streamEvent in StreamProtocols.OpenAIChat.ReadAsync(new MemoryStream(_body)))
        {
            if (streamEvent is TextDelta delta)
            {
                length += delta.Text.Length;
            }
        }

        return length;
    }
}
