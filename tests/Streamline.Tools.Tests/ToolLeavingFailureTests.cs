using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>A source that is slow to leave, or fails when it is left, delays no tool and spares none.</summary>
[Trait("Law", "9")]
public sealed class ToolLeavingFailureTests
{
    [Fact]
    public async Task Break_SourceThatFailsToLeave_EndsTheToolsAndThrowsTheFailure()
    {
        var tool = new GatedTool("look");
        var failure = new IOException("The connection was reset.");
        var client = Client(tool, token => new Source(() => ValueTask.FromException(failure), end: null, token));
        (await FluentActions.Awaiting(() => BreakAsync(client).OrFail()).Should().ThrowAsync<IOException>()).Which.Should().BeSameAs(failure);
        (await tool.NextRunAsync()).Token.IsCancellationRequested.Should().BeTrue();
        tool.Function.Running.Should().Be(0);
    }

    [Fact]
    public async Task Break_SourceThatThrowsFromItsDisposeItself_EndsTheTools()
    {
        var tool = new GatedTool("look");
        var client = Client(tool, token => new Source(() => throw new IOException("The connection was reset."), end: null, token));
        await FluentActions.Awaiting(() => BreakAsync(client).OrFail()).Should().ThrowAsync<IOException>();
        tool.Function.Running.Should().Be(0);
    }

    [Fact]
    public async Task Break_CallbackOnTheTokenOfTheSourceThrows_EndsTheToolsAndTheSource()
    {
        var tool = new GatedTool("look");
        var isLeft = false;
        var client = Client(tool, token =>
        {
            token.Register(() => throw new InvalidTimeZoneException());
            return new Source(
                () =>
                {
                    isLeft = true;
                    return default;
                },
                end: null,
                token);
        });
        var thrown = await FluentActions.Awaiting(() => BreakAsync(client).OrFail()).Should().ThrowAsync<AggregateException>();
        thrown.Which.InnerException.Should().BeOfType<InvalidTimeZoneException>();
        (tool.Function.Running, isLeft).Should().Be((0, true));
    }

    [Fact]
    public async Task Break_SourceThatFailsToLeave_GivesTheResourcesBack()
    {
        var tool = new GatedTool("look");
        var client = Client(tool, token => new Source(() => throw new IOException("The connection was reset."), end: null, token));
        await FluentActions.Awaiting(() => BreakAsync(client).OrFail()).Should().ThrowAsync<IOException>();
        await tool.NextRunAsync();
        await FluentActions.Awaiting(() => BreakAsync(client).OrFail()).Should().ThrowAsync<IOException>("the second stream reached its tool too");
        tool.Function.Calls.Should().Be(2);
    }

    [Fact]
    public async Task CallersToken_SourceThatFailsToLeave_AnswersTheCallsAndIsOnTheException()
    {
        using var cancellation = new CancellationTokenSource();
        var tool = new GatedTool("look");
        var client = Client(tool, token => new Source(() => throw new IOException("The connection was reset."), end: null, token));
        List<StreamEvent> events = [];
        var thrown = await FluentActions.Awaiting(() => ReadAsync().OrFail()).Should().ThrowAsync<OperationCanceledException>();
        thrown.Which.CancellationToken.Should().Be(cancellation.Token);
        events.ErrorOf("1").Should().Be("The tool was started, and stopped before it finished.");
        tool.Function.Running.Should().Be(0);

        async Task ReadAsync()
        {
            await foreach (var streamEvent in client.StreamAsync("hi", cancellationToken: cancellation.Token))
            {
                events.Add(streamEvent);
                if (streamEvent is ToolExecutionStarted)
                {
                    await tool.NextRunAsync();
                    await cancellation.CancelAsync();
                }
            }
        }
    }

    [Fact]
    public async Task Break_SourceThatIsSlowToLeave_DelaysNoTool()
    {
        var tool = new GatedTool("look");
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var client = Client(tool, token => new Source(() => new ValueTask(left.Task), end: null, token));
        var leaving = BreakAsync(client);
        var run = await tool.NextRunAsync();
        await CancellationOf(run).OrFail();
        leaving.IsCompleted.Should().BeFalse("the source is still open");
        left.SetResult();
        await leaving.OrFail();
    }

    [Fact]
    public async Task Break_CallbackOnTheTokenOfTheSourceThatBlocks_DelaysNoTool()
    {
        var tool = new GatedTool("look");
        using var left = new ManualResetEventSlim();
        var client = Client(tool, token =>
        {
            token.Register(left.Wait);
            return new Source(() => default, end: null, token);
        });
        var leaving = BreakAsync(client);
        await CancellationOf(await tool.NextRunAsync()).OrFail();
        leaving.IsCompleted.Should().BeFalse("the callback still runs");
        left.Set();
        await leaving.OrFail();
    }

    [Fact]
    public async Task CallersToken_SourceThatIgnoresIt_DelaysNoTool()
    {
        using var cancellation = new CancellationTokenSource();
        var tool = new GatedTool("look");
        var never = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var client = Client(tool, _ => new Source(() => default, never, CancellationToken.None));
        var reading = client.StreamAsync("hi", cancellationToken: cancellation.Token).CatchAsync();
        var run = await tool.NextRunAsync();
        await cancellation.CancelAsync();
        await CancellationOf(run).OrFail();
        reading.IsCompleted.Should().BeFalse("the source is still being read");
        never.SetResult(false);
        (await reading).Exception.Should().BeAssignableTo<OperationCanceledException>();
    }

    private static Task CancellationOf(GatedRun run)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        run.Token.Register(() => cancelled.TrySetResult());
        return cancelled.Task;
    }

    private static IStreamClient Client(GatedTool tool, Func<CancellationToken, Source> source) =>
        new StreamClientBuilder(new FakeStreamClient((_, token) => source(token)))
            .UseTools(new ToolSet().Add(tool.Function, o => (o.ReadOnly, o.Locks, o.Timeout) = (true, _ => [ToolLock.Write("k")], Timeout.InfiniteTimeSpan)))
            .Build();

    private static async Task BreakAsync(IStreamClient client)
    {
        await foreach (var streamEvent in client.StreamAsync("hi"))
        {
            if (streamEvent is ToolExecutionStarted)
            {
                break;
            }
        }
    }

    /// <summary>A response that makes a call and goes on until it is cancelled or told to end, and leaves as the test says.</summary>
    private sealed class Source(Func<ValueTask> leave, TaskCompletionSource<bool>? end, CancellationToken token) : IAsyncEnumerable<StreamEvent>, IAsyncEnumerator<StreamEvent>
    {
        private readonly Queue<StreamEvent> _events = new([Wire.Started, .. Wire.Call(0, "1", "look")]);
        private readonly TaskCompletionSource<bool> _end = end ?? new(TaskCreationOptions.RunContinuationsAsynchronously);

        public StreamEvent Current { get; private set; } = null!;

        public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public ValueTask<bool> MoveNextAsync()
        {
            if (_events.TryDequeue(out var next))
            {
                Current = next;
                return new ValueTask<bool>(true);
            }

            token.Register(() => _end.TrySetCanceled(token));
            return new ValueTask<bool>(_end.Task);
        }

        public ValueTask DisposeAsync() => leave();
    }
}
