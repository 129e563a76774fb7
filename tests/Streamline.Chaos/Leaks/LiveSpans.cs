using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Streamline.Chaos.Leaks;

/// <summary>Listens to the telemetry of all pipelines: counts spans that have started and not ended, and tools that are said to run.</summary>
internal sealed class LiveSpans : IDisposable
{
    private readonly ActivityListener _spans;
    private readonly MeterListener _meters = new();
    private readonly ConcurrentDictionary<Activity, bool> _open = new();
    private long _total;
    private long _tools;

    public LiveSpans()
    {
        _spans = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == StreamTelemetry.SourceName,
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = span =>
            {
                _open[span] = true;
                Interlocked.Increment(ref _total);
            },
            ActivityStopped = span => _open.TryRemove(span, out _),
        };
        ActivitySource.AddActivityListener(_spans);
        _meters.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == StreamTelemetry.MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, measurement, _, _) =>
        {
            if (instrument.Name == "streamline.tools.running")
            {
                Interlocked.Add(ref _tools, measurement);
            }
        });
        _meters.Start();
    }

    /// <summary>Gets how many spans have started and not ended.</summary>
    public int Open => _open.Count;

    /// <summary>Gets the names of those that belong to a trace.</summary>
    public IEnumerable<string> OpenOf(ActivityTraceId trace) => _open.Keys.Where(span => span.TraceId == trace).Select(span => span.DisplayName);

    /// <summary>Gets how many spans have started.</summary>
    public long Total => Interlocked.Read(ref _total);

    /// <summary>Gets how many tools run, by the meter of the pipelines.</summary>
    public long RunningTools => Interlocked.Read(ref _tools);

    public void Dispose()
    {
        _meters.Dispose();
        _spans.Dispose();
    }
}
