using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Retry;

/// <summary>Who decides whether there is another attempt, and how often it is asked.</summary>
public sealed class RetryDecisionTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    [Trait("Finding", "T6")]
    public async Task ShouldHandle_FailuresOfBothPhases_IsAskedOncePerFailure()
    {
        var asked = new List<RetryContext>();
        var (first, second) = (Overloaded(), Interrupted());
        var client = new FakeStreamClient(
            Fails(first, Started()),
            Fails(second, Started(), Reasoning("a"), Words("b", index: 3)),
            Ends(Started(), Words("answer"), Completed()));

        var (events, exception) = await RunAsync(client, options =>
        {
            options.MidStream = MidStreamPolicy.Restart;
            options.ShouldHandle = context =>
            {
                asked.Add(context);
                return true;
            };
        });

        exception.Should().BeNull();
        TextOf(events).Should().Be("answer");
        asked.Select(context => (context.Attempt, context.Phase, context.Exception)).Should().Equal(
            (1, RetryPhase.BeforeContent, first), (2, RetryPhase.MidStream, second));
        asked[0].ShownBlocks.Should().BeEmpty();
        asked[1].ShownBlocks.Should().Equal(0, 3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ShouldHandle_Throws_EndsTheStreamWithItsException(bool midStream)
    {
        var bug = new InvalidOperationException("a bug in the predicate");
        StreamEvent[] shown = midStream ? [Words("a")] : [];
        var client = new FakeStreamClient(Fails(Interrupted(), shown), Ends(Words("never"), Completed()));

        var (_, exception) = await RunAsync(client, options => (options.MidStream, options.ShouldHandle) = (MidStreamPolicy.Restart, _ => throw bug));

        exception.Should().BeSameAs(bug);
        client.Requests.Should().ContainSingle();
        exception!.GetPartialResponse()?.Text.Should().Be(midStream ? "a" : null);
    }

    [Fact]
    public async Task ShouldHandle_MidStreamFailureWithFail_IsNotAsked()
    {
        var client = new FakeStreamClient(Fails(Interrupted(), Words("a")));

        var (_, exception) = await RunAsync(client, options => options.ShouldHandle = _ => throw new InvalidOperationException("asked"));

        exception.Should().BeOfType<StreamInterruptedException>();
    }

    [Fact]
    public async Task Pipeline_OfTheApplication_DecidesWhetherAndWhen()
    {
        var decided = 0;
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = 5,
                Delay = TimeSpan.FromSeconds(1),
                ShouldHandle = new PredicateBuilder().Handle<StreamInterruptedException>(),
                OnRetry = _ =>
                {
                    decided++;
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
        var last = Overloaded();
        var client = new FakeStreamClient(Fails(Interrupted()), Fails(Interrupted(), Words("lost")), Fails(last), Ends(Words("never"), Completed()));

        var (events, exception) = await RunAsync(client, options => (options.Pipeline, options.MidStream, options.MaxAttempts) = (pipeline, MidStreamPolicy.Restart, 1));

        exception.Should().BeSameAs(last);
        last.Attempts.Should().Be(3);
        decided.Should().Be(2);
        events.OfType<RetryScheduled>().Select(notice => notice.Attempt).Should().Equal(2, 3);
    }

    [Fact]
    public async Task Pipeline_WithACircuitBreaker_SendsNothingWhileItIsOpen()
    {
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = _time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions { FailureRatio = 0.5, MinimumThroughput = 2, ShouldHandle = new PredicateBuilder().Handle<ProviderException>() })
            .Build();
        var source = new FakeStreamClient(Fails(Overloaded()));
        var client = Build(source, options => options.Pipeline = pipeline);

        for (var i = 0; i < 2; i++)
        {
            (await client.StreamAsync(Request).CatchAsync()).Exception.Should().BeOfType<ProviderException>();
        }

        (await client.StreamAsync(Request).CatchAsync()).Exception.Should().BeOfType<BrokenCircuitException>();
        source.Requests.Should().HaveCount(2);
    }

    [Fact]
    public async Task Pipeline_WithATimeout_EndsTheAttempt()
    {
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = _time }.AddTimeout(TimeSpan.FromSeconds(5)).Build();
        var source = new FakeStreamClient(Stalls(Started()));

        var (_, exception) = await _time.RunAsync(Build(source, options => options.Pipeline = pipeline).StreamAsync(Request));

        exception.Should().BeOfType<Polly.Timeout.TimeoutRejectedException>();
        source.Open.Should().Be(0);
    }

    [Fact]
    public async Task Pipeline_EndsWithoutAnAttempt_IsReported()
    {
        var source = FakeStreamClient.Of(Words("never"), Completed());
        var (events, exception) = await RunAsync(source, options => options.Pipeline = new ResiliencePipelineBuilder().AddStrategy(_ => new SwallowStrategy(asks: false), new SwallowOptions()).Build());

        exception.Should().BeOfType<InvalidOperationException>().Which.Message.Should().Be("The resilience pipeline ended without an attempt.");
        events.Should().BeEmpty();
        source.Requests.Should().BeEmpty();
    }

    [Fact]
    [Trait("Law", "14")]
    public async Task Pipeline_SwallowsTheFailure_DoesNotHideIt()
    {
        var failure = Interrupted();
        var source = new FakeStreamClient(Fails(failure, Started()));
        var (_, exception) = await RunAsync(source, options => options.Pipeline = new ResiliencePipelineBuilder().AddStrategy(_ => new SwallowStrategy(asks: true), new SwallowOptions()).Build());

        exception.Should().BeSameAs(failure);
        failure.Attempts.Should().Be(1);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2.0)]
    [Trait("Finding", "R7")]
    public void Delay_ManyClients_DoNotReturnTogether(double? hint)
    {
        var options = new RetryOptions();
        var failure = Overloaded(hint is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

        var delays = Enumerable.Range(0, 2000).Select(_ => RetryStrategy.Delay(options, 0, failure)).ToList();

        delays.Should().OnlyContain(delay => delay >= TimeSpan.FromSeconds(hint ?? 0));
        (delays.Max() - delays.Min()).Should().BeGreaterThan(TimeSpan.FromSeconds(hint is null ? 0.35 : 0.95));
        delays.GroupBy(delay => (long)delay.TotalMilliseconds).Max(group => group.Count()).Should().BeLessThan(40, "no millisecond has more than its share");
    }

    [Theory]
    [InlineData(0, 0.0, 0.125)]
    [InlineData(0, 1.0, 0.5)]
    [InlineData(3, 1.0, 4.0)]
    [InlineData(4, 1.0, 8.0)]
    [InlineData(5, 0.0, 2.0)]
    [InlineData(100_000, 1.0, 8.0)]
    public void Delay_WithoutAHint_DoublesUpToItsBound(int failure, double random, double seconds) =>
        RetryStrategy.Delay(new RetryOptions { NextRandom = () => random }, failure, Interrupted()).Should().Be(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData(10.0, 0.0, 10.0)]
    [InlineData(10.0, 1.0, 15.0)]
    [InlineData(0.4, 1.0, 0.9)]
    [InlineData(0.4, 0.5, 0.65)]
    [InlineData(0.0, 1.0, 0.5)]
    public void Delay_WithAHint_IsNeverShorter(double hint, double random, double seconds) =>
        RetryStrategy.Delay(new RetryOptions { NextRandom = () => random }, 5, Overloaded(TimeSpan.FromSeconds(hint))).Should().Be(TimeSpan.FromSeconds(seconds));

    private IStreamClient Build(IStreamClient source, Action<RetryOptions> configure) => new StreamClientBuilder(source).UseTimeProvider(_time).UseRetry(configure).Build();

    private Task<(List<StreamEvent> Events, Exception? Exception)> RunAsync(IStreamClient source, Action<RetryOptions> configure) =>
        _time.RunAsync(Build(source, configure).StreamAsync(Request));

    private sealed class SwallowOptions : ResilienceStrategyOptions;

    /// <summary>A strategy that gives a result in place of a failure.</summary>
    private sealed class SwallowStrategy(bool asks) : ResilienceStrategy
    {
        protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
        {
            if (asks)
            {
                await callback(context, state);
            }

            return Outcome.FromResult<TResult>(default);
        }
    }
}
