using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>Tools that are stopped: because a sibling failed, because they took too long, or because the stream is left.</summary>
[Trait("Law", "9")]
public sealed class ToolStopperTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Failure_ThatCancelsSiblings_StopsTheOneThatRunsAndKeepsTheOtherFromStarting()
    {
        var bad = new GatedTool("bad");
        var good = new GatedTool("good");
        await using var live = new LiveStream(CancelsSiblings(bad).Add(good.Function), o => o.MaxConcurrency = 2);
        live.SendAll(Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "bad"), .. Wire.Call(1, "2", "good"), .. Wire.Call(2, "3", "good")]));
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ResponseCompleted>();
        var failing = await bad.NextRunAsync();
        var stopped = CancellationOf(await good.NextRunAsync());
        failing.Fail(new InvalidOperationException());

        await stopped.OrFail();
        var events = await live.ReadToEndAsync();

        events.ErrorOf("2").Should().Be("The tool was stopped: the call of the tool 'bad' in the same response failed.");
        events.ErrorOf("3").Should().Be("The tool was not run: the call of the tool 'bad' in the same response failed.");
        good.Function.Calls.Should().Be(1);
    }

    /// <summary>A tool that is stopped has failed too, but it is not what stopped the others.</summary>
    [Fact]
    public async Task Failure_OfOneOfSeveralToolsThatCancelSiblings_IsTheReasonForAllOthers()
    {
        var first = new GatedTool("first");
        var second = new GatedTool("second");
        await using var live = new LiveStream(CancelsSiblings(first, second));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "first"), .. Wire.Call(1, "2", "second"), .. Wire.Call(2, "3", "second")]));
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ResponseCompleted>();
        (await first.NextRunAsync()).Fail(new InvalidOperationException());

        var events = await live.ReadToEndAsync();

        events.ErrorOf("2").Should().Contain("'first'");
        events.ErrorOf("3").Should().Contain("'first'");
    }

    [Fact]
    public async Task Failure_BeforeLaterCallsAreWhole_AnswersThem_AndTheyDoNotCount()
    {
        var bad = new GatedTool("bad");
        var good = new GatedTool("good");
        var look = new TestTool("look");
        await using var live = new LiveStream(new ToolSet()
            .Add(bad.Function, o => (o.ReadOnly, o.CancelSiblingsOnFailure) = (true, true))
            .Add(good.Function, o => o.ReadOnly = true)
            .Add(look, o => (o.ReadOnly, o.MaxCalls) = (true, 1)));
        live.Send([Wire.Started, .. Wire.Call(0, "1", "bad"), .. Wire.Call(1, "2", "good")]);
        await live.ReadToAsync<ToolExecutionStarted>(started => started.CallId == "2");
        var stopped = CancellationOf(await good.NextRunAsync());
        (await bad.NextRunAsync()).Fail(new InvalidOperationException());
        await stopped.OrFail();

        live.SendAll([.. Wire.Call(2, "3", "look"), .. Wire.Call(3, "4", "look"), Wire.Ended()]);
        live.SendAll(Wire.Answer());
        var events = await live.ReadToEndAsync();

        new[] { "3", "4" }.Select(events.ErrorOf).Should().AllBe("The tool was not run: the call of the tool 'bad' in the same response failed.");
        look.Calls.Should().Be(0);
    }

    [Fact]
    public async Task DiscardedTool_ThatIgnoresItsToken_IsToldToStopAtOnce_AndTheNextRoundDoesNotWaitForIt()
    {
        var deaf = new GatedTool("deaf", heedsToken: false);
        var other = new GatedTool("other");
        await using var live = new LiveStream(
            new ToolSet().Add(deaf.Function, o => o.ReadOnly = true).Add(other.Function), o => (o.TimeProvider, o.DefaultTimeout) = (new ManualTimeProvider(), Timeout.InfiniteTimeSpan));
        live.Send([Wire.Started, .. Wire.Call(0, "1", "deaf")]);
        await live.ReadToAsync<ToolExecutionStarted>();
        var run = await deaf.NextRunAsync();
        var stopped = CancellationOf(run);
        live.SendAll([Wire.Restarted(), Wire.Started, .. Wire.Call(0, "2", "other"), Wire.Ended()]);

        var reading = live.ResultOfAsync("2");
        await stopped.OrFail();
        (await other.NextRunAsync()).Complete("fine");
        await reading;
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ResponseCompleted>();

        deaf.Function.Running.Should().Be(1);
        run.Complete();
        await live.ReadToEndAsync();
    }

    [Fact]
    public async Task Failure_OfACallThatWasDiscarded_DoesNotStopTheCallsOfTheNewAttempt()
    {
        var bad = new GatedTool("bad");
        var good = new GatedTool("good");
        await using var live = new LiveStream(new ToolSet()
            .Add(bad.Function, o => (o.ReadOnly, o.CancelSiblingsOnFailure) = (true, true))
            .Add(good.Function, o => o.ReadOnly = true));
        live.Send([Wire.Started, .. Wire.Call(0, "1", "bad")]);
        await live.ReadToAsync<ToolExecutionStarted>();
        var discarded = await bad.NextRunAsync();
        live.Send([Wire.Restarted(), Wire.Started, .. Wire.Call(0, "2", "good")]);
        await live.ReadToAsync<ToolExecutionStarted>();
        var run = await good.NextRunAsync();

        discarded.Fail(new InvalidOperationException());
        while (bad.Function.Running > 0)
        {
            await Task.Yield();
        }

        run.Complete("fine");
        live.SendAll(Wire.Ended());
        live.SendAll(Wire.Answer());
        (await live.ReadToEndAsync()).ResultOf("2").Result.GetString().Should().Be("fine");
    }

    [Fact]
    public async Task Timeout_OfAToolThatIgnoresIt_IsShownToAReaderThatWaits()
    {
        var time = new ManualTimeProvider();
        var deaf = new GatedTool("deaf", heedsToken: false);
        await using var live = new LiveStream([deaf.Function], o => (o.TimeProvider, o.DefaultTimeout) = (time, Limit));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "deaf")));
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ToolExecutionStarted>();
        var run = await deaf.NextRunAsync();
        var reading = live.ResultOfAsync("1");
        reading.IsCompleted.Should().BeFalse();

        time.Advance(Limit);

        (await reading).IsError.Should().BeTrue();
        run.Complete();
        await live.ReadToEndAsync();
    }

    [Fact]
    public async Task Abandoning_DoesNotRunTheNextToolOnTheThreadOfTheClock()
    {
        var time = new ManualTimeProvider();
        using var isClock = new ThreadLocal<bool>();
        var ranOnClock = true;
        var deaf = new GatedTool("deaf", heedsToken: false);
        var next = new TestTool("next", (_, _) =>
        {
            ranOnClock = isClock.Value;
            return ValueTask.FromResult<object?>("ok");
        });
        await using var live = new LiveStream(
            new ToolSet().Add(deaf.Function).Add(next, o => o.NonBlocking = true), o => (o.TimeProvider, o.DefaultTimeout, o.MaxConcurrency) = (time, Limit, 1));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "deaf"), .. Wire.Call(1, "2", "next")]));
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ResponseCompleted>();
        var run = await deaf.NextRunAsync();

        isClock.Value = true;
        time.Advance(Limit);
        time.Advance(TimeSpan.FromSeconds(1));
        isClock.Value = false;

        await live.ReadToEndAsync();
        ranOnClock.Should().BeFalse();
        run.Complete();
    }

    [Fact]
    public async Task Leave_ProgressOfAToolThatIsStopped_IsNotShown()
    {
        using var stop = new CancellationTokenSource();
        var stopping = new TestTool("tool", async (arguments, token) =>
        {
            var gone = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = token.Register(() =>
            {
                arguments.ReportProgress("stopping");
                gone.SetCanceled(token);
            });
            arguments.ReportProgress("running");
            return await gone.Task;
        });
        await using var live = new LiveStream([stopping], cancellationToken: stop.Token);
        live.SendAll(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "tool")));
        await live.ReadToAsync<ToolProgress>();

        await stop.CancelAsync();
        await live.FailureAsync<OperationCanceledException>();

        live.Seen.OfType<ToolProgress>().Select(shown => shown.Progress.GetString()).Should().Equal("running");
    }

    [Fact]
    public async Task Timeout_OfAToolThatIgnoresIt_MakesRoomForTheNextOneAfterTheGracePeriod()
    {
        var time = new ManualTimeProvider();
        var deaf = new GatedTool("deaf", heedsToken: false);
        var next = new GatedTool("next", heedsToken: false);
        var live = new LiveStream([deaf.Function, next.Function], o => (o.TimeProvider, o.DefaultTimeout, o.MaxConcurrency) = (time, Limit, 1));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "deaf"), .. Wire.Call(1, "2", "next")]));
        await live.ReadToAsync<ResponseCompleted>();
        var abandoned = await deaf.NextRunAsync();
        time.Advance(Limit);
        await live.ResultOfAsync("1");
        next.Function.Calls.Should().Be(0, "the other tool has not stopped");
        var showing = live.ReadToAsync<ToolAbandoned>();
        time.Advance(TimeSpan.FromSeconds(1));
        var run = await next.NextRunAsync();
        await showing.OrFail();

        // The end of an abandoned tool is not that of another one, which leaving still waits for.
        abandoned.Complete();
        while (deaf.Function.Running > 0)
        {
            await Task.Yield();
        }

        var leaving = live.DisposeAsync().AsTask();
        leaving.IsCompleted.Should().BeFalse();
        run.Complete();
        await leaving.OrFail();
    }

    /// <summary>The end of the answer is the last event of a stream that ends well.</summary>
    [Fact]
    public async Task Timeout_OfAToolThatIsAbandonedAfterTheAnswer_IsNotShownAfterItsEnd()
    {
        var time = new ManualTimeProvider();
        var deaf = new GatedTool("deaf", heedsToken: false);
        List<ToolFailureKind> failures = [];
        await using var live = new LiveStream([deaf.Function], o => (o.TimeProvider, o.DefaultTimeout, o.OnToolFailure) = (time, Limit, failure => failures.Add(failure.Kind)));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "deaf")));
        await live.ReadToAsync<ResponseCompleted>();
        var run = await deaf.NextRunAsync();
        time.Advance(Limit);
        await live.ResultOfAsync("1");
        live.Send(Wire.Answer());
        await live.ReadToAsync<ResponseCompleted>();
        time.Advance(TimeSpan.FromSeconds(1));
        live.End();

        (await live.ReadToEndAsync())[^1].Should().BeOfType<ResponseCompleted>();

        failures.Should().Equal(ToolFailureKind.TimedOut, ToolFailureKind.Abandoned);
        run.Complete();
    }

    /// <summary>A call that waits for a resource of another stream has nothing that would have to end.</summary>
    [Fact]
    public async Task Leave_WhileACallOnlyWaits_EndsAtOnceAndAnswersIt()
    {
        using var cancellation = new CancellationTokenSource();
        var time = new ManualTimeProvider();
        var write = new GatedTool("write");
        await using var live = new LiveStream(new ToolSet().Add(write.Function, o => o.Locks = _ => [ToolLock.Write("file:a")]), o => (o.TimeProvider, o.DefaultTimeout) = (time, Timeout.InfiniteTimeSpan));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "write")));
        await live.ReadToAsync<ToolExecutionStarted>();
        var run = await write.NextRunAsync();
        live.SendAll(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "2", "write")));
        var other = live.Client.StreamAsync("hi", cancellationToken: cancellation.Token).GetAsyncEnumerator(CancellationToken.None);
        List<StreamEvent> events = [];
        while (events.LastOrDefault() is not ToolWaiting { Reason: ToolWaitReason.Resource })
        {
            (await other.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
            events.Add(other.Current);
        }

        await cancellation.CancelAsync();
        await FluentActions.Awaiting(ReadOtherAsync).Should().ThrowAsync<OperationCanceledException>();

        events.ErrorOf("2").Should().Be("The tool was not run: the stream was left before it started.");
        run.Complete();
        live.SendAll(Wire.Answer());
        await live.ReadToEndAsync();
        write.Function.Calls.Should().Be(1);

        async Task ReadOtherAsync()
        {
            while (await other.MoveNextAsync().AsTask().OrFail())
            {
                events.Add(other.Current);
            }
        }
    }

    [Fact]
    public async Task Leave_BeforeTheFirstEvent_DoesNothing()
    {
        var source = FakeStreamClient.Of(Wire.Answer());
        var events = new StreamClientBuilder(source).UseTools(new TestTool("a")).Build().StreamAsync("hi").GetAsyncEnumerator();
        await events.DisposeAsync();
        source.Requests.Should().BeEmpty();
    }

    private static ToolSet CancelsSiblings(params GatedTool[] tools) =>
        tools.Aggregate(new ToolSet(), (set, tool) => set.Add(tool.Function, o => o.CancelSiblingsOnFailure = true));

    private static Task CancellationOf(GatedRun run)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        run.Token.Register(cancelled.SetResult);
        return cancelled.Task;
    }
}
