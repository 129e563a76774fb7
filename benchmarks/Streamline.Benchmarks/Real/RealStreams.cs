using BenchmarkDotNet.Attributes;
using Streamline.TestSupport;

namespace Streamline.Benchmarks.Real;

/// <summary>All recorded streams of a protocol, one after another, beside the .NET package of the provider. One operation is all of them.</summary>
[MemoryDiagnoser]
[MinColumn]
public class RealStreams : IDisposable
{
    private readonly List<byte[]> _bodies = [];
    private IStreamContender _decoder = null!;
    private IStreamContender _peer = null!;

    public static IEnumerable<string> Protocols => ["anthropic", "openai", "openai-responses", "ollama"];

    [ParamsSource(nameof(Protocols))]
    public string Protocol { get; set; } = "";

    [Params(512, int.MaxValue)]
    public int ChunkSize { get; set; }

    [GlobalSetup]
    public async Task Setup()
    {
        var recordings = Recordings.All().Where(recording => recording.Protocol.Name == Protocol).ToList();
        var protocol = recordings[0].Protocol;
        _decoder = new DecoderContender(protocol);
        _peer = Peers.Create(protocol)!;
        foreach (var recording in recordings)
        {
            if (await CanReadAsync(_decoder, recording.Body) && await CanReadAsync(_peer, recording.Body))
            {
                _bodies.Add(recording.Body);
            }
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _peer.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public Task<int> OfficialPackage() => ReadAllAsync(_peer);

    [Benchmark]
    public Task<int> Streamline_ReadAsync() => ReadAllAsync(_decoder);

    [Benchmark]
    public int NewlineScan() => _bodies.Sum(body => Real.NewlineScan.Count(body));

    private static async Task<bool> CanReadAsync(IStreamContender contender, byte[] body)
    {
        try
        {
            await contender.ReadAsync(body, int.MaxValue);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private async Task<int> ReadAllAsync(IStreamContender contender)
    {
        var length = 0;
        foreach (var body in _bodies)
        {
            length += await contender.ReadAsync(body, ChunkSize);
        }

        return length;
    }
}
