using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using Streamline.Workflows;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience;

/// <summary>Sources that register a callback on their token which throws. It must not reach a timer, where it would end the process, nor keep anything from being closed.</summary>
[Trait("Law", "9")]
public sealed class ThrowingCallbackTests
{
    private readonly ManualTimeProvider _time = new();

    private int _open;
    private int _called;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task UseTimeouts_CallbackThrows_GivesTheTimeoutAndNotTheTimer(bool isTotal)
    {
        var client = Build(builder => builder.UseTimeouts(options => (options.Idle, options.Total) = (TimeSpan.FromSeconds(isTotal ? 50 : 5), TimeSpan.FromSeconds(isTotal ? 5 : 50))));
        await using var events = await StartAsync(client);
        var moving = events.MoveNextAsync().AsTask();

        _time.Advance(TimeSpan.FromSeconds(5)); // runs the timer's callback on this thread

        (await FluentActions.Awaiting(() => moving.OrFail()).Should().ThrowAsync<StreamTimeoutException>())
            .Which.Phase.Should().Be(isTotal ? StreamTimeoutPhase.Total : StreamTimeoutPhase.Idle);
        (_open, _called).Should().Be((0, 1));
    }

    [Theory]
    [InlineData("cache")]
    [InlineData("hedging")]
    [InlineData("analysis")]
    public async Task DisposeAsync_CallbackThrows_ClosesEverything(string stage)
    {
        var client = Build(builder => _ = stage switch
        {
            "cache" => builder.UseCache(),
            "hedging" => builder.UseHedging(),
            _ => builder.UseTextAnalysis("nothing", (_, _) => new(null as System.Text.Json.JsonElement?)),
        });
        var events = await StartAsync(client);

        await events.DisposeAsync().AsTask().OrFail();

        (_open, _called).Should().Be((0, 1));
        _time.ActiveTimers.Should().Be(0);
    }

    [Fact]
    public async Task UseRetry_PipelineOfTheApplicationAndCallbackThrows_IsLeft()
    {
        var client = Build(builder => builder.UseRetry(options => options.Pipeline = Polly.ResiliencePipeline.Empty));
        var events = await StartAsync(client);

        await events.DisposeAsync().AsTask().OrFail();

        _open.Should().Be(0);
    }

    [Fact]
    public async Task UseCache_CallbackThrowsWhenTheLastReaderLeaves_TheAnswerIsForgotten()
    {
        var client = Build(builder => builder.UseCache());
        await (await StartAsync(client)).DisposeAsync().AsTask().OrFail();

        await using var again = client.StreamAsync(Request).GetAsyncEnumerator();
        (await again.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();

        again.Current.Should().BeOfType<ResponseStarted>("a new request is made, and the one that was left is not joined");
    }

    [Fact]
    public async Task MergeAsync_CallbackThrows_ClosesAllStreams()
    {
        string[] inputs = ["a", "b"];
        var merged = StreamMerge.MergeAsync(inputs, (_, cancellationToken) => StreamAsync(cancellationToken), new StreamMergeOptions()).GetAsyncEnumerator();
        (await merged.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();

        await merged.DisposeAsync().AsTask().OrFail();

        _open.Should().Be(0);
    }

    [Fact]
    public async Task CancelSafely_CallbacksThrow_RunsAllOfThem()
    {
        using var source = new CancellationTokenSource();
        var ran = 0;
        for (var i = 0; i < 2; i++)
        {
            source.Token.Register(() =>
            {
                ran++;
                throw new InvalidTimeZoneException();
            });
        }

        source.CancelSafely();
        await source.CancelSafelyAsync();

        ran.Should().Be(2);
        source.Dispose();
        source.CancelSafely(); // as a timer may that fires while its owner is disposed
    }

    private IStreamClient Build(Action<StreamClientBuilder> configure)
    {
        var builder = new StreamClientBuilder(new FakeStreamClient((_, cancellationToken) => StreamAsync(cancellationToken))).UseTimeProvider(_time);
        configure(builder);
        return builder.Build();
    }

    private static async Task<IAsyncEnumerator<StreamEvent>> StartAsync(IStreamClient client)
    {
        var events = client.StreamAsync(Request).GetAsyncEnumerator();
        do
        {
            (await events.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        }
        while (events.Current is not TextDelta);
        return events;
    }

    private async IAsyncEnumerable<StreamEvent> StreamAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _open);
        _ = cancellationToken.Register(() =>
        {
            Interlocked.Increment(ref _called);
            throw new InvalidTimeZoneException("a bug in the source");
        });
        try
        {
            yield return Started();
            yield return Words("a");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
