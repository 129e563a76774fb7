using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Diagnostics.Telemetry;

/// <summary>The instruments: what each of them measures, and that each of them is measured for a listener that listens to nothing else.</summary>
[Collection("Telemetry")]
public sealed class InstrumentTests
{
    private static readonly TokenUsage Usage = new() { InputTokens = 10, OutputTokens = 4, CachedInputTokens = 3, CacheWriteTokens = 2, ReasoningTokens = 1 };

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Instrument_ThatAloneIsListenedTo_IsMeasured()
    {
        foreach (var instrument in await InstrumentsAsync())
        {
            using var recorder = new Recorder(instrument);

            await RunEverythingAsync();

            recorder.All.Should().NotBeEmpty($"{instrument.Name} is listened to").And.OnlyContain(measured => measured.Name == instrument.Name);
        }
    }

    [Fact]
    public async Task Gap_OfAFirstChunk_IsNone()
    {
        using var recorder = new Recorder();

        await RunAsync((0, Started()), (30, Words("a")), (0, Retry(2)), (30, Started()), (30, Words("b")), (0, Completed()));

        recorder.Of("streamline.stream.gap").Should().BeEmpty();
        recorder.Of("streamline.stream.stalls").Should().BeEmpty();
    }

    [Fact]
    public async Task Gap_WithPingsInIt_IsTheWholeWaitForTheChunk()
    {
        using var recorder = new Recorder();

        await RunAsync((0, Started()), (0, Words("a")), (6, KeepAlive.Instance), (6, Words("b")), (2, Words("c")), (0, Completed()));

        recorder.Of("streamline.stream.gap").Select(measured => measured.Value).Should().Equal(12, 2);
        recorder.Of("streamline.stream.stalls").Should().ContainSingle("12 seconds are more than 10");
    }

    [Fact]
    public async Task RateLimitWait_OfARequestThatContinues_EndsWithItsFirstEvent()
    {
        using var recorder = new Recorder();

        await RunAsync(
            (0, Started()), (0, Words("a")), (0, Retry(2)), (0, Waits()), (3, new StreamResumed { Attempt = 2, Reason = "r", Strategy = ResumeStrategy.Prefill }), (60, Words("b")), (0, Completed()));

        recorder.Of("streamline.stream.ratelimit.wait").Select(measured => measured.Value).Should().Equal(3);
    }

    [Fact]
    public async Task RateLimitWait_OfARequestThatFails_EndsWithIt()
    {
        using var recorder = new Recorder();

        await RunAsync((0, Waits()), (3, Retry(2)), (60, Started()), (0, Completed()));

        recorder.Of("streamline.stream.ratelimit.wait").Select(measured => measured.Value).Should().Equal(3);
    }

    private static RetryScheduled Retry(int attempt) => new() { Attempt = attempt, Delay = TimeSpan.Zero, Reason = "r" };

    private static RateLimitWait Waits() => new() { Resource = "tokens", Delay = TimeSpan.FromSeconds(1), Position = 0 };

    // A stream of each edition has made all instruments by the time it is listened to.
    private async Task<List<Instrument>> InstrumentsAsync()
    {
        using var all = new Recorder();
        await RunEverythingAsync();
        var found = new List<Instrument>();
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == StreamTelemetry.MeterName)
                {
                    found.Add(instrument);
                }
            },
        };
        meters.Start();
        found.Should().HaveCountGreaterThan(20);
        return found;
    }

    private async Task RunEverythingAsync()
    {
        foreach (var edition in Enum.GetValues<GenAiEdition>())
        {
            await RunAsync(
                edition,
                (0, Waits()), (1, new HedgeStarted { Client = "h", Delay = TimeSpan.Zero }), (0, new HedgeEnded { Winner = "h", Loser = "p" }), (0, Started()), (0, Words("a")), (20, Words("b")),
                (0, Retry(2)), (0, new StreamResumed { Attempt = 2, Reason = "r" }), (0, new ClientChanged { Client = "b", Previous = "a", Kind = FailureKind.Transient, Reason = "r" }),
                (0, new StreamRestarted { Attempt = 3, Reason = "r", Discarded = [0] }), (0, Started()), (0, new ToolCallStarted { Index = 0, CallId = "c", Name = "f" }),
                (0, new ToolCallCompleted { Index = 0, CallId = "c", Name = "f", ArgumentsText = "{}", Arguments = JsonElement.Parse("{}") }), (0, new ToolExecutionStarted { CallId = "c", Name = "f" }),
                (0, new ToolResult { CallId = "c", Name = "f", Result = JsonElement.Parse("1") }), (0, new ResponseCompleted { FinishReason = FinishReason.ToolCalls, Usage = Usage }));
            await RunAsync(edition, (0, new CacheAnswered { IsLive = false }), (0, Started()), (0, Words("a")), (0, Completed()));
        }
    }

    private Task RunAsync(params (int Seconds, StreamEvent Event)[] events) => RunAsync(GenAiEdition.V141, events);

    private async Task RunAsync(GenAiEdition edition, params (int Seconds, StreamEvent Event)[] events)
    {
        var client = new StreamClientBuilder(new FakeStreamClient((_, cancellationToken) => TimedAsync(events, cancellationToken)))
            .UseTimeProvider(_time).UseTelemetry(options => options.Edition = edition).Build();
        (await _time.RunAsync(client.StreamAsync(Request))).Exception.Should().BeNull();
    }

    private async IAsyncEnumerable<StreamEvent> TimedAsync((int Seconds, StreamEvent Event)[] events, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (seconds, streamEvent) in events)
        {
            if (seconds > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds(seconds), _time, cancellationToken);
            }

            yield return streamEvent;
        }
    }
}
