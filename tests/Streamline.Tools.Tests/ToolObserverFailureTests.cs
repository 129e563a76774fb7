using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Streamline.TestSupport;
using Streamline.Tools.Tests.Support;

namespace Streamline.Tools.Tests;

/// <summary>Whatever code of others throws around a tool, its call gets an outcome. Alone, because a listener hears of every tool of the process.</summary>
[Collection(AloneCollection.Name)]
public sealed class ToolObserverFailureTests
{
    private static readonly StreamEvent[] OneCall = Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "tool"));

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Listener_ThatThrows_LeavesTheOutcomeAsItIs(bool atStart, bool isNonBlocking)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == StreamTelemetry.SourceName,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = span => Throw(span, atStart),
            ActivityStopped = span => Throw(span, !atStart),
        };
        ActivitySource.AddActivityListener(listener);
        Activity? inside = null;
        var tool = new TestTool("tool", (_, _) =>
        {
            inside = Activity.Current;
            return ValueTask.FromResult<object?>("ok");
        });
        using var own = new Activity("own").Start();
        var events = await Loop.Over(new ToolSet().Add(tool, o => o.NonBlocking = isNonBlocking), OneCall, Wire.Answer()).RunAsync();
        events.ResultOf("1").Result.GetString().Should().Be("ok");
        inside!.DisplayName.Should().Be(atStart ? "own" : "execute_tool tool");
        Activity.Current.Should().BeSameAs(own);

        static void Throw(Activity span, bool throws)
        {
            if (throws && span.DisplayName == "execute_tool tool")
            {
                throw new InvalidTimeZoneException();
            }
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Exception_WhoseMessageThrows_IsAnError(bool isAsync, bool isScoped)
    {
        var tool = new TestTool("tool", async (_, token) =>
        {
            await (isAsync ? Task.Run(() => { }, token) : Task.CompletedTask);
            throw new UnreadableException();
        });
        await using var services = new ServiceCollection().BuildServiceProvider();
        var events = await Loop.Over([tool], o => (o.IncludeExceptionDetails, o.ScopePerCall, o.Services) = (true, isScoped, services), OneCall, Wire.Answer()).RunAsync();
        events.ErrorOf("1").Should().Be("The tool failed: UnreadableException: (its message could not be read)");
    }

    [Fact]
    public async Task Exception_WhoseMessageThrows_InAFunctionOfTheOptions_IsAnError()
    {
        var tools = new ToolSet().Add(new TestTool("tool"), o => o.Locks = _ => throw new UnreadableException());
        (await Loop.Over(tools, o => o.IncludeExceptionDetails = true, OneCall, Wire.Answer()).RunAsync()).ErrorOf("1").Should().Contain("UnreadableException");
    }

    [Fact]
    public async Task Scope_WhoseDisposalHangs_LeavesTheResultAndIsAbandoned()
    {
        var time = new ManualTimeProvider();
        var hanging = new Hanging();
        await using var services = new ServiceCollection().AddScoped(_ => hanging).BuildServiceProvider();
        var tool = ToolThatUses<Hanging>();
        var failures = new List<ToolFailure>();
        await using var live = new LiveStream(
            new ToolSet().Add(tool, o => o.Timeout = TimeSpan.FromMilliseconds(500)),
            o => (o.TimeProvider, o.Services, o.ScopePerCall, o.OnToolFailure) = (time, services, true, failures.Add));
        live.SendAll(OneCall);
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ToolExecutionStarted>();
        await hanging.Begun.Task.OrFail();
        time.Advance(TimeSpan.FromSeconds(1));
        var events = await live.ReadToEndAsync();
        events.ResultOf("1").IsError.Should().BeFalse();
        events.ResultOf("1").Result.GetString().Should().Be("done");
        events.OfType<ToolAbandoned>().Should().ContainSingle();
        failures.Should().ContainSingle().Which.Kind.Should().Be(ToolFailureKind.Abandoned);
        hanging.Ended.SetResult();
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Scope_WhoseDisposalHangs_WhenTheStreamIsLeft_LeavesTheResult()
    {
        using var cancellation = new CancellationTokenSource();
        var time = new ManualTimeProvider();
        var hanging = new Hanging();
        await using var services = new ServiceCollection().AddScoped(_ => hanging).BuildServiceProvider();
        var tool = ToolThatUses<Hanging>();
        await using var live = new LiveStream([tool], o => (o.TimeProvider, o.Services, o.ScopePerCall) = (time, services, true), cancellationToken: cancellation.Token);
        live.SendAll(OneCall);
        await live.ReadToAsync<ToolExecutionStarted>();
        await hanging.Begun.Task.OrFail();
        var failure = live.FailureAsync<OperationCanceledException>();
        await cancellation.CancelAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        await failure;
        live.Seen.ResultOf("1").Result.GetString().Should().Be("done");
        hanging.Ended.SetResult();
    }

    [Fact]
    public async Task Scope_WhoseDisposalTakesLongerThanTheToolMay_LeavesTheResult()
    {
        var time = new ManualTimeProvider();
        var slow = new Hanging();
        await using var services = new ServiceCollection().AddScoped(_ => slow).BuildServiceProvider();
        var tool = ToolThatUses<Hanging>();
        await using var live = new LiveStream(
            new ToolSet().Add(tool, o => o.Timeout = TimeSpan.FromMilliseconds(500)), o => (o.TimeProvider, o.Services, o.ScopePerCall) = (time, services, true));
        live.SendAll(OneCall);
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ToolExecutionStarted>();
        await slow.Begun.Task.OrFail();
        time.Advance(TimeSpan.FromMilliseconds(900));
        slow.Ended.SetResult();
        var events = await live.ReadToEndAsync();
        events.ResultOf("1").Result.GetString().Should().Be("done");
        events.OfType<ToolAbandoned>().Should().BeEmpty();
    }

    private static TestTool ToolThatUses<T>()
        where T : notnull => new("tool", (arguments, _) =>
    {
        arguments.Services!.GetRequiredService<T>();
        return ValueTask.FromResult<object?>("done");
    });

    private sealed class UnreadableException : Exception
    {
        public override string Message => throw new InvalidOperationException();
    }

    private sealed class Hanging : IAsyncDisposable
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask DisposeAsync()
        {
            Begun.TrySetResult();
            await Ended.Task;
        }
    }
}
