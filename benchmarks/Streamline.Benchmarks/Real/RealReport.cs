using System.Globalization;
using System.Text;
using Streamline.Protocols;

namespace Streamline.Benchmarks.Real;

/// <summary>Prints what was measured on recorded streams as Markdown.</summary>
internal static class RealReport
{
    /// <summary>The source of generated streams, which are told apart from recorded ones.</summary>
    public const string Uniform = "generated, uniform text deltas";

    public static string Write(IReadOnlyList<MeasuredStream> streams, IReadOnlyList<string> leftOut)
    {
        List<MeasuredStream> real = [.. streams.Where(stream => stream.Recording.Source != Uniform)];
        var text = new StringBuilder();
        Section("Total per protocol", Totals(real));
        Section("The same in chunks of 512 bytes", Chunked(real));
        Section("Client and default pipeline", Pipelines(real));
        Section("By source, without the shortest streams", Sources([.. real.Where(stream => !stream.IsShort)]));
        Section($"The shortest streams: at most {MeasuredStream.ShortFrames} frames, figures per stream", Shortest([.. real.Where(stream => stream.IsShort)]));
        Section("Generated streams of uniform text deltas", Sources([.. streams.Except(real)]));
        return text.Append("## Left out\n\n").AppendJoin('\n', leftOut.Select(line => $"- {line}")).Append('\n').ToString();

        void Section(string title, ResultTable table) => text.Append(CultureInfo.InvariantCulture, $"## {title}\n\n{table}\n");
    }

    private static ResultTable Totals(IReadOnlyList<MeasuredStream> streams)
    {
        var table = new ResultTable(
            1, "protocol", "streams", "frames", "KB", "ours µs", "newline scan µs", "ours / scan", "package", "streams it reads", "ours on these µs", "package µs", "package / ours");
        foreach (var group in ByProtocol(streams))
        {
            var peered = group.Where(stream => stream.HasPeer).ToList();
            table.Add(
                group.Key,
                Whole(group.Count()),
                Whole(group.Sum(stream => stream.Recording.Frames)),
                Number(group.Sum(stream => stream.Recording.Body.Length) / 1024.0),
                Micro(group.Sum(stream => stream.Ours)),
                Micro(group.Sum(stream => stream.Scan)),
                Ratio(group, stream => stream.Ours, stream => stream.Scan),
                Peers.NameOf(group.First().Recording.Protocol),
                Whole(peered.Count),
                Micro(peered.Sum(stream => stream.Ours)),
                Micro(peered.Sum(stream => stream.Peer)),
                Ratio(peered, stream => stream.Peer, stream => stream.Ours));
        }

        return table;
    }

    private static ResultTable Chunked(IReadOnlyList<MeasuredStream> streams)
    {
        var table = new ResultTable(1, "protocol", "ours µs", "ours / ours whole", "ours / scan", "ours on the package's streams µs", "package µs", "package / ours");
        foreach (var group in ByProtocol(streams))
        {
            var peered = group.Where(stream => stream.HasPeer).ToList();
            table.Add(
                group.Key,
                Micro(group.Sum(stream => stream.OursChunked)),
                Ratio(group, stream => stream.OursChunked, stream => stream.Ours),
                Ratio(group, stream => stream.OursChunked, stream => stream.Scan),
                Micro(peered.Sum(stream => stream.OursChunked)),
                Micro(peered.Sum(stream => stream.PeerChunked)),
                Ratio(peered, stream => stream.PeerChunked, stream => stream.OursChunked));
        }

        return table;
    }

    private static ResultTable Pipelines(IReadOnlyList<MeasuredStream> streams)
    {
        var table = new ResultTable(1, "protocol", "decoder µs", "client µs", "client / decoder", "decoder in pipeline µs", "decoder in pipeline / decoder", "client in pipeline µs", "client in pipeline / decoder", "package / client");
        foreach (var group in ByProtocol(streams))
        {
            table.Add(
                group.Key,
                Micro(group.Sum(stream => stream.Ours)),
                Micro(group.Sum(stream => stream.Client)),
                Ratio(group, stream => stream.Client, stream => stream.Ours),
                Micro(group.Sum(stream => stream.Pipeline)),
                Ratio(group, stream => stream.Pipeline, stream => stream.Ours),
                Micro(group.Sum(stream => stream.ClientInPipeline)),
                Ratio(group, stream => stream.ClientInPipeline, stream => stream.Ours),
                Ratio([.. group.Where(stream => stream.HasPeer)], stream => stream.Peer, stream => stream.Client));
        }

        return table;
    }

    private static ResultTable Sources(IReadOnlyList<MeasuredStream> streams)
    {
        var table = new ResultTable(
            2, "protocol", "source", "streams", "frames", "bytes / frame", "ns / frame", "ns / byte", "B allocated / frame", "ours / scan", "package / ours");
        foreach (var group in BySource(streams))
        {
            var frames = (double)group.Sum(stream => stream.Recording.Frames);
            var bytes = (double)group.Sum(stream => stream.Recording.Body.Length);
            table.Add(
                group.Key.Protocol,
                group.Key.Source,
                Whole(group.Count()),
                Whole((int)frames),
                Whole((int)(bytes / frames)),
                Whole((int)(group.Sum(stream => stream.Ours) / frames)),
                (group.Sum(stream => stream.Ours) / bytes).ToString("0.00", CultureInfo.InvariantCulture),
                Whole((int)(group.Sum(stream => stream.Allocated) / frames)),
                Ratio(group, stream => stream.Ours, stream => stream.Scan),
                Ratio([.. group.Where(stream => stream.HasPeer)], stream => stream.Peer, stream => stream.Ours));
        }

        return table;
    }

    private static ResultTable Shortest(IReadOnlyList<MeasuredStream> streams)
    {
        var table = new ResultTable(
            2, "protocol", "source", "streams", "frames", "bytes", "least µs", "average µs", "most µs", "least B allocated", "average B allocated", "package average µs");
        foreach (var group in BySource(streams))
        {
            var peered = group.Where(stream => stream.HasPeer).ToList();
            table.Add(
                group.Key.Protocol,
                group.Key.Source,
                Whole(group.Count()),
                Number(group.Average(stream => stream.Recording.Frames)),
                Whole((int)group.Average(stream => stream.Recording.Body.Length)),
                Micro(group.Min(stream => stream.Ours)),
                Micro(group.Average(stream => stream.Ours)),
                Micro(group.Max(stream => stream.Ours)),
                Whole((int)group.Min(stream => stream.Allocated)),
                Whole((int)group.Average(stream => stream.Allocated)),
                peered.Count == 0 ? "–" : Micro(peered.Average(stream => stream.Peer)));
        }

        return table;
    }

    private static IEnumerable<IGrouping<string, MeasuredStream>> ByProtocol(IEnumerable<MeasuredStream> streams) =>
        streams.GroupBy(stream => NameOf(stream.Recording.Protocol));

    private static IEnumerable<IGrouping<(string Protocol, string Source), MeasuredStream>> BySource(IEnumerable<MeasuredStream> streams) =>
        streams.GroupBy(stream => (NameOf(stream.Recording.Protocol), stream.Recording.Source));

    private static string NameOf(StreamProtocol protocol) => protocol == StreamProtocols.GeminiJsonArray ? $"{protocol.Name}, JSON array" : protocol.Name;

    private static string Ratio(IEnumerable<MeasuredStream> streams, Func<MeasuredStream, double> above, Func<MeasuredStream, double> below) =>
        Number(streams.Sum(above) / streams.Sum(below));

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Micro(double nanoseconds) => nanoseconds == 0 ? "–" : Number(nanoseconds / 1000);

    private static string Number(double number) =>
        !double.IsFinite(number) ? "–" : number.ToString(number >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture);
}
