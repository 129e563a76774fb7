using System.Net.ServerSentEvents;
using BenchmarkDotNet.Attributes;
using Streamline.Sse;
using Streamline.TestSupport;
using Streamline.TestSupport.Sse;

namespace Streamline.Benchmarks.Sse;

/// <summary>What does it cost to find the events in a stream, with nothing done to their data? All numbers are per event.</summary>
[MemoryDiagnoser]
[MinColumn]
public class SseReaderBenchmarks
{
    private const int Events = 1_000;

    private ReplayPipeReader _pipe = null!;
    private int _chunkSize;
    private byte[] _bytes = null!;

    public enum Wire
    {
        OpenAI,
        Anthropic,
    }

    public enum Chunk
    {
        Whole = 0,
        Of4096 = 4096,
        Of64 = 64,
    }

    [Params(Wire.OpenAI, Wire.Anthropic)]
    public Wire Payload { get; set; }

    [Params(Chunk.Whole, Chunk.Of4096, Chunk.Of64)]
    public Chunk Chunks { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _bytes = Payload == Wire.OpenAI ? LlmStreams.OpenAI(Events) : LlmStreams.Anthropic(Events);
        _chunkSize = Chunks == Chunk.Whole ? _bytes.Length : (int)Chunks;
        _pipe = new ReplayPipeReader(_bytes, _chunkSize);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Events, Description = "SseParser, stream")]
    public async Task<long> InBoxOverStream()
    {
        await using var stream = new ReplayStream(_bytes, _chunkSize);
        var total = 0L;
        await foreach (var item in SseParser.Create(stream, static (_, data) => data.Length).EnumerateAsync())
        {
            total += item.Data;
        }

        return total;
    }

    [Benchmark(OperationsPerInvoke = Events, Description = "SseParser, pipe as a stream")]
    public async Task<long> InBoxOverPipe()
    {
        _pipe.Rewind();
        await using var stream = _pipe.AsStream(leaveOpen: true);
        var total = 0L;
        await foreach (var item in SseParser.Create(stream, static (_, data) => data.Length).EnumerateAsync())
        {
            total += item.Data;
        }

        return total;
    }

    [Benchmark(OperationsPerInvoke = Events, Description = "SseReader, stream")]
    public async Task<long> OursOverStream()
    {
        await using var reader = SseReader.Create(new ReplayStream(_bytes, _chunkSize));
        return await ReadAsync(reader);
    }

    [Benchmark(OperationsPerInvoke = Events, Description = "SseReader, pipe")]
    public async Task<long> OursOverPipe()
    {
        _pipe.Rewind();
        await using var reader = new SseReader(_pipe);
        return await ReadAsync(reader);
    }

    [Benchmark(OperationsPerInvoke = Events, Description = "newline scan")]
    public long NewlineScan()
    {
        var total = 0L;
        var rest = _bytes.AsSpan();
        while (rest.IndexOf((byte)'\n') is >= 0 and var length)
        {
            total += length;
            rest = rest[(length + 1)..];
        }

        return total;
    }

    private static async Task<long> ReadAsync(SseReader reader)
    {
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
