using Streamline.Protocols;
using Streamline.TestSupport;

namespace Streamline.Benchmarks.Real;

/// <summary>
/// Measures every contender on every recording in one process: round after round, all side by side, each with its least time. What disturbs the
/// machine strikes all of them alike, and the least of many rounds is hardly disturbed.
/// </summary>
internal sealed class LeastTimes
{
    private const int WarmUps = 60;
    private const int Chunk = 512;
    private const double SampleNanoseconds = 100_000;

    private readonly List<Row> _rows = [];

    /// <summary>Recordings that are left out, each with the reason.</summary>
    public List<string> LeftOut { get; } = [];

    public IEnumerable<MeasuredStream> Streams => _rows.Select(row => row.Stream);

    public async Task MeasureAsync(IEnumerable<Recording> recordings, int rounds)
    {
        foreach (var group in recordings.GroupBy(recording => recording.Protocol))
        {
            await AddAsync(group.Key, group);
        }

        // Twice, as the first time ends before everything is compiled for good.
        for (var i = 0; i < 2; i++)
        {
            foreach (var sample in _rows.SelectMany(row => row.Samples))
            {
                await sample.WarmUpAsync(WarmUps);
            }
        }

        for (var round = 0; round < rounds; round++)
        {
            foreach (var row in _rows)
            {
                // Another one goes first each time, as the first finds the body of the stream out of the cache.
                for (var i = 0; i < row.Samples.Count; i++)
                {
                    await row.Samples[(round + i) % row.Samples.Count].MeasureAsync();
                }
            }
        }

        foreach (var row in _rows)
        {
            row.Stream.Allocated = await row.Samples[0].MeasureAllocationAsync();
        }
    }

    private async Task AddAsync(StreamProtocol protocol, IEnumerable<Recording> recordings)
    {
        var decoder = new DecoderContender(protocol);
        var client = ClientContender.Bare(protocol);
        var pipeline = new PipelineContender(protocol);
        var clientInPipeline = ClientContender.WithPipeline(protocol);
        var scan = new NewlineScan();
        var peer = Peers.Create(protocol);
        foreach (var recording in recordings)
        {
            if (await FailureAsync(decoder, recording) is { } fault)
            {
                LeftOut.Add($"{recording.File} ({recording.Protocol.Name}): ends with {fault}");
                continue;
            }

            var stream = new MeasuredStream(recording);
            List<Sample> samples =
            [
                new(decoder, recording.Body, int.MaxValue, time => stream.Ours = Math.Min(stream.Ours, time)),
                new(decoder, recording.Body, Chunk, time => stream.OursChunked = Math.Min(stream.OursChunked, time)),
                new(client, recording.Body, int.MaxValue, time => stream.Client = Math.Min(stream.Client, time)),
                new(pipeline, recording.Body, int.MaxValue, time => stream.Pipeline = Math.Min(stream.Pipeline, time)),
                new(clientInPipeline, recording.Body, int.MaxValue, time => stream.ClientInPipeline = Math.Min(stream.ClientInPipeline, time)),
                new(scan, recording.Body, int.MaxValue, time => stream.Scan = Math.Min(stream.Scan, time)),
            ];
            if (peer is not null && await FailureAsync(peer, recording) is { } peerFault)
            {
                LeftOut.Add($"{recording.File} ({recording.Protocol.Name}), for the package only: it ends with {peerFault}");
            }
            else if (peer is not null)
            {
                samples.Add(new(peer, recording.Body, int.MaxValue, time => stream.Peer = Math.Min(stream.Peer, time)));
                samples.Add(new(peer, recording.Body, Chunk, time => stream.PeerChunked = Math.Min(stream.PeerChunked, time)));
            }

            _rows.Add(new Row(stream, samples));
        }
    }

    private static async Task<string?> FailureAsync(IStreamContender contender, Recording recording)
    {
        try
        {
            await contender.ReadAsync(recording.Body, int.MaxValue);
            return null;
        }
        catch (Exception exception)
        {
            return exception.GetType().Name;
        }
    }

    private sealed record Row(MeasuredStream Stream, List<Sample> Samples);

    private sealed class Sample(IStreamContender contender, byte[] body, int chunkSize, Action<double> record)
    {
        private int _repeats = 1;

        public async Task WarmUpAsync(int times)
        {
            var start = TimeProvider.System.GetTimestamp();
            for (var i = 0; i < times; i++)
            {
                await contender.ReadAsync(body, chunkSize);
            }

            _repeats = (int)Math.Clamp(SampleNanoseconds / (TimeProvider.System.GetElapsedTime(start).TotalNanoseconds / times), 1, 100_000);
        }

        public async Task MeasureAsync()
        {
            var start = TimeProvider.System.GetTimestamp();
            for (var i = 0; i < _repeats; i++)
            {
                await contender.ReadAsync(body, chunkSize);
            }

            record(TimeProvider.System.GetElapsedTime(start).TotalNanoseconds / _repeats);
        }

        public async Task<double> MeasureAllocationAsync()
        {
            // Everything is there already, so that all of it runs on this thread.
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < WarmUps; i++)
            {
                await contender.ReadAsync(body, chunkSize);
            }

            return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)WarmUps;
        }
    }
}
