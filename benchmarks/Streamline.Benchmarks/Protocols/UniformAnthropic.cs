using Anthropic;
using Anthropic.Models.Messages;
using BenchmarkDotNet.Attributes;
using Streamline.Benchmarks.Real;
using Streamline.Protocols;

namespace Streamline.Benchmarks.Protocols;

/// <summary>A generated Anthropic stream of uniform text deltas, beside the official package and a bare newline scan. For recorded streams see <see cref="RealStreams"/>.</summary>
[MemoryDiagnoser]
public class UniformAnthropic : IDisposable
{
    private const int Deltas = 1000;

    private byte[] _body = [];
    private AnthropicClient _official = null!;
    private MessageCreateParams _parameters = null!;

    [GlobalSetup]
    public void Setup()
    {
        _body = UniformStreams.Anthropic(Deltas);
        _official = new AnthropicClient { HttpClient = new HttpClient(new ReplayHandler("text/event-stream") { Body = _body }), ApiKey = "none", MaxRetries = 0 };
        _parameters = new MessageCreateParams { MaxTokens = 1024, Model = "claude-test", Messages = [new UserMessageParam { Content = "Hi" }] };
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _official.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Deltas)]
    public async Task<int> OfficialPackage()
    {
        var length = 0;
        await foreach (var streamEvent in _official.Messages.CreateStreaming(_parameters))
        {
            if (streamEvent.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var text))
            {
                length += text.Text.Length;
            }
        }

        return length;
    }

    [Benchmark(OperationsPerInvoke = Deltas)]
    public async Task<int> Streamline_ReadAsync()
    {
        var length = 0;
        await foreach (var streamEvent in StreamProtocols.Anthropic.ReadAsync(new MemoryStream(_body)))
        {
            if (streamEvent is TextDelta delta)
            {
                length += delta.Text.Length;
            }
        }

        return length;
    }

    [Benchmark(OperationsPerInvoke = Deltas)]
    public async Task<int> Streamline_WithoutRetention()
    {
        var length = 0;
        await foreach (var streamEvent in StreamProtocols.Anthropic.ReadAsync(new MemoryStream(_body), new StreamReadOptions { MaxRetainedChars = 0 }))
        {
            if (streamEvent is TextDelta delta)
            {
                length += delta.Text.Length;
            }
        }

        return length;
    }

    [Benchmark(OperationsPerInvoke = Deltas)]
    public int NewlineScan()
    {
        var lines = 0;
        var rest = _body.AsSpan();
        while (rest.IndexOf((byte)'\n') is var end and >= 0)
        {
            lines++;
            rest = rest[(end + 1)..];
        }

        return lines;
    }
}
