using System.Text.Json;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>The events of a response and those of its tools, in one stream.</summary>
public sealed class ToolMergeTests
{
    [Fact]
    [Trait("Law", "9")]
    public async Task ToolThatReportsMuch_DoesNotHoldUpTheResponse()
    {
        const int Reports = 50;
        var tool = new TestTool("look", (arguments, _) =>
        {
            for (var i = 0; i < Reports; i++)
            {
                arguments.ReportProgress(JsonSerializer.SerializeToElement(i));
            }

            return ValueTask.FromResult<object?>("seen");
        });
        StreamEvent[] response = [Wire.Started, .. Wire.Call(0, "1", "look"), .. Enumerable.Range(0, Reports).Select(i => Wire.Text($"{i}", 1)), Wire.Ended()];
        var source = new FakeStreamClient((_, _) => ReadySource.Of(response), (_, _) => ReadySource.Of(Wire.Answer()));
        var client = new StreamClientBuilder(source).UseTools(new ToolSet().Add(tool, o => (o.ReadOnly, o.NonBlocking) = (true, true)), o => o.MaxPendingProgress = Reports).Build();

        var events = await Task.Run(() => client.StreamAsync("hi").CollectAsync()).OrFail();

        var firstReport = events.FindIndex(streamEvent => streamEvent is ToolProgress);
        var lastReport = events.FindLastIndex(streamEvent => streamEvent is ToolProgress);
        events.Skip(firstReport).Take(lastReport - firstReport).OfType<TextDelta>().Should().HaveCountGreaterThan(Reports - 5, "they take turns");
        events.OfType<ToolProgress>().Should().HaveCount(Reports);
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task Restart_WhileTheResultOfADiscardedCallWaits_DropsIt()
    {
        var tool = new TestTool("look", "seen");
        StreamEvent[] response = [Wire.Started, .. Wire.Call(0, "old", "look"), Wire.Restarted(), Wire.Started, Wire.Text("x"), Wire.Ended(FinishReason.Stop)];
        var source = new FakeStreamClient((_, _) => ReadySource.Of(response));
        var client = new StreamClientBuilder(source).UseTools(new ToolSet().Add(tool, o => (o.ReadOnly, o.NonBlocking) = (true, true))).Build();

        var events = await Task.Run(() => client.StreamAsync("hi").CollectAsync()).OrFail();

        events.SkipWhile(streamEvent => streamEvent is not StreamRestarted).OfType<ToolResult>().Should().BeEmpty();
        tool.Calls.Should().Be(1);
    }

    [Fact]
    [Trait("Law", "13")]
    public async Task Response_ThatThrowsOutOfTheMoveItself_AnswersItsCalls()
    {
        var source = new FakeStreamClient((_, _) => new ReadySource([Wire.Started, .. Wire.Call(0, "1", "look")], new InvalidOperationException("out of the call")));
        var client = new StreamClientBuilder(source).UseTools(new ToolSet().Add(new TestTool("look"))).Build();

        var (events, exception) = await client.StreamAsync("hi").CatchAsync();

        exception.Should().BeOfType<InvalidOperationException>();
        events.ErrorOf("1").Should().Be("The tool was not run: the response did not end properly.");
    }

    [Fact]
    public async Task ExecutionContext_ThatDoesNotFlow_IsNotNeeded()
    {
        var source = new FakeStreamClient((_, _) => ReadySource.Of(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "look"))), (_, _) => ReadySource.Of(Wire.Answer()));
        var client = new StreamClientBuilder(source).UseTools(new ToolSet().Add(new TestTool("look", "seen"))).Build();

        var events = await Task.Run(() =>
        {
            using (ExecutionContext.SuppressFlow())
            {
                return client.StreamAsync("hi").CollectAsync(); // as far as it gets without waiting, which is beyond the call
            }
        }).OrFail();

        events.ResultOf("1").IsError.Should().BeFalse();
    }

    /// <summary>Events that are all there, so that nothing has to be waited for; at the end, a failure out of the call.</summary>
    private sealed class ReadySource(IReadOnlyList<StreamEvent> events, Exception? failure) : IAsyncEnumerable<StreamEvent>, IAsyncEnumerator<StreamEvent>
    {
        private int _next = -1;

        public StreamEvent Current => events[_next];

        public static ReadySource Of(IReadOnlyList<StreamEvent> events) => new(events, failure: null);

        public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public ValueTask<bool> MoveNextAsync() => ++_next < events.Count ? new(true) : failure is null ? new(false) : throw failure;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
