using System.Globalization;
using Streamline.Benchmarks.Real;
using Streamline.TestSupport;

namespace Streamline.Benchmarks.Resilience;

/// <summary>The pipeline with telemetry, failover and rate limit switched on, beside the decoder alone, on recorded streams.</summary>
internal static class PipelineCost
{
    private const int WarmUps = 300; // short streams are many calls of the same code, and shall be measured as that code is in the end

    public static async Task RunAsync(int rounds, TextWriter output)
    {
        output.WriteLine("| protocol | streams | decoder, µs | client alone | default pipeline | with telemetry, failover, rate limit | more per stream, µs |\n|---|---|---|---|---|---|---|");
        var (all, count) = (new double[4], 0);
        foreach (var group in Recordings.All().GroupBy(recording => recording.Protocol))
        {
            using var decoder = new DecoderContender(group.Key);
            using var client = ClientContender.Bare(group.Key);
            using var usual = ClientContender.WithPipeline(group.Key);
            using var whole = ClientContender.WithResilience(group.Key);
            List<byte[]> bodies = [];
            foreach (var recording in group)
            {
                if (await CanReadAsync(decoder, recording.Body))
                {
                    bodies.Add(recording.Body);
                }
            }

            var sums = new double[4];
            foreach (var body in bodies)
            {
                var least = await LeastAsync([decoder, client, usual, whole], body, rounds);
                sums = [.. sums.Zip(least, (sum, time) => sum + time)];
            }

            Write(output, $"{group.Key.Name} ({group.Key.ContentType})", bodies.Count, sums);
            (all, count) = ([.. all.Zip(sums, (sum, time) => sum + time)], count + bodies.Count);
        }

        Write(output, "**all**", count, all);
    }

    private static void Write(TextWriter output, string name, int streams, double[] times) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {streams} | {times[0]:F0} | {times[1] / times[0]:F2} × | {times[2] / times[0]:F2} × | {times[3] / times[0]:F2} × | {(times[3] - times[0]) / streams:F1} |"));

    private static async Task<double[]> LeastAsync(IStreamContender[] contenders, byte[] body, int rounds)
    {
        var least = contenders.Select(_ => double.PositiveInfinity).ToArray();
        for (var round = -WarmUps; round < rounds; round++)
        {
            for (var i = 0; i < contenders.Length; i++)
            {
                var time = await TimeAsync(contenders[i], body);
                least[i] = round >= 0 ? Math.Min(least[i], time) : least[i];
            }
        }

        return least;
    }

    private static async Task<double> TimeAsync(IStreamContender contender, byte[] body)
    {
        var start = TimeProvider.System.GetTimestamp();
        await contender.ReadAsync(body, int.MaxValue);
        return TimeProvider.System.GetElapsedTime(start).TotalMicroseconds;
    }

    private static async Task<bool> CanReadAsync(DecoderContender contender, byte[] body)
    {
        try
        {
            await contender.ReadAsync(body, int.MaxValue);
            return true;
        }
        catch (StreamlineException)
        {
            return false;
        }
    }
}
