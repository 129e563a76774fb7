using System.Net;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Diagnostics.Telemetry;

/// <summary>What is traced and measured of each request, when several of them, of one client or of two, make one answer.</summary>
[Collection("Telemetry")]
public sealed class AttemptTests
{
    private const string Duration = "gen_ai.client.operation.duration";
    private const string Answer = "The road leaves the village, turns the corner at the mill, and follows the river down to the old stone bridge.";

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Answer_ContinuedByAnotherClient_CountsTheTokensOfEachRequestUnderItsOwnNames()
    {
        using var recorder = new Recorder();
        var client = Build(
            Client("anthropic", Fails(Interrupted(), Begun("anthropic"), Used(1000, 1), Words(Answer[..40]))),
            Client("openai", Ends(Begun("openai"), Words(Answer[40..]), Ended(1010, 20))),
            options =>
            {
                options.MidStream = MidStreamPolicy.Continue;
                options.Continue.AcceptsPrefill = _ => true;
            });

        TextOf(await client.StreamAsync(Request).CollectAsync()).Should().Be(Answer);

        Tokens(recorder).Should().BeEquivalentTo(
        [
            ("anthropic", "anthropic-model", "input", 1000d), ("anthropic", "anthropic-model", "output", 1d),
            ("openai", "gpt", "input", 1010d), ("openai", "gpt", "output", 20d),
        ]);
        recorder.Chats.Select(span => (span.DisplayName, span.GetTagItem("gen_ai.provider.name"), span.GetTagItem("gen_ai.request.model"), span.GetTagItem("gen_ai.usage.input_tokens")))
            .Should().Equal(("chat anthropic-model", "anthropic", "anthropic-model", 1000L), ("chat gpt", "openai", "gpt", 1010L));
        recorder.Of(Duration).Select(measured => measured["gen_ai.request.model"]).Should().Equal("anthropic-model", "gpt");
    }

    [Fact]
    public async Task Answer_OfThreeRequestsOfOneClient_CountsWhatEachHasUsed()
    {
        using var recorder = new Recorder();
        StreamEvent[] events =
        [
            Begun("p"), Used(100, 10), Words("a"), Retry(2), Resumed(2, 100, 10), Words("b"), Used(220, 15), Retry(3), Resumed(3, 220, 15), Words("c"), Ended(350, 35),
        ];

        await Observe(FakeStreamClient.Of(events)).StreamAsync(Request).CollectAsync();

        recorder.Of("gen_ai.client.token.usage").Select(measured => measured.Value).Should().Equal(100, 10, 120, 5, 130, 20);
        recorder.Chats.Select(span => span.GetTagItem("gen_ai.usage.output_tokens")).Should().Equal(10L, 5L, 20L);
    }

    [Fact]
    public async Task Answer_ContinuedByARequestThatReportsNothing_CountsTheFirstOnce()
    {
        using var recorder = new Recorder();

        await Observe(FakeStreamClient.Of(Begun("p"), Used(100, 10), Words("a"), Retry(2), Resumed(2, 100, 10), Words("b"), Retry(3), Resumed(3, 100, 10), Words("c"), Completed()))
            .StreamAsync(Request).CollectAsync();

        recorder.Of("gen_ai.client.token.usage").Select(measured => measured.Value).Should().Equal(100, 10);
    }

    [Fact]
    public async Task Retry_AfterAChangeOfClient_IsOfThatClientAndTheNextRoundOfTheFirst()
    {
        using var recorder = new Recorder();
        var source = new FakeStreamClient(Ends(
            Changed(), Retry(2), Begun("openai"), new ToolCallStarted { Index = 0, CallId = "c", Name = "f" },
            new ToolCallCompleted { Index = 0, CallId = "c", Name = "f", ArgumentsText = "{}", Arguments = System.Text.Json.JsonElement.Parse("{}") },
            new ResponseCompleted { FinishReason = FinishReason.ToolCalls }, new ToolExecutionStarted { CallId = "c", Name = "f" },
            new ToolResult { CallId = "c", Name = "f", Result = System.Text.Json.JsonElement.Parse("1") }, Begun("anthropic"), Words("a"), Completed()))
        {
            Metadata = Metadata("anthropic"),
        };

        await Observe(source).StreamAsync(Request).CollectAsync();

        recorder.Chats.Select(span => (span.DisplayName, span.GetTagItem("gen_ai.provider.name"))).Should().Equal(
            ("chat anthropic-model", "anthropic"), ("chat gpt", "openai"), ("chat gpt", "openai"), ("chat anthropic-model", "anthropic"));
    }

    [Fact]
    public async Task Client_ThatIsLeftAlone_HasNoRequestThatIsMeasured()
    {
        using var recorder = new Recorder();
        var primary = Client("anthropic", Fails(new ProviderException("anthropic", HttpStatusCode.Unauthorized, "authentication_error", "no")));
        var client = Build(primary, Client("openai", Ends(Begun("openai"), Words("a"), Completed())));
        await client.StreamAsync(Request).CollectAsync();
        recorder.Chats.Select(span => span.GetTagItem("error.type")).Should().Equal(new object?[] { "authentication_error", null });
        recorder.Clear();

        var events = await client.StreamAsync(Request).CollectAsync();

        primary.Requests.Should().ContainSingle("it was asked for the first answer only");
        events.OfType<ClientChanged>().Should().ContainSingle().Which.Should().BeEquivalentTo(new { WasPreviousSkipped = true, ErrorType = (string?)null, Provider = "openai", Model = "gpt" });
        recorder.Chats.Select(span => span.DisplayName).Should().Equal("chat gpt");
        recorder.Of(Duration).Should().ContainSingle().Which.Tags.Should().NotContainKey("error.type");
        recorder.Of("streamline.stream.failovers").Should().ContainSingle();
    }

    [Fact]
    public async Task Request_ThatItsRateLimitsNeverLetGo_IsNotMeasuredAsARequest()
    {
        using var recorder = new Recorder();
        var client = new StreamClientBuilder(FakeStreamClient.Of(Begun("p"), Words("a"), Completed())).UseTimeProvider(_time).UseTelemetry().UseRateLimit(options =>
        {
            options.Limits.Add(new RateLimit(RateLimit.Requests, 1));
            options.MaxWait = TimeSpan.FromSeconds(1);
        }).Build();
        await client.StreamAsync(Request).CollectAsync();
        recorder.Clear();

        (await client.StreamAsync(Request).CatchAsync()).Exception.Should().BeOfType<StreamLimitException>();

        recorder.Chats.Should().BeEmpty();
        recorder.Of(Duration).Should().BeEmpty();
        recorder.Whole.GetTagItem("error.type").Should().Be("limit.MaxWait");
    }

    [Fact]
    public async Task Failure_OfEveryAttempt_HasOneErrorType()
    {
        using var recorder = new Recorder();
        var client = new StreamClientBuilder(new FakeStreamClient(Fails(Overloaded()))).UseTimeProvider(_time).UseTelemetry()
            .UseFailover(options => options.Clients.Add(new("backup", new FakeStreamClient(Fails(Overloaded())))))
            .UseRetry(retry => (retry.BaseDelay, retry.MaxAttempts) = (TimeSpan.Zero, 2)).Build();

        await client.StreamAsync(Request).CatchAsync();

        recorder.Of(Duration).Select(measured => measured["error.type"]).Should().Equal("overloaded_error", "overloaded_error", "overloaded_error");
        recorder.Chats.Select(span => span.GetTagItem("error.type")).Should().Equal("overloaded_error", "overloaded_error", "overloaded_error");
    }

    [Theory]
    [InlineData("overloaded_error", "overloaded_error")]
    [InlineData("You have sent 17 requests too many, wait", "529")]
    [InlineData("", "529")]
    [InlineData(null, "529")]
    public void ErrorType_OfACode_IsTheCodeIfItIsOne(string? code, string expected) =>
        ErrorTypes.Of(new ProviderException("p", (HttpStatusCode)529, code, "busy")).Should().Be(expected);

    private static StreamClientMetadata Metadata(string provider) => new() { Provider = provider, Protocol = provider, DefaultModel = provider + "-model" };

    private static FakeStreamClient Client(string provider, Func<StreamRequest, CancellationToken, IAsyncEnumerable<StreamEvent>> answer) => new(answer) { Metadata = Metadata(provider) };

    private static ResponseStarted Begun(string provider) => new() { Provider = provider, ResponseId = "r" };

    private static UsageUpdated Used(long input, long output) => new() { Usage = new() { InputTokens = input, OutputTokens = output } };

    private static ResponseCompleted Ended(long input, long output) => new() { FinishReason = FinishReason.Stop, Usage = new() { InputTokens = input, OutputTokens = output } };

    private static RetryScheduled Retry(int attempt) => new() { Attempt = attempt, Delay = TimeSpan.Zero, Reason = "r" };

    private static StreamResumed Resumed(int attempt, long input, long output) =>
        new() { Attempt = attempt, Reason = "r", Strategy = ResumeStrategy.Prefill, PriorUsage = new() { InputTokens = input, OutputTokens = output } };

    private static ClientChanged Changed() => new() { Client = "b", Previous = "a", Kind = FailureKind.Transient, Reason = "busy", Provider = "openai", Model = "gpt" };

    private static IEnumerable<(object? Provider, object? Model, object? Type, double Count)> Tokens(Recorder recorder) => recorder.Of("gen_ai.client.token.usage")
        .Select(measured => (measured["gen_ai.provider.name"], measured["gen_ai.request.model"], measured["gen_ai.token.type"], measured.Value));

    private IStreamClient Observe(IStreamClient source) => new StreamClientBuilder(source).UseTimeProvider(_time).UseTelemetry().Build();

    private IStreamClient Build(IStreamClient primary, IStreamClient backup, Action<FailoverOptions>? configure = null) =>
        new StreamClientBuilder(primary).UseTimeProvider(_time).UseTelemetry().UseFailover(options =>
        {
            options.Clients.Add(new("backup", backup) { Model = "gpt" });
            configure?.Invoke(options);
        }).Build();
}
