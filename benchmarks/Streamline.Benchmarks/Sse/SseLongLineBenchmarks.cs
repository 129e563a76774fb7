using System.Net.ServerSentEvents;
using System.Text;
using BenchmarkDotNet.Attributes;
using Streamline.Sse;

namespace Streamline.Benchmarks.Sse;

/// <summary>What does one event of a megabyte cost that comes in small pieces, as a base64 image does? Quadratic readers stand out here.</summary>
[MemoryDiagnoser]
[MinColumn]
public class SseLongLineBenchmarks
{
    private byte[] _bytes = null!;

    [Params(100, 4096)]
    public int ChunkSize { get; set; }

    [GlobalSetup]
    public void Setup() => _bytes = Encoding.UTF8.GetBytes($"data: {new string('x', 1024 * 1024)}\n\n");

    [Benchmark(Baseline = true, Description = "SseParser, stream")]
    public async Task<long> InBox()
    {
        await using var stream = new ReplayStream(_bytes, ChunkSize);
        var total = 0L;
        await foreach (var item in SseParser.Create(stream, static (_, data) => data.Length).EnumerateAsync())
        {
            total += item.Data;
        }

        return total;
    }

    [Benchmark(Description = "SseReader, stream")]
    public async Task<long> Ours()
    {
        await using var reader = SseReader.Create(new ReplayStream(_bytes, ChunkSize));
        var total = 0L;
        while (await reader.WaitToReadAsync())
        {
            while (reader.TryRead(out var e))
            {
                total += e.Data.Length;
            }
        }

        return total;
    }
}
