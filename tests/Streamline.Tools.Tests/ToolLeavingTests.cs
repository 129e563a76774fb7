using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>However a stream is left, its tools have ended and its source is closed.</summary>
[Trait("Law", "9")]
public sealed class ToolLeavingTests
{
    [Fact]
    public async Task Break_WhileToolsRunAndTheResponseGoesOn_EndsBoth()
    {
        var tool = new GatedTool("look");
        var source = new FakeStreamClient((_, token) => FakeStreamClient.StreamThenStall([Wire.Started, .. Wire.Call(0, "1", "look"), .. Wire.Call(1, "2", "look")], token));
        var client = new StreamClientBuilder(source).UseTools(ReadOnly(tool)).Build();
        await Leave().OrFail();
        (source.Open, tool.Function.Running).Should().Be((0, 0));

        async Task Leave()
        {
            await foreach (var streamEvent in client.StreamAsync("hi"))
            {
                if (streamEvent is ToolExecutionStarted { CallId: "2" })
                {
                    break;
                }
            }
        }
    }

    [Fact]
    public async Task Break_AfterTheResponse_EndsTheTools()
    {
        var tool = new GatedTool("write");
        var live = new LiveStream([tool.Function]);
        live.SendAll(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "write")));
        await live.ReadToAsync<ToolExecutionStarted>();
        var run = await tool.NextRunAsync();
        await live.DisposeAsync();
        run.Token.IsCancellationRequested.Should().BeTrue();
        (live.Source.Open, tool.Function.Running).Should().Be((0, 0));
    }

    [Fact]
    public async Task Dispose_ToolThatDoesNotHeedItsToken_IsAwaited()
    {
        var tool = new GatedTool("write", heedsToken: false);
        var live = new LiveStream([tool.Function]);
        live.SendAll(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "write")));
        await live.ReadToAsync<ToolExecutionStarted>();
        var run = await tool.NextRunAsync();
        var cancelled = new TaskCompletionSource();
        run.Token.Register(() => cancelled.TrySetResult());
        var leaving = live.DisposeAsync().AsTask();
        await cancelled.Task.OrFail();
        leaving.IsCompleted.Should().BeFalse("nothing may be left running");
        run.Complete();
        await leaving.OrFail();
        tool.Function.Running.Should().Be(0);
    }

    [Fact]
    public async Task Break_QueuedCalls_NeverStart()
    {
        var tool = new GatedTool("write");
        var live = new LiveStream([tool.Function], o => o.MaxConcurrency = 1);
        live.SendAll(Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "write"), .. Wire.Call(1, "2", "write")]));
        await live.ReadToAsync<ToolExecutionStarted>();
        await tool.NextRunAsync();
        await live.DisposeAsync();
        tool.Function.Calls.Should().Be(1);
    }

    [Fact]
    public async Task CallersToken_WhileTheResponseGoesOn_IsOnTheException()
    {
        using var cancellation = new CancellationTokenSource();
        var tool = new GatedTool("look");
        await using var live = new LiveStream(ReadOnly(tool), cancellationToken: cancellation.Token);
        live.Send([Wire.Started, .. Wire.Call(0, "1", "look")]);
        await live.ReadToAsync<ToolExecutionStarted>();
        await tool.NextRunAsync();
        var failure = live.FailureAsync<OperationCanceledException>();
        await cancellation.CancelAsync();
        (await failure).CancellationToken.Should().Be(cancellation.Token);
        (live.Source.Open, tool.Function.Running).Should().Be((0, 0));
    }

    [Fact]
    public async Task CallersToken_WhileOnlyToolsRun_IsOnTheException()
    {
        using var cancellation = new CancellationTokenSource();
        var tool = new GatedTool("write");
        await using var live = new LiveStream([tool.Function], cancellationToken: cancellation.Token);
        live.SendAll(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "write")));
        await live.ReadToAsync<ToolExecutionStarted>();
        await tool.NextRunAsync();
        var failure = live.FailureAsync<OperationCanceledException>();
        await cancellation.CancelAsync();
        (await failure).CancellationToken.Should().Be(cancellation.Token);
        live.Seen.ErrorOf("1").Should().Be("The tool was started, and stopped before it finished.");
        tool.Function.Running.Should().Be(0);
    }

    [Fact]
    public async Task CallersToken_WithoutTools_IsOnTheException()
    {
        using var cancellation = new CancellationTokenSource();
        await using var live = new LiveStream([new TestTool("a")], cancellationToken: cancellation.Token);
        live.Send(Wire.Started);
        await live.NextAsync();
        var failure = live.FailureAsync<OperationCanceledException>();
        await cancellation.CancelAsync();
        (await failure).CancellationToken.Should().Be(cancellation.Token);
    }

    [Fact]
    public async Task CancelledBeforehand_SendsNothing()
    {
        var source = FakeStreamClient.Of(Wire.Answer());
        var client = new StreamClientBuilder(source).UseTools(new TestTool("a")).Build();
        var (events, exception) = await client.StreamAsync("hi", cancellationToken: new CancellationToken(canceled: true)).CatchAsync();
        exception.Should().BeAssignableTo<OperationCanceledException>();
        events.Should().BeEmpty();
        source.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task FailureOfTheStream_EndsTheToolsAndIsPassedOn()
    {
        var tool = new GatedTool("look");
        await using var live = new LiveStream(ReadOnly(tool));
        live.Send([Wire.Started, .. Wire.Call(0, "1", "look")]);
        await live.ReadToAsync<ToolExecutionStarted>();
        var run = await tool.NextRunAsync();
        var failure = new StreamInterruptedException("The body ended", bytesReceived: 5);
        live.End(failure);
        (await live.FailureAsync<StreamInterruptedException>()).Should().BeSameAs(failure);
        run.Token.IsCancellationRequested.Should().BeTrue();
        (live.Source.Open, tool.Function.Running).Should().Be((0, 0));
    }

    [Fact]
    public async Task FailureOfTheConsumer_EndsTheTools()
    {
        var tool = new GatedTool("look");
        var source = new FakeStreamClient((_, token) => FakeStreamClient.StreamThenStall([Wire.Started, .. Wire.Call(0, "1", "look")], token));
        var client = new StreamClientBuilder(source).UseTools(ReadOnly(tool)).Build();
        await FluentActions.Awaiting(() => Fail().OrFail()).Should().ThrowAsync<InvalidTimeZoneException>();
        (source.Open, tool.Function.Running).Should().Be((0, 0));

        async Task Fail()
        {
            await foreach (var streamEvent in client.StreamAsync("hi"))
            {
                if (streamEvent is ToolExecutionStarted)
                {
                    throw new InvalidTimeZoneException();
                }
            }
        }
    }

    private static ToolSet ReadOnly(GatedTool tool) => new ToolSet().Add(tool.Function, o => o.ReadOnly = true);
}
