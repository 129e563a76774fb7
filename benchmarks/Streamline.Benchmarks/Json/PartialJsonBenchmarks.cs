using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Streamline.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Benchmarks.Json;

/// <summary>A document that grows by 16 bytes at a time, with a snapshot after each, against one parse of the finished text.</summary>
[MemoryDiagnoser]
[MinColumn]
public class PartialJsonBenchmarks
{
    private const int DeltaBytes = 16;

    private byte[] _text = [];

    [Params(500, 10_000, 100_000, 1_000_000)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup() => _text = JsonPayload.Create(Bytes);

    [Benchmark(Baseline = true, Description = "JsonDocument.Parse, once")]
    public JsonValueKind ParseOnce()
    {
        using var document = JsonDocument.Parse(_text);
        return document.RootElement.ValueKind;
    }

    [Benchmark(Description = "PartialJsonDocument, 16-byte deltas, snapshot after each")]
    public int AppendWithSnapshots() => Append(new PartialJsonDocument(Options));

    [Benchmark(Description = "the same, buffers returned")]
    public int AppendWithSnapshotsAndReturn()
    {
        var document = new PartialJsonDocument(Options);
        var complete = Append(document);
        document.ReturnBuffers();
        return complete;
    }

    [Benchmark(Description = "PartialJsonDocument, whole text in one append")]
    public bool AppendWhole()
    {
        var document = new PartialJsonDocument(Options);
        document.Append(_text);
        document.Complete();
        return document.RootElement.IsComplete;
    }

    [Benchmark(Description = "PartialJsonReader, 16-byte deltas, tokens only")]
    public long ReadTokens()
    {
        var reader = new PartialJsonReader();
        var tokens = 0L;
        for (var offset = 0; offset < _text.Length; offset += DeltaBytes)
        {
            ReadOnlySpan<byte> delta = _text.AsSpan(offset, Math.Min(DeltaBytes, _text.Length - offset));
            while (reader.Read(ref delta, out _) == System.Buffers.OperationStatus.Done)
            {
                tokens++;
            }
        }

        reader.Complete(out _);
        return tokens;
    }

    private int Append(PartialJsonDocument document)
    {
        var complete = 0;
        for (var offset = 0; offset < _text.Length; offset += DeltaBytes)
        {
            document.Append(_text.AsSpan(offset, Math.Min(DeltaBytes, _text.Length - offset)));
            complete += document.RootElement.IsComplete ? 1 : 0;
        }

        document.Complete();
        return complete;
    }

    private static readonly PartialJsonOptions Options = new() { MaxBytes = 16 * 1024 * 1024 };
}
