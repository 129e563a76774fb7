using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Streamline;

/// <summary>The source of spans, and the instruments of one edition. There is one instance per edition in a process.</summary>
internal sealed class StreamInstruments
{
    private static readonly Lazy<StreamInstruments> OfV141 = new(() => new(GenAiNames.V141));
    private static readonly Lazy<StreamInstruments> OfNext = new(() => new(GenAiNames.Next));
    private static readonly Meter Meter = new(StreamTelemetry.MeterName);

    private static readonly double[] Seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    private static readonly long[] Tokens = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

    private StreamInstruments(GenAiNames names)
    {
        Names = names;
        Duration = Time(names.Duration, "Duration of a request to a model.");
        TimeToFirstChunk = Time(names.TimeToFirstChunk, "Time from the request to the first generated chunk.");
        TimePerOutputChunk = Time(names.TimePerOutputChunk, "Average time between two generated chunks.");
        TokenUsage = Amount(names.TokenUsage);
        InputOfOperation = Amount(names.InputTokensOfOperation);
        OutputOfOperation = Amount(names.OutputTokensOfOperation);
        InputUsed = Total(names.InputTokensUsed);
        OutputUsed = Total(names.OutputTokensUsed);
        CacheReadUsed = Total(names.CacheReadTokensUsed);
        CacheWriteUsed = Total(names.CacheWriteTokensUsed);
        ReasoningUsed = Total(names.ReasoningTokensUsed);
    }

    public static ActivitySource Source { get; } = new(StreamTelemetry.SourceName);

    public static Histogram<double> Gap { get; } = Time("streamline.stream.gap", "How long each generated chunk after the first was waited for, where it had to be.");

    public static Counter<long> Stalls { get; } = Meter.CreateCounter<long>("streamline.stream.stalls", "{stall}", "Waits within a response that were longer than StallAfter.");

    public static Counter<long> Retries { get; } = Meter.CreateCounter<long>("streamline.stream.retries", "{retry}", "Attempts after a failure.");

    public static Counter<long> Restarts { get; } = Meter.CreateCounter<long>("streamline.stream.restarts", "{restart}", "Responses that were discarded after a part of them was shown.");

    public static Counter<long> Resumes { get; } = Meter.CreateCounter<long>("streamline.stream.resumes", "{resume}", "Responses that went on after they had broken.");

    public static Counter<long> Failovers { get; } = Meter.CreateCounter<long>("streamline.stream.failovers", "{failover}", "Changes to another client.");

    public static Counter<long> Hedges { get; } = Meter.CreateCounter<long>("streamline.stream.hedges", "{hedge}", "Second requests, by who answered.");

    public static Histogram<double> RateLimitWaits { get; } = Time("streamline.stream.ratelimit.wait", "How long requests waited for rate limits.");

    public static Counter<long> Cache { get; } = Meter.CreateCounter<long>("streamline.stream.cache", "{answer}", "Answers from the cache, by how.");

    public static UpDownCounter<long> ToolsRunning { get; } = Meter.CreateUpDownCounter<long>("streamline.tools.running", "{tool}", "Tools that are running.");

    public static Histogram<double> ToolOverlap { get; } = Time("streamline.tools.overlap", "How long tools ran while their response was still arriving.");

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
    public bool IsListenedTo => Source.HasListeners() || Duration.Enabled || TimeToFirstChunk.Enabled || Gap.Enabled || TokenUsage?.Enabled == true || InputUsed?.Enabled == true
        || Stalls.Enabled || Retries.Enabled || Resumes.Enabled || Failovers.Enabled || Hedges.Enabled || RateLimitWaits.Enabled || Cache.Enabled || ToolsRunning.Enabled || ToolOverlap.Enabled;

    public static StreamInstruments Of(GenAiEdition edition) => (edition == GenAiEdition.Next ? OfNext : OfV141).Value;

    private static Histogram<double> Time(string name, string description) =>
        Meter.CreateHistogram(name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });

    private static Histogram<long>? Amount(string? name) =>
        name is null ? null : Meter.CreateHistogram(name, "{token}", "Tokens of a request and its response.", tags: null, new InstrumentAdvice<long> { HistogramBucketBoundaries = Tokens });

    private static Counter<long>? Total(string? name) => name is null ? null : Meter.CreateCounter<long>(name, "{token}", "Tokens used.");
}
