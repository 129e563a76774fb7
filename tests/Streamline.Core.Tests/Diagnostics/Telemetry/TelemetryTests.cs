using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.AI;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Diagnostics.Telemetry;

/// <summary>Spans and metrics, as OpenTelemetry's in-memory exporter gets them. One class, because listeners are the process's.</summary>
[Collection("Telemetry")]
public sealed class TelemetryTests
{
    private static readonly TokenUsage Usage = new() { InputTokens = 10, OutputTokens = 4, CachedInputTokens = 3 };

    private readonly ManualTimeProvider _time = new();
    private readonly List<Activity> _spans = [];
    private readonly List<Metric> _metrics = [];

    [Fact]
    public async Task Answer_OfOneRequest_IsASpanInTheSpanOfTheStream()
    {
        using var spans = Trace();
        await Build(Answering()).StreamAsync("secret question", new ChatOptions { ModelId = "m", Temperature = 0.5f, MaxOutputTokens = 9 }).CollectAsync();
        spans.ForceFlush();

        var (chat, whole) = (Span("chat m"), Span("streamline.stream"));
        chat.ParentSpanId.Should().Be(whole.SpanId);
        chat.Kind.Should().Be(ActivityKind.Client);
        chat.Status.Should().Be(ActivityStatusCode.Unset);
        chat.TagObjects.Where(tag => tag.Value is not null).ToDictionary(tag => tag.Key, tag => tag.Value).Should().BeEquivalentTo(new Dictionary<string, object?>
        {
            ["gen_ai.operation.name"] = "chat",
            ["gen_ai.provider.name"] = "test",
            ["gen_ai.request.model"] = "m",
            ["gen_ai.request.stream"] = true,
            ["gen_ai.request.max_tokens"] = 9,
            ["gen_ai.request.temperature"] = 0.5f,
            ["gen_ai.response.id"] = "r",
            ["gen_ai.response.finish_reasons"] = new[] { "stop" },
            ["gen_ai.response.time_to_first_chunk"] = 0d,
            ["gen_ai.usage.input_tokens"] = 10L,
            ["gen_ai.usage.output_tokens"] = 4L,
            ["gen_ai.usage.cache_read.input_tokens"] = 3L,
            ["streamline.outcome"] = "completed",
        });
        _spans.SelectMany(span => span.TagObjects).Should().NotContain(tag => tag.Value is string && ((string)tag.Value).Contains("secret", StringComparison.Ordinal), "content is not captured unless it is asked for");
    }

    [Fact]
    public async Task Answer_AfterARetryAndAFailover_IsOneTraceWithASpanForEachRequest()
    {
        using var spans = Trace();
        var primary = new StreamClientBuilder(new FakeStreamClient(Fails(Overloaded(), Started()))).UseRetry(retry => (retry.BaseDelay, retry.MaxAttempts) = (TimeSpan.Zero, 2)).Build();
        var client = new StreamClientBuilder(primary).UseTelemetry().UseFailover(options => options.Clients.Add(new("backup", Answering()))).Build();
        await client.StreamAsync(Request).CollectAsync();
        spans.ForceFlush();

        var chats = _spans.Where(span => span.OperationName == "chat").ToList();
        chats.Should().HaveCount(3);
        _spans.Select(span => span.TraceId).Distinct().Should().ContainSingle();
        chats.Select(span => span.Status).Should().Equal(ActivityStatusCode.Error, ActivityStatusCode.Error, ActivityStatusCode.Unset);
        chats[2].GetTagItem("streamline.client").Should().Be("backup");
        Span("streamline.stream").Events.Select(e => e.Name).Should().Equal("streamline.retry", "streamline.failover");
    }

    [Fact]
    public async Task Activity_Current_IsTheConsumersOwnOutsideAndTheRequestsInside()
    {
        using var spans = Trace();
        using var source = new ActivitySource("consumer");
        using var listener = new ActivityListener { ShouldListenTo = from => from.Name == "consumer", Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(listener);
        using var own = source.StartActivity("own");
        var inside = new List<string?>();
        var client = Build(new FakeStreamClient((_, _) => Observe(inside)));

        await foreach (var _ in client.StreamAsync(Request))
        {
            Activity.Current.Should().BeSameAs(own);
        }

        Activity.Current.Should().BeSameAs(own);
        inside.Should().OnlyContain(name => name == "chat").And.HaveCount(4);
        spans.ForceFlush();
        Span("streamline.stream").ParentSpanId.Should().Be(own!.SpanId);
    }

    [Theory]
    [InlineData("cancelled")]
    [InlineData("left")]
    [InlineData("failed")]
    public async Task Stream_ThatDoesNotEnd_KeepsWhatWasMeasured(string how)
    {
        using var spans = Trace();
        using var cancellation = new CancellationTokenSource();
        StreamEvent[] events = [Started(), new UsageUpdated { Usage = Usage }, Words("a")];
        var client = Build(new FakeStreamClient(how == "failed" ? Fails(Interrupted(), events) : Stalls(events)));
        try
        {
            await foreach (var streamEvent in client.StreamAsync(Request, cancellation.Token))
            {
                if (streamEvent is TextDelta && how == "cancelled")
                {
                    await cancellation.CancelAsync();
                }
                else if (streamEvent is TextDelta && how == "left")
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or StreamInterruptedException)
        {
        }

        spans.ForceFlush();
        var chat = Span("chat");
        chat.GetTagItem("streamline.outcome").Should().Be(how);
        chat.GetTagItem("gen_ai.usage.output_tokens").Should().Be(4L);
        chat.GetTagItem("gen_ai.response.time_to_first_chunk").Should().NotBeNull();
        chat.Status.Should().Be(how == "failed" ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
        chat.GetTagItem("error.type").Should().Be(how == "failed" ? "Streamline.StreamInterruptedException" : null);
    }

    [Fact]
    [Trait("Law", "10")]
    public async Task Content_OnRequest_IsRedacted()
    {
        using var spans = Trace();
        var client = Build(Answering(), options => (options.CaptureContent, options.Redact) = (true, text => text.Replace("secret", "***", StringComparison.Ordinal)));
        await client.StreamAsync("secret question").CollectAsync();
        spans.ForceFlush();

        Span("chat").GetTagItem("gen_ai.input.messages").Should().Be("""[{"role":"user","parts":[{"type":"text","content":"*** question"}]}]""");
        Span("chat").GetTagItem("gen_ai.output.messages").Should().Be("""[{"role":"assistant","parts":[{"type":"text","content":"ab"}]}]""");
    }

    [Fact]
    [Trait("Law", "10")]
    public async Task Content_RedactionThrows_IsNotShown()
    {
        using var spans = Trace();
        await Build(Answering(), options => (options.CaptureContent, options.Redact) = (true, _ => throw new FormatException())).StreamAsync("secret").CollectAsync();
        spans.ForceFlush();

        Span("chat").GetTagItem("gen_ai.input.messages").Should().BeOfType<string>().Which.Should().Contain("not shown").And.NotContain("secret");
    }

    [Fact]
    public async Task Requests_OfMicrosoftExtensionsAI_AreNotCountedTwice()
    {
        using var spans = Trace();
        using var metrics = Measure();
        using var theirs = new ActivitySource("Experimental.Microsoft.Extensions.AI");
        await Build(new ObservedClient(Answering(), theirs)).StreamAsync(Request).CollectAsync();
        spans.ForceFlush();
        metrics.ForceFlush();
        _spans.Select(span => span.OperationName).Should().Equal("streamline.stream");
        _metrics.Select(metric => metric.Name).Should().NotContain(name => name.StartsWith("gen_ai.", StringComparison.Ordinal));

        _spans.Clear();
        using var listener = new ActivityListener { ShouldListenTo = from => from == theirs, Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(listener);
        using (var outer = theirs.StartActivity("chat"))
        {
            outer!.SetTag("gen_ai.operation.name", "chat");
            await Build(Answering()).StreamAsync(Request).CollectAsync();
        }

        spans.ForceFlush();
        _spans.Select(span => span.OperationName).Should().Equal("streamline.stream");
    }

    [Theory]
    [InlineData(GenAiEdition.V141, "gen_ai.client.operation.duration gen_ai.client.operation.time_per_output_chunk gen_ai.client.operation.time_to_first_chunk gen_ai.client.token.usage")]
    [InlineData(GenAiEdition.Next, "gen_ai.client.inference.duration gen_ai.client.inference.operation.input_tokens gen_ai.client.inference.operation.output_tokens gen_ai.client.inference.time_per_output_chunk gen_ai.client.inference.time_to_first_chunk gen_ai.client.inference.usage.cache_read.input_tokens gen_ai.client.inference.usage.cache_write.input_tokens gen_ai.client.inference.usage.input_tokens gen_ai.client.inference.usage.output_tokens gen_ai.client.inference.usage.reasoning.output_tokens")]
    public async Task Metrics_OfEachEdition_HaveItsNames(GenAiEdition edition, string names)
    {
        using var metrics = Measure();
        await Build(Answering(), options => options.Edition = edition).StreamAsync(Request).CollectAsync();
        metrics.ForceFlush();

        _metrics.Select(metric => metric.Name).Where(name => name.StartsWith("gen_ai.", StringComparison.Ordinal)).Order().Should().Equal(names.Split(' '));
    }

    [Fact]
    public void Names_ThatDiffer_AreThoseOfTheTable()
    {
        GenAiNames.V141.CacheWriteTokens.Should().Be("gen_ai.usage.cache_creation.input_tokens");
        GenAiNames.Next.CacheWriteTokens.Should().Be("gen_ai.usage.cache_write.input_tokens");
        GenAiNames.V141.TokenUsage.Should().Be("gen_ai.client.token.usage");
        GenAiNames.Next.TokenUsage.Should().BeNull();
    }

    [Fact]
    public async Task Response_ThatWasResumed_IsFetchedAndItsTokensAreCountedOnce()
    {
        using var spans = Trace();
        using var metrics = Measure();
        StreamEvent[] events =
        [
            Started(), new UsageUpdated { Usage = new() { InputTokens = 10, OutputTokens = 1 } }, Words("a"),
            new RetryScheduled { Attempt = 2, Delay = TimeSpan.Zero, Reason = "the connection broke" }, new StreamResumed { Attempt = 2, Reason = "the connection broke" },
            Words("b"), new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = Usage },
        ];
        await Build(FakeStreamClient.Of(events)).StreamAsync(Request).CollectAsync();
        spans.ForceFlush();
        metrics.ForceFlush();

        _spans.Select(span => span.DisplayName).Should().Equal("chat", "fetch_response", "streamline.stream");
        _spans[1].GetTagItem("gen_ai.usage.input_tokens").Should().BeNull("the tokens of a response that is fetched again are not used again");
        Points("gen_ai.client.token.usage").Sum(point => point.GetHistogramSum()).Should().Be(14);
        Points("streamline.stream.resumes").Single().GetSumLong().Should().Be(1);
        Points("streamline.stream.retries").Single().GetSumLong().Should().Be(1);
    }

    [Fact]
    public async Task Retry_OfAResponseThatHadUsage_CountsTheTokensOfBoth()
    {
        using var metrics = Measure();
        var source = new FakeStreamClient(Fails(Interrupted(), Started(), new UsageUpdated { Usage = new() { InputTokens = 10, OutputTokens = 1 } }), Ends(Started(), Words("a"), new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = Usage }));
        StreamEvent[] events = [Started(), new UsageUpdated { Usage = new() { InputTokens = 10, OutputTokens = 1 } }, Words("a"), new RetryScheduled { Attempt = 2, Delay = TimeSpan.Zero, Reason = "r" }, Started(), new StreamRestarted { Attempt = 2, Reason = "r", Discarded = [0] }, Words("b"), new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = Usage }];
        await Build(FakeStreamClient.Of(events)).StreamAsync(Request).CollectAsync();
        metrics.ForceFlush();

        Points("gen_ai.client.token.usage").Sum(point => point.GetHistogramSum()).Should().Be(25);
        source.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Retry_OfAttemptsOfWhichTheLatestHadNoUsage_CountsTheTokensOfTheOlder()
    {
        using var metrics = Measure();
        await Build(FakeStreamClient.Of(
            Started(), new UsageUpdated { Usage = new() { InputTokens = 10, OutputTokens = 1 } }, Retry(2), Retry(3), Started(), Words("b"), new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = Usage })).StreamAsync(Request).CollectAsync();
        metrics.ForceFlush();

        Points("gen_ai.client.token.usage").Sum(point => point.GetHistogramSum()).Should().Be(25);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Response_ThatIsContinuedByARequest_IsNotFetchedAndItsSumIsCountedOnce(bool isBroken)
    {
        using var spans = Trace();
        using var metrics = Measure();
        var (prior, strategy) = (new TokenUsage { InputTokens = 5, OutputTokens = 1 }, isBroken ? ResumeStrategy.Prefill : ResumeStrategy.PausedTurn);
        StreamEvent[] events =
        [
            Started(), new UsageUpdated { Usage = prior }, Words("a"), .. isBroken ? [Retry(2)] : Array.Empty<StreamEvent>(), new StreamResumed { Attempt = 2, Reason = "r", Strategy = strategy, PriorUsage = prior },
            Words("b"), new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = Usage },
        ];
        await Build(FakeStreamClient.Of(events)).StreamAsync(Request).CollectAsync();
        spans.ForceFlush();
        metrics.ForceFlush();

        _spans.Select(span => span.DisplayName).Should().Equal("chat", "chat", "streamline.stream");
        _spans[0].Status.Should().Be(isBroken ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
        Points("gen_ai.client.token.usage").Sum(point => point.GetHistogramSum()).Should().Be(14);
        Points("gen_ai.client.operation.duration").Sum(point => point.GetHistogramCount()).Should().Be(2);
    }

    [Fact]
    public async Task Answer_OfAnotherStreamsRequest_IsMeasuredThereOnly()
    {
        using var spans = Trace();
        using var metrics = Measure();
        await Build(FakeStreamClient.Of(
            new CacheAnswered { IsLive = true }, Retry(2), Started(), Words("a"), new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = Usage })).StreamAsync(Request).CollectAsync();
        spans.ForceFlush();
        metrics.ForceFlush();

        _spans.Select(span => span.DisplayName).Should().Equal("streamline.stream");
        _metrics.Select(metric => metric.Name).Should().NotContain("streamline.stream.retries").And.NotContain("gen_ai.client.token.usage");
    }

    [Fact]
    public async Task Answer_OfTheCacheInTheFirstRound_LeavesTheSecondMeasured()
    {
        using var spans = Trace();
        await Build(FakeStreamClient.Of(
            new CacheAnswered { IsLive = false }, Started("r1"), new ToolCallStarted { Index = 0, CallId = "c", Name = "f" },
            new ToolCallCompleted { Index = 0, CallId = "c", Name = "f", ArgumentsText = "{}", Arguments = System.Text.Json.JsonElement.Parse("{}") },
            new ResponseCompleted { FinishReason = FinishReason.ToolCalls }, new ToolExecutionStarted { CallId = "c", Name = "f" },
            new ToolResult { CallId = "c", Name = "f", Result = System.Text.Json.JsonElement.Parse("1") }, Started("r2"), Words("a"), new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = Usage })).StreamAsync(Request).CollectAsync();
        spans.ForceFlush();

        Span("chat").GetTagItem("gen_ai.response.id").Should().Be("r2");
        Span("chat").GetTagItem("gen_ai.usage.output_tokens").Should().Be(4L);
    }

    [Fact]
    public async Task Gaps_AndStalls_AreMeasured()
    {
        using var metrics = Measure();
        var client = Build(new FakeStreamClient((_, cancellationToken) => SlowAsync(cancellationToken)));
        await _time.RunAsync(client.StreamAsync(Request));
        metrics.ForceFlush();

        Points("streamline.stream.gap").Single().GetHistogramSum().Should().Be(32);
        Points("streamline.stream.stalls").Single().GetSumLong().Should().Be(1);
        Points("gen_ai.client.operation.time_per_output_chunk").Single().GetHistogramSum().Should().Be(16, "32 seconds between three chunks");
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task Stream_NobodyListens_CostsNothing()
    {
        const int Events = 10_000;
        var source = new SynchronousClient(Events);
        var client = Build(source);
        _ = await BytesOfAsync(client);

        (await BytesOfAsync(client)).Should().Be(await BytesOfAsync(source), "the stream is that of the source");
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task UseTelemetry_LeftAtRandomPoints_LeavesNothing()
    {
        using var spans = Trace();
        await LeavingStress.RunAsync(source => new StreamClientBuilder(source).UseTelemetry().Build());
        Activity.Current.Should().BeNull();
        spans.ForceFlush();
        _spans.Count(span => span.OperationName == "streamline.stream").Should().Be(LeavingStress.Iterations);
    }

    [Fact]
    public void Options_OutOfRange_AreRejected()
    {
        FluentActions.Invoking(() => new TelemetryOptions { StallAfter = TimeSpan.Zero }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new TelemetryOptions { Edition = (GenAiEdition)7 }).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*V141 or Next*");
    }

    private static RetryScheduled Retry(int attempt) => new() { Attempt = attempt, Delay = TimeSpan.Zero, Reason = "r" };

    private static FakeStreamClient Answering() =>
        FakeStreamClient.Of(Started(), new UsageUpdated { Usage = new() { InputTokens = 10 } }, Words("a"), Words("b"), new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = Usage });

    private static async IAsyncEnumerable<StreamEvent> Observe(List<string?> seen)
    {
        foreach (var streamEvent in new StreamEvent[] { Started(), Words("a"), Words("b"), Completed() })
        {
            seen.Add(Activity.Current?.OperationName);
            yield return streamEvent;
            await Task.Yield();
        }
    }

    private static async Task<long> BytesOfAsync(IStreamClient client)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        await using (var events = StreamFold.GetUnfoldedEnumerator(client.StreamAsync(Request), CancellationToken.None))
        {
            while (await events.MoveNextAsync())
            {
            }
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private async IAsyncEnumerable<StreamEvent> SlowAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Started();
        yield return Words("a");
        await Task.Delay(TimeSpan.FromSeconds(2), _time, cancellationToken);
        yield return Words("b");
        await Task.Delay(TimeSpan.FromSeconds(30), _time, cancellationToken);
        yield return Words("c");
        yield return Completed();
    }

    private Activity Span(string name) => _spans.Should().ContainSingle(span => span.DisplayName == name).Which;

    private List<MetricPoint> Points(string name)
    {
        var points = new List<MetricPoint>();
        foreach (ref readonly var point in _metrics.Should().ContainSingle(metric => metric.Name == name).Which.GetMetricPoints())
        {
            points.Add(point);
        }

        return points;
    }

    private TracerProvider Trace() => Sdk.CreateTracerProviderBuilder().AddSource(StreamTelemetry.SourceName).AddInMemoryExporter(_spans).Build();

    private MeterProvider Measure() => Sdk.CreateMeterProviderBuilder().AddMeter(StreamTelemetry.MeterName).AddInMemoryExporter(_metrics).Build();

    private IStreamClient Build(IStreamClient source, Action<TelemetryOptions>? configure = null) => new StreamClientBuilder(source).UseTimeProvider(_time).UseTelemetry(configure).Build();
}
