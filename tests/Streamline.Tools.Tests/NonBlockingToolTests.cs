using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>Tools that never block start on the thread that reads the stream; all that holds for other tools holds for them.</summary>
public sealed class NonBlockingToolTests
{
    private static readonly AsyncLocal<string?> Ambient = new();

    private static StreamEvent[] TwoCalls => Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "tool"), .. Wire.Call(1, "2", "tool")]);

    [Fact]
    public async Task Tool_StartsOnTheThreadThatReads_AndHasEndedWhenTheReaderSeesItsStart()
    {
        var threads = new List<int>();
        var tool = new TestTool("tool", (_, _) =>
        {
            threads.Add(Environment.CurrentManagedThreadId);
            return ValueTask.FromResult<object?>("done");
        });
        var seen = new List<int>();
        await OnPoolAsync(async () =>
        {
            await foreach (var streamEvent in Client(tool, TwoCalls).StreamAsync("hi"))
            {
                seen.AddRange(streamEvent is ToolExecutionStarted ? [Environment.CurrentManagedThreadId] : []);
            }
        });

        threads.Should().HaveCount(2).And.Equal(seen);
    }

    [Fact]
    public async Task SynchronizationContext_OfTheReader_KeepsToolsOffItsThread()
    {
        var hasContext = true;
        var tool = new TestTool("tool", (_, _) =>
        {
            hasContext = SynchronizationContext.Current is not null;
            return ValueTask.FromResult<object?>("done");
        });
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
        try
        {
            await Client(tool, TwoCalls).StreamAsync("hi").CollectAsync();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        hasContext.Should().BeFalse();
    }

    [Fact]
    public async Task ExecutionContext_ChangedByATool_StaysTheReadersOwn()
    {
        var after = "";
        var seen = new List<string?>();
        var tool = new TestTool("tool", (_, _) =>
        {
            seen.Add(Ambient.Value);
            Ambient.Value = "tool";
            return ValueTask.FromResult<object?>("done");
        });

        await OnPoolAsync(async () =>
        {
            Ambient.Value = "caller";
            await Client(tool, TwoCalls).StreamAsync("hi").CollectAsync();
            after = Ambient.Value;
        });

        seen.Should().Equal("caller", "caller");
        after.Should().Be("caller");
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Tool_ThatAwaits_HasItsTimeLimitAndRunsBesideOthers()
    {
        var time = new ManualTimeProvider();
        var tool = new GatedTool("tool");
        await using var live = new LiveStream(new ToolSet().Add(tool.Function, o => (o.NonBlocking, o.Timeout) = (true, TimeSpan.FromSeconds(5))), o => o.TimeProvider = time);
        live.SendAll(TwoCalls);
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ToolExecutionStarted>(started => started.CallId == "2");
        GatedRun[] runs = [await tool.NextRunAsync(), await tool.NextRunAsync()]; // in any order: the test has a synchronization context
        runs.Single(run => run.Arguments.ToolCall()!.CallId == "1").Complete("fine");
        await live.ResultOfAsync("1");
        time.Advance(TimeSpan.FromSeconds(5));

        await live.ReadToEndAsync();
        live.Seen.ResultOf("1").IsError.Should().BeFalse();
        live.Seen.ErrorOf("2").Should().Contain("5 s");
        time.ActiveTimers.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Tool_ThatAwaitsAfterItHasStartedOnTheReadersThread_HasItsTimeLimit()
    {
        var time = new ManualTimeProvider();
        var tool = new GatedTool("tool");
        List<StreamEvent> events = [];
        await OnPoolAsync(async () =>
        {
            await foreach (var streamEvent in Client(tool.Function, Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "tool")), o => (o.TimeProvider, o.DefaultTimeout) = (time, TimeSpan.FromSeconds(5))).StreamAsync("hi"))
            {
                events.Add(streamEvent);
                if (streamEvent is ToolExecutionStarted)
                {
                    time.Advance(TimeSpan.FromSeconds(5));
                }
            }
        });

        events.ErrorOf("1").Should().Contain("5 s");
    }

    [Fact]
    public async Task ManyCalls_OneAfterTheOther_NeedNoDeepStack()
    {
        var tool = new TestTool("tool", "done");
        StreamEvent[] calls = Wire.Response(FinishReason.ToolCalls, [.. Enumerable.Range(0, 5_000).SelectMany(i => Wire.Call(i, $"c{i}", "tool"))]);
        List<StreamEvent> events = [];
        await OnPoolAsync(async () => events = await Client(tool, calls, o => (o.MaxCallsPerRound, o.MaxConcurrency) = (5_000, 1)).StreamAsync("hi").CollectAsync());

        events.OfType<ToolResult>().Should().HaveCount(5_000).And.OnlyContain(result => !result.IsError);
    }

    /// <summary>Runs without the synchronization context of the test.</summary>
    private static Task OnPoolAsync(Func<Task> body) => Task.Run(body).OrFail();

    private static IStreamClient Client(TestTool tool, StreamEvent[] calls, Action<ToolLoopOptions>? configure = null)
    {
        var source = new FakeStreamClient((_, _) => FakeStreamClient.Stream(calls), (_, _) => FakeStreamClient.Stream(Wire.Answer()));
        return new StreamClientBuilder(source).UseTools(new ToolSet().Add(tool, o => o.NonBlocking = true), configure).Build();
    }
}
