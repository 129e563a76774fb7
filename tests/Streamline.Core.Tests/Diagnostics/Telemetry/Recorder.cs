using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Streamline.Tests.Diagnostics.Telemetry;

/// <summary>Records the spans that end and what is measured, of the whole process.</summary>
internal sealed class Recorder : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Activity> _spans = [];
    private readonly List<Measurement> _measurements = [];
    private readonly ActivityListener? _activities;
    private readonly MeterListener _meters = new();

    /// <param name="only">The one instrument that is listened to; <see langword="null"/> for all of them and the spans.</param>
    public Recorder(Instrument? only = null)
    {
        _meters.InstrumentPublished = (instrument, meters) =>
        {
            if (only is null ? instrument.Meter.Name == StreamTelemetry.MeterName : instrument == only)
            {
                meters.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meters.Start();
        if (only is null)
        {
            _activities = new ActivityListener
            {
                ShouldListenTo = source => source.Name == StreamTelemetry.SourceName,
                Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = Add,
            };
            ActivitySource.AddActivityListener(_activities);
        }
    }

    /// <summary>Gets the names and values of what was measured.</summary>
    public IReadOnlyList<Measurement> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _measurements];
            }
        }
    }

    /// <summary>Gets the spans of requests to models that an exporter would export.</summary>
    public IReadOnlyList<Activity> Chats
    {
        get
        {
            lock (_lock)
            {
                return [.. _spans.Where(span => span.Recorded && span.OperationName.StartsWith("chat", StringComparison.Ordinal))];
            }
        }
    }

    public Activity Whole
    {
        get
        {
            lock (_lock)
            {
                return _spans.Should().ContainSingle(span => span.OperationName == "streamline.stream").Which;
            }
        }
    }

    public IReadOnlyList<Measurement> Of(string name) => [.. All.Where(measurement => measurement.Name == name)];

    public void Clear()
    {
        lock (_lock)
        {
            _spans.Clear();
            _measurements.Clear();
        }
    }

    public void Dispose()
    {
        _meters.Dispose();
        _activities?.Dispose();
    }

    private void Add(Activity span)
    {
        lock (_lock)
        {
            _spans.Add(span);
        }
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var measurement = new Measurement(instrument.Name, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value, StringComparer.Ordinal));
        lock (_lock)
        {
            _measurements.Add(measurement);
        }
    }

    internal sealed record Measurement(string Name, double Value, IReadOnlyDictionary<string, object?> Tags)
    {
        public object? this[string tag] => Tags.GetValueOrDefault(tag);
    }
}
