using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Pipeline;

public sealed class PipelineOrderTests
{
    [Theory]
    [InlineData(StreamStage.Retry)]
    [InlineData(StreamStage.Failover)]
    [Trait("Law", "7")]
    [Trait("Finding", "T9")]
    public void Build_WhatRepeatsIsOutsideOfTools_SaysTheRightOrder(StreamStage repeating)
    {
        var builder = Builder(StreamStage.Backpressure, repeating, StreamStage.Timeouts, StreamStage.Tools, StreamStage.Telemetry);

        FluentActions.Invoking(() => builder.Build()).Should().Throw<InvalidOperationException>()
            .WithMessage($"Use{repeating} is outside of UseTools*outermost first: UseTelemetry, UseTools, Use{repeating}, UseTimeouts, UseBackpressure.");
    }

    [Fact]
    public void Build_RetryTwice_IsRefused()
    {
        var builder = new StreamClientBuilder(FakeStreamClient.Of()).UseRetry(retry => retry.MaxAttempts = 2).UseDefaults();

        FluentActions.Invoking(() => builder.Build()).Should().Throw<InvalidOperationException>().WithMessage("UseRetry is there twice*");
    }

    [Fact]
    public void Build_OtherOrders_Work()
    {
        Builder(StreamStage.Timeouts, StreamStage.Backpressure, StreamStage.Tools, StreamStage.Tools, StreamStage.Retry, StreamStage.Timeouts).Build().Should().NotBeNull();
        Builder(Enum.GetValues<StreamStage>()).Build().Should().NotBeNull("the canonical order is that of the values");
    }

    [Fact]
    [Trait("Law", "12")]
    public async Task UseTimeProvider_AddedLast_IsTheClockOfAllThatHaveNone()
    {
        var (time, own) = (new ManualTimeProvider(), new ManualTimeProvider());
        var client = new StreamClientBuilder(new FakeStreamClient(Fails(Overloaded()), Stalls(Started())))
            .UseRetry()
            .UseTimeouts(limits => (limits.FirstEvent, limits.Idle, limits.TimeProvider) = (null, TimeSpan.FromSeconds(9), own))
            .UseTimeProvider(time)
            .Build();

        using var cancellation = new CancellationTokenSource();
        var reading = client.StreamAsync(Request, cancellation.Token).CatchAsync();
        await time.WaitForTimersAsync().OrFail();
        time.Advance(TimeSpan.FromMinutes(1));
        await own.WaitForTimersAsync().OrFail();

        time.ActiveTimers.Should().Be(0, "the limits run by their own clock");
        await cancellation.CancelAsync();
        (await reading.OrFail()).Exception.Should().BeOfType<OperationCanceledException>();
    }

    [Fact]
    public async Task UseDefaults_AddsRetryTimeoutsAndBackpressure()
    {
        var seen = new List<string>();
        var client = new StreamClientBuilder(new FakeStreamClient(Fails(Overloaded()), Ends(Words("ok"), Completed())))
            .UseDefaults(
                retry =>
                {
                    retry.BaseDelay = TimeSpan.Zero;
                    seen.Add("retry");
                },
                _ => seen.Add("timeouts"),
                _ => seen.Add("backpressure"))
            .Build();

        var (events, exception) = await client.StreamAsync(Request).CatchAsync();

        exception.Should().BeNull();
        TextOf(events).Should().Be("ok");
        seen.Should().Equal("retry", "timeouts", "backpressure");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task UseDefaults_Total_IsOnUnlessItIsTurnedOff(bool isOff)
    {
        var time = new ManualTimeProvider();
        var client = new StreamClientBuilder(new FakeStreamClient(Stalls(Started(), Words("a"))))
            .UseTimeProvider(time)
            .UseDefaults(timeouts: options =>
            {
                options.Total.Should().Be(TimeoutOptions.DefaultTotal);
                options.Idle = options.Progress = null;
                options.Total = isOff ? null : options.Total;
            })
            .Build();
        using var cancellation = new CancellationTokenSource();
        await using var events = client.StreamAsync(Request, cancellation.Token).GetAsyncEnumerator();
        do
        {
            (await events.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        }
        while (events.Current is not TextDelta);

        // From here on, the limits that hold before the first event are no longer set.
        var stalled = events.MoveNextAsync().AsTask();
        while (time.ActiveTimers == 0 && !isOff)
        {
            await Task.Yield();
        }

        time.Advance(TimeoutOptions.DefaultTotal);

        if (isOff)
        {
            time.ActiveTimers.Should().Be(0);
            await cancellation.CancelAsync();
            await FluentActions.Awaiting(() => stalled.OrFail()).Should().ThrowAsync<OperationCanceledException>();
        }
        else
        {
            (await FluentActions.Awaiting(() => stalled.OrFail()).Should().ThrowAsync<StreamTimeoutException>()).Which.Phase.Should().Be(StreamTimeoutPhase.Total);
        }
    }

    [Fact]
    public void UseIfMissing_StageOfThePipelineIsKept_AMissingOneGetsItsPlace()
    {
        var order = new List<StreamStage>();
        var builder = Builder(order, StreamStage.Retry, StreamStage.Backpressure);

        builder.UseIfMissing(StreamStage.Timeouts, Note(order, StreamStage.Timeouts));
        builder.UseIfMissing(StreamStage.Retry, (_, _) => throw new InvalidOperationException("there is one"));
        builder.Build();

        order.Should().Equal([StreamStage.Backpressure, StreamStage.Timeouts, StreamStage.Retry], "the innermost is built first");
    }

    private static StreamClientBuilder Builder(params StreamStage[] stages) => Builder([], stages);

    private static StreamClientBuilder Builder(List<StreamStage> order, params StreamStage[] stages)
    {
        var builder = new StreamClientBuilder(FakeStreamClient.Of());
        foreach (var stage in stages)
        {
            builder.Use(stage, Note(order, stage));
        }

        return builder;
    }

    private static Func<IStreamClient, StreamPipelineContext, IStreamClient> Note(List<StreamStage> order, StreamStage stage) => (inner, _) =>
    {
        order.Add(stage);
        return inner;
    };
}
