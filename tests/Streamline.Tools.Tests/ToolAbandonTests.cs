using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>Leaving a stream whose tools do not stop, or have stopped in time: what the caller has afterwards.</summary>
[Trait("Law", "9")]
public sealed class ToolAbandonTests
{
    private static StreamEvent[] Calls => Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "quick"), .. Wire.Call(1, "2", "stuck")]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Finding", "T7")]
    public async Task Cancel_ToolThatIgnoresItsToken_IsAbandonedAfterTheGracePeriod(bool blocksItsThread)
    {
        var time = new ManualTimeProvider();
        using var gate = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        var gone = new TaskCompletionSource();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stuck = new TestTool("stuck", async (_, token) =>
        {
            started.SetResult();
            if (blocksItsThread)
            {
                gate.Wait(CancellationToken.None);
            }
            else
            {
                await gone.Task;
            }

            return "too late";
        });
        List<ToolFailure> failures = [];
        var live = new LiveStream(
            [stuck, new TestTool("quick", "done")], o => (o.TimeProvider, o.DefaultTimeout, o.OnToolFailure) = (time, Timeout.InfiniteTimeSpan, failures.Add), cancellationToken: stop.Token);
        live.SendAll(Calls);
        await live.ResultOfAsync("1");
        await started.Task.OrFail();
        var failing = live.FailureAsync<OperationCanceledException>();
        await stop.CancelAsync();
        await time.WaitForTimersAsync().OrFail(); // the grace period
        failing.IsCompleted.Should().BeFalse("the tool has its grace period");
        time.Advance(TimeSpan.FromSeconds(1));

        var failure = await failing.OrFail();

        live.Seen.ErrorOf("2").Should().Be("The tool was started and did not stop when it was told to. Whether it took effect is unknown.");
        live.Seen.OfType<ToolAbandoned>().Should().ContainSingle().Which.CallId.Should().Be("2");
        failures.Should().Contain(f => f.Kind == ToolFailureKind.Abandoned);
        PartialResponse.TryGet(failure, out var partial).Should().BeTrue();
        partial!.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.CallId).Should().Equal("1", "2");
        gate.Set();
        gone.SetResult();
        await live.DisposeAsync();
    }

    /// <summary>What had finished is not lost, and each call that had not says why.</summary>
    [Fact]
    [Trait("Finding", "T4")]
    [Trait("Finding", "B1")]
    [Trait("Law", "13")]
    public async Task Cancel_BehindAChatClient_KeepsFinishedResultsAndClosesTheRest()
    {
        using var stop = new CancellationTokenSource();
        var slow = new GatedTool("stuck");
        var source = FakeStreamClient.Of(Calls);
        var chat = new StreamClientBuilder(source).UseTools(new TestTool("quick", "done"), slow.Function).Build().AsChatClient();
        List<AIContent> seen = [];
        var reading = async () =>
        {
            await foreach (var update in chat.GetStreamingResponseAsync("hi", cancellationToken: stop.Token))
            {
                seen.AddRange(update.Contents);
                if (!stop.IsCancellationRequested && update.Contents.Any(content => content is FunctionResultContent))
                {
                    await slow.NextRunAsync();
                    await stop.CancelAsync();
                }
            }
        };

        var failure = (await reading.Should().ThrowAsync<OperationCanceledException>()).Which;

        seen.OfType<FunctionResultContent>().First().CallId.Should().Be("1", "it came while the other tool was running");
        PartialResponse.TryGet(failure, out var partial).Should().BeTrue();
        var results = partial!.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().ToDictionary(result => result.CallId, result => $"{result.Result}");
        results.Should().BeEquivalentTo(new Dictionary<string, string> { ["1"] = "done", ["2"] = "The tool was started, and stopped before it finished." });
    }

    /// <summary>A failure concerns the calls of its own response only.</summary>
    [Fact]
    public async Task FailingTool_ThatCancelsSiblings_LeavesLaterRoundsAlone()
    {
        var bad = new TestTool("bad", (_, _) => throw new InvalidOperationException());
        var good = new TestTool("good", "done");
        var loop = Loop.Over(
            new ToolSet().Add(bad, o => o.CancelSiblingsOnFailure = true).Add(good),
            Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "bad")),
            Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "2", "good")),
            Wire.Answer());

        (await loop.RunAsync()).ResultOf("2").IsError.Should().BeFalse();
    }

    [Fact]
    public async Task ToolThatFailsAfterItsTimeLimit_IsReportedTwice_AndAnsweredOnce()
    {
        var time = new ManualTimeProvider();
        var failures = System.Threading.Channels.Channel.CreateUnbounded<ToolFailure>();
        var deaf = new GatedTool("deaf", heedsToken: false);
        await using var live = new LiveStream([deaf.Function], o => (o.TimeProvider, o.DefaultTimeout, o.OnToolFailure) = (time, TimeSpan.FromSeconds(5), failure => failures.Writer.TryWrite(failure)));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "deaf")));
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ToolExecutionStarted>();
        var run = await deaf.NextRunAsync();
        time.Advance(TimeSpan.FromSeconds(5));
        await live.ResultOfAsync("1");
        run.Fail(new InvalidOperationException("late"));

        (await failures.Reader.ReadAsync().AsTask().OrFail()).Kind.Should().Be(ToolFailureKind.TimedOut);
        (await failures.Reader.ReadAsync().AsTask().OrFail()).Exception.Should().BeOfType<InvalidOperationException>();
        (await live.ReadToEndAsync()).OfType<ToolResult>().Should().ContainSingle();
    }

    /// <summary>Between the answer to a question and the start of its tool the reader must not take the round for ended.</summary>
    [Fact]
    [Trait("Law", "7")]
    public async Task Approve_OnAnotherThread_NeverLosesTheCall()
    {
        for (var i = 0; i < 300; i++)
        {
            var tool = new TestTool("write", "done");
            var source = new FakeStreamClient(
                (_, _) => FakeStreamClient.Stream(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "write"))), (_, _) => FakeStreamClient.Stream(Wire.Answer()));
            var client = new StreamClientBuilder(source).UseTools(new ToolSet().Add(tool, o => o.Approval = ToolApproval.Always)).Build();
            List<StreamEvent> events = [];
            await foreach (var streamEvent in client.StreamAsync("hi"))
            {
                events.Add(streamEvent);
                if (streamEvent is ApprovalRequested request)
                {
                    _ = Task.Run(() => request.Approve());
                }
            }

            (tool.Calls, source.Requests.Count).Should().Be((1, 2));
            events.ResultOf("1").IsError.Should().BeFalse();
        }
    }
}
