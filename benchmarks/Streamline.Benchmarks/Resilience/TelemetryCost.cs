using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.AI;
using Streamline.Diagnostics;

namespace Streamline.Benchmarks.Resilience;

/// <summary>What telemetry costs per event, with and without listeners, beside the same stream without telemetry.</summary>
internal static class TelemetryCost
{
    private const int Few = 10_000;
    private const int Many = 110_000;

    private static readonly StreamRequest Request = new() { Messages = [new ChatMessage(ChatRole.User, "Hi")] };

    public static async Task RunAsync(int rounds, TextWriter output)
    {
        var (bareTime, bareBytes) = await MeasureAsync(static source => source, rounds);
        var (silentTime, silentBytes) = await MeasureAsync(static source => new StreamClientBuilder(source).UseTelemetry().Build(), rounds);
        using var spans = new ActivityListener { ShouldListenTo = static source => source.Name == StreamTelemetry.SourceName, Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(spans);
        using var meters = new MeterListener();
        meters.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == StreamTelemetry.MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        meters.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        meters.Start();
        var (heardTime, heardBytes) = await MeasureAsync(static source => new StreamClientBuilder(source).UseTelemetry().Build(), rounds);
        output.WriteLine("| telemetry, per event that is there already | ns | more than without | bytes |\n|---|---|---|---|");
        Write("none", bareTime, bareBytes);
        Write("no listener", silentTime, silentBytes);
        Write("listeners to spans and all metrics", heardTime, heardBytes);

        void Write(string name, double time, double bytes) =>
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {time:F1} | {time - bareTime:F1} | {bytes:F2} |"));
    }

    private static async Task<(double Nanoseconds, double Bytes)> MeasureAsync(Func<IStreamClient, IStreamClient> build, int rounds)
    {
        var (few, many) = (build(new ReadySource(Few)), build(new ReadySource(Many)));
        var (least, leastShort, bytes) = (double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity);
        for (var round = 0; round < rounds; round++)
        {
            var (shortTime, shortBytes) = await ReadAsync(few);
            var (longTime, longBytes) = await ReadAsync(many);
            (least, leastShort) = (Math.Min(least, longTime), Math.Min(leastShort, shortTime));
            bytes = Math.Min(bytes, (longBytes - shortBytes) / (double)(Many - Few));
        }

        return ((least - leastShort) / (Many - Few), bytes);
    }

    private static async Task<(double Nanoseconds, long Bytes)> ReadAsync(IStreamClient client)
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = TimeProvider.System.GetTimestamp();
        var events = 0;
        var stream = StreamFold.GetUnfoldedEnumerator(client.StreamAsync(Request), CancellationToken.None);
        await using (stream)
        {
            while (await stream.MoveNextAsync())
            {
                events++;
            }
        }

        return (TimeProvider.System.GetElapsedTime(start).TotalNanoseconds, GC.GetAllocatedBytesForCurrentThread() - bytes);
    }
}
