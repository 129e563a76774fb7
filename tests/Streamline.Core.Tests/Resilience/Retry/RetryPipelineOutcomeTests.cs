using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Retry;

/// <summary>What a resilience pipeline of the application is told of the last attempt.</summary>
public sealed class RetryPipelineOutcomeTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<Exception?> _outcomes = [];

    [Fact]
    public async Task Pipeline_CircuitBreaker_OpensOnFailuresInMidStream()
    {
        var source = new FakeStreamClient(Fails(Interrupted(), Started(), Words("a")));
        var client = Build(source, Breaker(new ResiliencePipelineBuilder()));

        for (var i = 0; i < 2; i++)
        {
            (await client.StreamAsync(Request).CatchAsync()).Exception.Should().BeOfType<StreamInterruptedException>();
        }

        (await client.StreamAsync(Request).CatchAsync()).Exception.Should().BeOfType<BrokenCircuitException>();
        source.Requests.Should().HaveCount(2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3600)]
    [Trait("Law", "6")]
    public async Task Pipeline_WouldRetryAFailureInMidStream_SendsNothingAgain(int seconds)
    {
        var failure = Interrupted();
        var source = new FakeStreamClient(Fails(failure, Started(), Words("a")));
        var client = Build(source, Watch(new ResiliencePipelineBuilder { TimeProvider = _time }.AddRetry(Retries(TimeSpan.FromSeconds(seconds)))));

        var (events, exception) = await client.StreamAsync(Request).CatchAsync();

        exception.Should().BeSameAs(failure);
        failure.Attempts.Should().Be(1);
        _outcomes.Should().StartWith(failure);
        events.Should().HaveCount(2);
        source.Requests.Should().ContainSingle();
        _time.ActiveTimers.Should().Be(0);
    }

    [Fact]
    public async Task Pipeline_FailureAfterTheEnd_IsItsOutcome()
    {
        var failure = Interrupted();
        var client = Build(new FakeStreamClient(Fails(failure, Started(), Words("a"), Completed())), Watch(new ResiliencePipelineBuilder()));

        (await client.StreamAsync(Request).CatchAsync()).Exception.Should().BeSameAs(failure);
        _outcomes.Should().Equal(failure);
    }

    [Fact]
    public async Task Pipeline_ResponseThatEnds_IsASuccess()
    {
        await Build(FakeStreamClient.Of(Started(), Words("a"), Completed()), Watch(new ResiliencePipelineBuilder())).StreamAsync(Request).CollectAsync();

        _outcomes.Should().Equal(null as Exception);
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Pipeline_CallerCancels_SeesItsOwnTokenCancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var ofPipeline = new List<CancellationToken>();
        var client = Build(new FakeStreamClient(Stalls(Started(), Words("a"))), Watch(new ResiliencePipelineBuilder(), ofPipeline));
        await using var events = client.StreamAsync(Request, cancellation.Token).GetAsyncEnumerator(CancellationToken.None);
        await events.MoveNextAsync().AsTask().OrFail();
        await events.MoveNextAsync().AsTask().OrFail();
        var moving = events.MoveNextAsync().AsTask();
        await cancellation.CancelAsync();

        (await FluentActions.Awaiting(() => moving.OrFail()).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancellation.Token);
        _outcomes.Should().ContainSingle().Which.Should().BeOfType<OperationCanceledException>().Which.CancellationToken.Should().Be(ofPipeline.Single());
    }

    [Theory]
    [InlineData("timeout")]
    [InlineData("retry")]
    [InlineData("retry at once")]
    [Trait("Law", "9")]
    public async Task Pipeline_TimeoutInMidStream_IsATimeoutAndNotACancellation(string shape)
    {
        var told = 0;
        var builder = new ResiliencePipelineBuilder { TimeProvider = _time };
        if (shape != "timeout")
        {
            builder.AddRetry(Retries(shape == "retry" ? TimeSpan.FromHours(1) : TimeSpan.Zero));
        }

        builder.AddTimeout(new TimeoutStrategyOptions
        {
            Timeout = TimeSpan.FromSeconds(5),
            OnTimeout = _ =>
            {
                told++;
                return ValueTask.CompletedTask;
            },
        });
        var source = new FakeStreamClient(Stalls(Started(), Words("a")));

        var (events, exception) = await _time.RunAsync(Build(source, builder).StreamAsync(Request));

        exception.Should().BeOfType<TimeoutRejectedException>().Which.GetPartialResponse()!.Text.Should().Be("a");
        TextOf(events).Should().Be("a");
        told.Should().Be(1);
        (source.Open, source.Requests.Count, _time.ActiveTimers).Should().Be((0, 1, 0));
    }

    [Fact]
    public async Task Pipeline_BreakerBetweenRetryAndTimeout_CountsTimeoutsInMidStream()
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = _time }.AddRetry(Retries(TimeSpan.FromHours(1)));
        var source = new FakeStreamClient(Stalls(Started(), Words("a")));
        var client = Build(source, Breaker(builder).AddTimeout(TimeSpan.FromSeconds(5)));

        for (var i = 0; i < 2; i++)
        {
            (await _time.RunAsync(client.StreamAsync(Request))).Exception.Should().BeOfType<TimeoutRejectedException>();
        }

        (await client.StreamAsync(Request).CatchAsync()).Exception.Should().BeOfType<BrokenCircuitException>();
    }

    [Fact]
    public async Task Pipeline_ConsumerLeaves_IsNoFailure()
    {
        var client = Build(new FakeStreamClient(Stalls(Started(), Words("a"))), Watch(new ResiliencePipelineBuilder()));
        await foreach (var streamEvent in client.StreamAsync(Request))
        {
            if (streamEvent is TextDelta)
            {
                break;
            }
        }

        _outcomes.Should().Equal(null as Exception);
    }

    private static RetryStrategyOptions Retries(TimeSpan delay) => new()
    {
        Delay = delay,
        ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is StreamlineException or TimeoutRejectedException),
    };

    private ResiliencePipelineBuilder Breaker(ResiliencePipelineBuilder builder)
    {
        builder.TimeProvider = _time;
        return builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions { FailureRatio = 0.5, MinimumThroughput = 2, BreakDuration = TimeSpan.FromDays(1) });
    }

    private ResiliencePipelineBuilder Watch(ResiliencePipelineBuilder builder, List<CancellationToken>? tokens = null) =>
        builder.AddStrategy(_ => new WatchStrategy(_outcomes, tokens ?? []), new WatchOptions());

    private IStreamClient Build(IStreamClient source, ResiliencePipelineBuilder pipeline) =>
        new StreamClientBuilder(source).UseTimeProvider(_time).UseRetry(options => options.Pipeline = pipeline.Build()).Build();

    private sealed class WatchOptions : ResilienceStrategyOptions;

    private sealed class WatchStrategy(List<Exception?> outcomes, List<CancellationToken> tokens) : ResilienceStrategy
    {
        protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
        {
            tokens.Add(context.CancellationToken);
            var outcome = await callback(context, state);
            outcomes.Add(outcome.Exception);
            return outcome;
        }
    }
}
