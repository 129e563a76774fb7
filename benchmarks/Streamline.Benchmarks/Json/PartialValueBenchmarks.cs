using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Streamline.Json;
using Streamline.Protocols.Shared;
using Streamline.Structured;

namespace Streamline.Benchmarks.Json;

/// <summary>What following a growing document costs above appending to it: change notices, typed snapshots, and typed values at each delta.</summary>
[MemoryDiagnoser]
public class PartialValueBenchmarks
{
    private const int DeltaChars = 16;

    private static readonly PartialJsonOptions Options = new() { MaxBytes = 16 * 1024 * 1024 };

    private byte[] _utf8 = [];
    private string[] _deltas = [];
    private StreamEvent[] _events = [];

    [Params(10_000, 100_000)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _utf8 = JsonPayload.Create(Bytes);
        _deltas = [.. Encoding.UTF8.GetString(_utf8).Chunk(DeltaChars).Select(chars => new string(chars))];
        _events =
        [
            new ResponseStarted { Provider = "none" },
            .. _deltas.Select(text => new TextDelta { Index = 0, Text = text }),
            new ResponseCompleted { FinishReason = FinishReason.Stop },
        ];
    }

    [Benchmark(Baseline = true, Description = "Append, snapshot after each delta")]
    public int Append()
    {
        var document = new PartialJsonDocument(Options);
        var complete = 0;
        foreach (var delta in _deltas)
        {
            document.Append(delta);
            complete += document.RootElement.IsComplete ? 1 : 0;
        }

        return complete;
    }

    [Benchmark(Description = "Append, changes after each delta")]
    public int Changes()
    {
        var document = new PartialJsonDocument(Options);
        var last = default(PartialJsonElement);
        var changes = 0;
        foreach (var delta in _deltas)
        {
            document.Append(delta);
            var root = document.RootElement;
            foreach (var change in root.EnumerateChanges(last))
            {
                changes += change.AddedRawUtf8.Length;
            }

            last = root;
        }

        return changes;
    }

    [Benchmark(Description = "StreamObjectAsync, a Partial<T> for each delta")]
    public async Task<int> Snapshots()
    {
        var number = 0;
        await foreach (var partial in StreamObjectAsync())
        {
            // What comes after the last delta is the strict reading of the whole value, which happens once.
            if (++number == _deltas.Length)
            {
                break;
            }
        }

        return number;
    }

    [Benchmark(Description = "StreamObjectAsync, a Partial<T> for each delta and the last value")]
    public Task<int> SnapshotsAndLastValue() => CountAsync(everyNth: int.MaxValue);

    [Benchmark(Description = "JsonSerializer.Deserialize, once, of the whole text")]
    public int Deserialize() => JsonSerializer.Deserialize(_utf8, PlacesContext.Default.Places)!.Items!.Count;

    [Benchmark(Description = "StreamObjectAsync, the value of every 16th Partial<T>")]
    public Task<int> ValuesNowAndThen() => CountAsync(everyNth: 16);

    [Benchmark(Description = "StreamObjectAsync, the value of every Partial<T>")]
    public Task<int> Values() => CountAsync(everyNth: 1);

    private IAsyncEnumerable<Partial<Places>> StreamObjectAsync() =>
        new Client(_events).StreamObjectAsync("?", PlacesContext.Default.Places, new StructuredOutputOptions { Json = { MaxBytes = Options.MaxBytes, Repair = Options.Repair } });

    private async Task<int> CountAsync(int everyNth)
    {
        var (items, number) = (0, 0);
        await foreach (var partial in StreamObjectAsync())
        {
            if (partial.IsComplete || ++number % everyNth == 0)
            {
                items += partial.Value?.Items?.Count ?? 0;
            }
        }

        return items;
    }

    private sealed class Client(StreamEvent[] events) : IStreamClient
    {
        public IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default) => events.ToAsyncEnumerable();
    }
}
