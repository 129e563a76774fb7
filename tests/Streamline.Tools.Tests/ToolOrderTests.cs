using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>A read-only call starts early, but never before an earlier call of its response that it depends on.</summary>
public sealed class ToolOrderTests
{
    [Fact]
    public async Task ReadOnly_AfterAWriteOfTheSameResource_SeesWhatWasWritten()
    {
        var file = "old";
        var write = new TestTool("write", (_, _) =>
        {
            file = "new";
            return ValueTask.FromResult<object?>("written");
        });
        var read = new TestTool("read", (_, _) => ValueTask.FromResult<object?>(file));
        await using var live = Live(write, read);
        live.Send([Wire.Started, .. Call(0, "1", "write", "a"), .. Call(1, "2", "read", "a"), .. Call(2, "3", "read", "b")]);

        (await live.ResultOfAsync("3")).Result.GetString().Should().Be("old", "it needs another resource, so it does not wait");
        live.Seen.OfType<ToolWaiting>().Select(waiting => (waiting.CallId, waiting.Reason)).Should().Equal(("1", ToolWaitReason.Response), ("2", ToolWaitReason.Response));
        live.SendAll(Wire.Ended());
        live.SendAll(Wire.Answer());

        (await live.ResultOfAsync("2")).Result.GetString().Should().Be("new");
    }

    [Fact]
    public async Task ReadOnly_BeforeAWriteOfTheSameResource_StartsAtOnce()
    {
        var read = new TestTool("read", "seen");
        await using var live = Live(new TestTool("write"), read);
        live.Send([Wire.Started, .. Call(0, "1", "read", "a"), .. Call(1, "2", "write", "a")]);

        (await live.ResultOfAsync("1")).IsError.Should().BeFalse();
    }

    [Fact]
    public async Task ReadOnly_AfterAWriteWhoseArgumentsAreNotWhole_Waits()
    {
        var read = new TestTool("read", "seen");
        await using var live = Live(new TestTool("write"), read);
        live.Send([Wire.Started, Wire.CallStarted(0, "1", "write"), .. Call(1, "2", "read", "a"), .. Call(2, "3", "free", "a")]);

        await live.ResultOfAsync("3");
        read.Calls.Should().Be(0, "the write may be of the same resource");
    }

    [Theory]
    [InlineData("alone", "free")]
    [InlineData("write", "aloneToo")]
    public async Task ExclusiveCalls_KeepTheirPlace(string first, string second)
    {
        var log = new List<string>();
        TestTool Logging(string name) => new(name, (_, _) =>
        {
            lock (log)
            {
                log.Add(name);
            }

            return ValueTask.FromResult<object?>(null);
        });
        await using var live = new LiveStream(new ToolSet()
            .Add(Logging("alone"), tool => tool.Exclusive = true)
            .Add(Logging("aloneToo"), tool => (tool.Exclusive, tool.ReadOnly) = (true, true))
            .Add(Logging("write"))
            .Add(Logging("free"), tool => tool.ReadOnly = true));
        live.Send([Wire.Started, .. Wire.Call(0, "1", first), .. Wire.Call(1, "2", second)]);
        await live.ReadToAsync<ToolWaiting>(waiting => waiting.CallId == "2");
        live.SendAll(Wire.Ended());
        live.SendAll(Wire.Answer());
        await live.ReadToEndAsync();

        log.Should().Equal(first, second);
    }

    [Fact]
    public async Task CallThatAwaitsApproval_IsOvertaken()
    {
        var read = new TestTool("read", "seen");
        var write = new TestTool("write", "written");
        await using var live = new LiveStream(new ToolSet()
            .Add(write, tool => (tool.Approval, tool.Locks) = (ToolApproval.Always, _ => [ToolLock.Write("a")]))
            .Add(read, tool => (tool.ReadOnly, tool.Locks) = (true, _ => [ToolLock.Read("a")])));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "write"), .. Wire.Call(1, "2", "read")]));
        live.SendAll(Wire.Answer());

        await live.ResultOfAsync("2");
        write.Calls.Should().Be(0);
        live.Seen.OfType<ApprovalRequested>().Single().Approve();
        (await live.ResultOfAsync("1")).IsError.Should().BeFalse();
    }

    [Fact]
    public async Task Locks_AreAskedForOncePerCall()
    {
        var asked = 0;
        var loop = Loop.Over(
            new ToolSet().Add(new TestTool("write"), tool => tool.Locks = _ =>
            {
                asked++;
                return [];
            }),
            Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "write")),
            Wire.Answer());

        await loop.RunAsync();

        asked.Should().Be(1);
    }

    private static LiveStream Live(TestTool write, TestTool read) => new(new ToolSet()
        .Add(write, tool => tool.Locks = arguments => [ToolLock.Write(arguments.GetProperty("path").GetString()!)])
        .Add(read, tool => (tool.ReadOnly, tool.Locks) = (true, arguments => [ToolLock.Read(arguments.GetProperty("path").GetString()!)]))
        .Add(new TestTool("free"), tool => tool.ReadOnly = true));

    private static StreamEvent[] Call(int index, string id, string tool, string path) => Wire.Call(index, id, tool, $$"""{"path":"{{path}}"}""");
}
