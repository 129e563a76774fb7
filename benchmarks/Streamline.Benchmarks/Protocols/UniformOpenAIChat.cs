using System.ClientModel;
using System.ClientModel.Primitives;
using BenchmarkDotNet.Attributes;
using OpenAI;
using OpenAI.Chat;
using Streamline.Benchmarks.Real;

namespace Streamline.Benchmarks.Protocols;

/// <summary>A generated OpenAI Chat Completions stream of uniform text deltas, beside the official package. For recorded streams see <see cref="RealStreams"/>.</summary>
[MemoryDiagnoser]
public class UniformOpenAIChat
{
    private const int Deltas = 1000;

    private byte[] _body = [];
    private ChatClient _official = null!;

    [GlobalSetup]
    public void Setup()
    {
        _body = UniformStreams.OpenAIChat(Deltas);
        _official = new ChatClient("gpt-test", new ApiKeyCredential("none"), new OpenAIClientOptions
        {
            Transport = new HttpClientPipelineTransport(new HttpClient(new ReplayHandler("text/event-stream") { Body = _body })),
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
