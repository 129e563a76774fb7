using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Streamline.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Benchmarks.Json;

/// <summary>A growing document against what is done by hand today, and against one parse of the finished text. The largest takes the hand half an hour.</summary>
[Config(typeof(ByHandConfig))]
[MemoryDiagnoser]
public class PartialJsonByHandBenchmarks
{
    private byte[] _text = [];

    public static IEnumerable<string> Cases =>
        from bytes in new[] { 1_000, 10_000, 100_000, 1_000_000 }
        from delta in new[] { 1, 4, 16, 64 }
        select $"{bytes} by {delta}";

    [ParamsSource(nameof(Cases))]
    public string Case { get; set; } = "";

    private int Delta { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var numbers = Case.Split(" by ");
        _text = JsonPayload.Create(int.Parse(numbers[0], System.Globalization.CultureInfo.InvariantCulture));
        Delta = int.Parse(numbers[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Benchmark(Baseline = true, Description = "JsonDocument.Parse, once")]
    public JsonValueKind ParseOnce()
    {
        using var document = JsonDocument.Parse(_text);
        return document.RootElement.ValueKind;
    }

    [Benchmark(Description = "PartialJsonDocument, snapshot after each delta")]
    public int Streamline() => PartialJsonDeltas.Append(_text, Delta, PartialJsonRepairMode.None);

    [Benchmark(Description = "closed by hand, JsonDocument.Parse at each delta")]
    public int ByHand()
    {
        var document = new ClosedByHand();
        var shown = 0;
        for (var offset = 0; offset < _text.Length; offset += Delta)
        {
            shown += document.Append(_text.AsSpan(offset, Math.Min(Delta, _text.Length - offset))) ? 1 : 0;
        }

        return shown;
    }
}
