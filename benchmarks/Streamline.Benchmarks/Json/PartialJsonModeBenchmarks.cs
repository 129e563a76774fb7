using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Streamline.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Benchmarks.Json;

/// <summary>Valid JSON in deltas of several lengths, strict and with repair switched on, against one parse of the finished text.</summary>
[MemoryDiagnoser]
public class PartialJsonModeBenchmarks
{
    private byte[] _text = [];

    [Params(1_000, 10_000, 100_000, 1_000_000)]
    public int Bytes { get; set; }

    [Params(1, 4, 16, 64)]
    public int Delta { get; set; }

    [GlobalSetup]
    public void Setup() => _text = JsonPayload.Create(Bytes);

    [Benchmark(Baseline = true, Description = "JsonDocument.Parse, once")]
    public JsonValueKind ParseOnce()
    {
        using var document = JsonDocument.Parse(_text);
        return document.RootElement.ValueKind;
    }

    [Benchmark(Description = "No repairs, snapshot after each delta")]
    public int None() => PartialJsonDeltas.Append(_text, Delta, PartialJsonRepairMode.None);

    [Benchmark(Description = "Guesses, snapshot after each delta")]
    public int Guess() => PartialJsonDeltas.Append(_text, Delta, PartialJsonRepairMode.Guess);
}
