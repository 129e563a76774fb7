using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Streamline.Diagnostics;

/// <summary>The source of spans, and the instruments of one edition. There is one instance per edition in a process.</summary>
internal sealed class StreamInstruments
{
    private static readonly Lazy<StreamInstruments> OfV141 = new(() => new(GenAiNames.V141));
    private static readonly Lazy<StreamInstruments> OfNext = new(() => new(GenAiNames.Next));
    private static readonly Meter Meter = new(StreamTelemetry.MeterName);

    private static readonly double[] Seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    private static readonly long[] Tokens = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

    // Every instrument that is made, so that a listener to any one of them counts.
    private static readonly List<Instrument> OfAllEditions = [];
    private readonly Instrument[] _all;

    private StreamInstruments(GenAiNames names)
    {
        Names = names;
        List<Instrument> own = [];
        Duration = Time(own, names.Duration, "Duration of a request to a model.");
        TimeToFirstChunk = Time(own, names.TimeToFirstChunk, "Time from the request to the first generated chunk.");
        TimePerOutputChunk = Time(own, names.TimePerOutputChunk, "Average time between two generated chunks.");
        TokenUsage = Amount(own, names.TokenUsage);
        InputOfOperation = Amount(own, names.InputTokensOfOperation);
        OutputOfOperation = Amount(own, names.OutputTokensOfOperation);
        InputUsed = Total(own, names.InputTokensUsed);
        OutputUsed = Total(own, names.OutputTokensUsed);
        CacheReadUsed = Total(own, names.CacheReadTokensUsed);
        CacheWriteUsed = Total(own, names.CacheWriteTokensUsed);
        ReasoningUsed = Total(own, names.ReasoningTokensUsed);
        _all = [.. OfAllEditions, .. own];
    }

    public static ActivitySource Source { get; } = new(StreamTelemetry.SourceName);

    public static Histogram<double> Gap { get; } = Time(OfAllEditions, "streamline.stream.gap", "How long each generated chunk of an attempt after the first was waited for, where it had to be.");

    public static Counter<long> Stalls { get; } = Listed(OfAllEditions, Meter.CreateCounter<long>("streamline.stream.stalls", "{stall}", "Waits between two chunks of an attempt that were at least as long as StallAfter."));

    public static Counter<long> Retries { get; } = Listed(OfAllEditions, Meter.CreateCounter<long>("streamline.stream.retries", "{retry}", "Attempts after a failure."));

    public static Counter<long> Restarts { get; } = Listed(OfAllEditions, Meter.CreateCounter<long>("streamline.stream.restarts", "{restart}", "Responses that were discarded after a part of them was shown."));

    public static Counter<long> Resumes { get; } = Listed(OfAllEditions, Meter.CreateCounter<long>("streamline.stream.resumes", "{resume}", "Responses that went on after they had broken."));

    public static Counter<long> Failovers { get; } = Listed(OfAllEditions, Meter.CreateCounter<long>("streamline.stream.failovers", "{failover}", "Changes to another client."));

    public static Counter<long> Hedges { get; } = Listed(OfAllEditions, Meter.CreateCounter<long>("streamline.stream.hedges", "{hedge}", "Second requests, by who answered."));

    public static Histogram<double> RateLimitWaits { get; } = Time(OfAllEditions, "streamline.stream.ratelimit.wait", "How long requests waited for rate limits.");

    public static Counter<long> Cache { get; } = Listed(OfAllEditions, Meter.CreateCounter<long>("streamline.stream.cache", "{answer}", "Answers from the cache, by how."));

    public static UpDownCounter<long> ToolsRunning { get; } = Listed(OfAllEditions, Meter.CreateUpDownCounter<long>("streamline.tools.running", "{tool}", "Tools that are running."));

    public static Histogram<double> ToolOverlap { get; } = Time(OfAllEditions, "streamline.tools.overlap", "How long tools ran while their response was still arriving.");

    public GenAiNames Names { get; }

    public Histogram<double> Duration { get; }

    public Histogram<double> TimeToFirstChunk { get; }

    public Histogram<double> TimePerOutputChunk { get; }

    public Histogram<long>? TokenUsage { get; }

    public Histogram<long>? InputOfOperation { get; }

    public Histogram<long>? OutputOfOperation { get; }

    public Counter<long>? InputUsed { get; }

    public Counter<long>? OutputUsed { get; }

    public Counter<long>? CacheReadUsed { get; }

    public Counter<long>? CacheWriteUsed { get; }

    public Counter<long>? ReasoningUsed { get; }

    /// <summary>Gets a value indicating whether anybody listens.</summary>
    public bool IsListenedTo => Source.HasListeners() || Array.Exists(_all, static instrument => instrument.Enabled);

    public static StreamInstruments Of(GenAiEdition edition) => (edition == GenAiEdition.Next ? OfNext : OfV141).Value;

    private static Histogram<double> Time(List<Instrument> list, string name, string description) =>
        Listed(list, Meter.CreateHistogram(name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds }));

    private static Histogram<long>? Amount(List<Instrument> list, string? name) => name is null ? null
        : Listed(list, Meter.CreateHistogram(name, "{token}", "Tokens of a request and its response.", tags: null, new InstrumentAdvice<long> { HistogramBucketBoundaries = Tokens }));

    private static Counter<long>? Total(List<Instrument> list, string? name) => name is null ? null : Listed(list, Meter.CreateCounter<long>(name, "{token}", "Tokens used."));

    private static T Listed<T>(List<Instrument> list, T instrument)
        where T : Instrument
    {
        list.Add(instrument);
        return instrument;
    }
}
