using System.Globalization;
using Streamline.Benchmarks.Real;
using Streamline.TestSupport;

namespace Streamline.Benchmarks.Resilience;

/// <summary>The pipeline with telemetry, failover and rate limit switched on, beside the decoder alone, on recorded streams.</summary>
internal static class PipelineCost
{
    private const int WarmUps = 30;

    public static async Task RunAsync(int rounds, TextWriter output)
    {
        output.WriteLine("| protocol | streams | decoder, µs | default pipeline | with telemetry, failover, rate limit | more per stream, µs |\n|---|---|---|---|---|---|");
        foreach (var group in Recordings.All().GroupBy(recording => recording.Protocol))
        {
            using var decoder = new DecoderContender(group.Key);
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

            var (alone, inUsual, inWhole) = (0.0, 0.0, 0.0);
            foreach (var body in bodies)
            {
                var (first, second, third) = await LeastAsync(decoder, usual, whole, body, rounds);
                (alone, inUsual, inWhole) = (alone + first, inUsual + second, inWhole + third);
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {group.Key.Name} ({group.Key.ContentType}) | {bodies.Count} | {alone:F0} | {inUsual / alone:F2} × | {inWhole / alone:F2} × | {(inWhole - alone) / bodies.Count:F1} |"));
        }
    }

    private static async Task<(double First, double Second, double Third)> LeastAsync(IStreamContender first, IStreamContender second, IStreamContender third, byte[] body, int rounds)
    {
        var least = (First: double.PositiveInfinity, Second: double.PositiveInfinity, Third: double.PositiveInfinity);
        for (var round = -WarmUps; round < rounds; round++)
        {
            var times = (First: await TimeAsync(first, body), Second: await TimeAsync(second, body), Third: await TimeAsync(third, body));
            if (round >= 0)
            {
                least = (Math.Min(least.First, times.First), Math.Min(least.Second, times.Second), Math.Min(least.Third, times.Third));
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
