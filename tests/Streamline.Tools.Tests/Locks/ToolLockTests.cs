using System.Text.Json;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Locks;

/// <summary>Resources that calls need: shared by readers, exclusive for writers, in call order, without deadlock.</summary>
public sealed class ToolLockTests
{
    [Fact]
    public async Task Writers_OfOneResource_RunInCallOrder_AndOthersOvertakeThem()
    {
        var write = new GatedTool("write");
        await using var live = Live(write);
        live.SendAll(Calls(("1", "a"), ("2", "a"), ("3", "b"), ("4", "a")));
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ResponseCompleted>();
        var first = await write.NextRunAsync();
        var other = await write.NextRunAsync();
        (PathOf(first), PathOf(other)).Should().BeOneOf(("a", "b"), ("b", "a"));
        write.Function.Running.Should().Be(2);
        other.Complete();
        first.Complete();
        (await write.NextRunAsync()).Complete();
        (await write.NextRunAsync()).Complete();
        var events = await live.ReadToEndAsync();
        events.OfType<ToolExecutionStarted>().Select(started => started.CallId).Should().Equal("1", "3", "2", "4");
        events.OfType<ToolWaiting>().Where(waiting => waiting.Reason == ToolWaitReason.Resource).Select(waiting => (waiting.CallId, waiting.Resource)).Should().Equal(("2", "file:a"), ("4", "file:a"));
    }

    [Fact]
    public async Task Readers_ShareAResource_AndAWriterWaitsForThemAndHoldsUpLaterReaders()
    {
        var read = new GatedTool("read");
        var write = new GatedTool("write");
        await using var live = new LiveStream(new ToolSet().Add(read.Function, o => o.Locks = args => [ToolLock.Read(KeyOf(args))]).Add(write.Function, o => o.Locks = args => [ToolLock.Write(KeyOf(args))]));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, [.. Call(0, "1", "read", "a"), .. Call(1, "2", "read", "a"), .. Call(2, "3", "write", "a"), .. Call(3, "4", "read", "a")]));
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ResponseCompleted>();
        GatedRun[] readers = [await read.NextRunAsync(), await read.NextRunAsync()];
        readers[0].Complete();
        write.Function.Calls.Should().Be(0);
        readers[1].Complete();
        var writer = await write.NextRunAsync();
        read.Function.Calls.Should().Be(2, "the writer came first");
        writer.Complete();
        (await read.NextRunAsync()).Complete();
        await live.ReadToEndAsync();
    }

    [Fact]
    public async Task SeveralResources_InOppositeOrder_DoNotBlockEachOther()
    {
        var tool = new GatedTool("move");
        await using var live = new LiveStream(new ToolSet().Add(tool.Function, o => o.Locks = args => [.. args.GetProperty("paths").EnumerateArray().Select(path => ToolLock.Write(path.GetString()!))]));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "move", """{"paths":["a","b"]}"""), .. Wire.Call(1, "2", "move", """{"paths":["b","a"]}"""), .. Wire.Call(2, "3", "move", """{"paths":["b","c"]}""")]));
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ResponseCompleted>();
        for (var i = 0; i < 3; i++)
        {
            var run = await tool.NextRunAsync();
            tool.Function.Running.Should().Be(1);
            run.Complete();
        }

        (await live.ReadToEndAsync()).OfType<ToolExecutionStarted>().Select(started => started.CallId).Should().Equal("1", "2", "3");
    }

    [Fact]
    public async Task TwoStreamsOfOneClient_ShareTheirResources()
    {
        var write = new GatedTool("write");
        StreamEvent[] call = Wire.Response(FinishReason.ToolCalls, Call(0, "1", "write", "a"));
        var source = new FakeStreamClient((request, _) => FakeStreamClient.Stream(request.Messages.Count > 1 ? Wire.Answer() : call));
        var client = new StreamClientBuilder(source).UseTools(new ToolSet().Add(write.Function, o => o.Locks = args => [ToolLock.Write(KeyOf(args))])).Build();
        var one = client.StreamAsync("hi").CollectAsync();
        var two = client.StreamAsync("hi").CollectAsync();
        var first = await write.NextRunAsync();
        first.Complete();
        (await write.NextRunAsync()).Complete();
        await Task.WhenAll(one, two);
        write.Function.Peak.Should().Be(1);
    }

    [Fact]
    public async Task KeyFunction_ThatThrows_IsAnErrorResultAndTheToolIsNotRun()
    {
        var tool = new TestTool("write", "ok");
        var failures = new List<ToolFailure>();
        var loop = Loop.Over(
            new ToolSet().Add(tool, o => o.Locks = args => [ToolLock.Write(KeyOf(args))]),
            o => o.OnToolFailure = failures.Add,
            Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "write"), .. Call(1, "2", "write", "a")]),
            Wire.Answer());
        var events = await loop.RunAsync();
        events.ErrorOf("1").Should().Be("The tool was not run: the resources that it needs could not be determined.");
        events.ResultOf("2").IsError.Should().BeFalse();
        (tool.Calls, failures.Single().Kind, failures.Single().Exception).Should().Match<(int Calls, ToolFailureKind Kind, Exception? Exception)>(
            seen => seen.Calls == 1 && seen.Kind == ToolFailureKind.NotRun && seen.Exception is KeyNotFoundException);
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task AbandonedHolder_WhoeverWaitsForItsResource_IsRefusedAndNothingHangs()
    {
        var time = new ManualTimeProvider();
        var deaf = new GatedTool("write", heedsToken: false);
        await using var live = Live(deaf, o => o.TimeProvider = time);
        live.SendAll(Calls(("1", "a"), ("2", "a")));
        live.SendAll(Calls(("3", "a"), ("4", "b")));
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ResponseCompleted>();
        var run = await deaf.NextRunAsync();
        time.Advance(TimeSpan.FromMinutes(2));
        time.Advance(TimeSpan.FromSeconds(1));
        var four = deaf.NextRunAsync();
        await live.ReadToAsync<ToolExecutionStarted>(started => started.CallId == "4");
        (await four).Complete("ok");
        var events = await live.ReadToEndAsync();
        events.ErrorOf("1").Should().Contain("did not finish within 120 s");
        events.OfType<ToolAbandoned>().Should().ContainSingle().Which.CallId.Should().Be("1");
        events.ErrorOf("2").Should().Be("The tool was not run: the resource 'file:a' is held by a tool that does not stop.");
        events.ErrorOf("3").Should().Contain("'file:a'");
        events.ResultOf("4").IsError.Should().BeFalse();
        run.Complete();
    }

    [Fact]
    public async Task LimitsPerTool_BoundItsConcurrencyAndItsCalls()
    {
        var few = new GatedTool("few");
        var free = new GatedTool("free");
        await using var live = new LiveStream(new ToolSet().Add(few.Function, o => (o.MaxConcurrency, o.MaxCalls) = (1, 2)).Add(free.Function));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "few"), .. Wire.Call(1, "2", "few"), .. Wire.Call(2, "3", "few"), .. Wire.Call(3, "4", "free")]));
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ResponseCompleted>();
        var first = await few.NextRunAsync();
        (await free.NextRunAsync()).Complete();
        few.Function.Running.Should().Be(1);
        first.Complete();
        (await few.NextRunAsync()).Complete();
        (await live.ReadToEndAsync()).ErrorOf("3").Should().Be("The tool was not run: it may be called at most 2 times in this turn.");
        few.Function.Peak.Should().Be(1);
    }

    [Fact]
    public async Task LimitOfATool_CountsOnlyItsOwnCalls()
    {
        var few = new GatedTool("few");
        var free = new GatedTool("free");
        await using var live = new LiveStream(new ToolSet().Add(free.Function).Add(few.Function, o => o.MaxConcurrency = 1));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "free"), .. Wire.Call(1, "2", "few")]));
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ToolExecutionStarted>(started => started.CallId == "2");
        (await free.NextRunAsync()).Complete();
        (await few.NextRunAsync()).Complete();
        await live.ReadToEndAsync();
    }

    [Fact]
    public async Task EditedArguments_NeedTheResourceThatTheyName()
    {
        var write = new GatedTool("write");
        await using var live = new LiveStream(new ToolSet().Add(write.Function, o =>
        {
            o.Locks = args => [ToolLock.Write(KeyOf(args))];
            o.Approval = ToolApproval.When(call => call.CallId == "2");
        }));
        live.SendAll(Calls(("1", "a"), ("2", "b")));
        live.SendAll(Wire.Answer());
        var request = await live.ReadToAsync<ApprovalRequested>();
        var first = await write.NextRunAsync();
        request.Approve(Wire.Json("""{"path":"a"}"""));
        (await live.ReadToAsync<ToolWaiting>(waiting => waiting.CallId == "2")).Resource.Should().Be("file:a");
        first.Complete("one");
        (await write.NextRunAsync()).Complete("two");
        (await live.ReadToEndAsync()).ResultOf("2").IsError.Should().BeFalse();
    }

    [Fact]
    public async Task ExclusiveCall_DoesNotOvertakeOneThatWaitsForAResource()
    {
        var write = new GatedTool("write");
        var alone = new GatedTool("alone");
        var sources = 0;
        StreamEvent[][] responses = [Calls(("1", "a")), Wire.Response(FinishReason.ToolCalls, [.. Call(0, "2", "write", "a"), .. Wire.Call(1, "3", "alone")])];
        var source = new FakeStreamClient((request, _) => FakeStreamClient.Stream(request.Messages.Count > 1 ? Wire.Answer() : responses[sources++]));
        var client = new StreamClientBuilder(source)
            .UseTools(new ToolSet().Add(write.Function, o => o.Locks = args => [ToolLock.Write(KeyOf(args))]).Add(alone.Function, o => o.Exclusive = true))
            .Build();
        var one = client.StreamAsync("hi").CollectAsync();
        var first = await write.NextRunAsync();
        var two = client.StreamAsync("hi").GetAsyncEnumerator();
        await using (two)
        {
            List<StreamEvent> events = [];
            async Task ReadAsync(Predicate<StreamEvent> isLast)
            {
                while (await two.MoveNextAsync().AsTask().OrFail())
                {
                    events.Add(two.Current);
                    if (isLast(two.Current))
                    {
                        return;
                    }
                }
            }

            await ReadAsync(streamEvent => streamEvent is ToolWaiting { CallId: "3", Reason: not ToolWaitReason.Response });
            alone.Function.Calls.Should().Be(0);
            first.Complete();
            (await write.NextRunAsync()).Complete();
            (await alone.NextRunAsync()).Complete();
            await ReadAsync(_ => false);
            events.OfType<ToolExecutionStarted>().Select(started => started.CallId).Should().Equal("2", "3");
            events.OfType<ToolWaiting>().Where(waiting => waiting.Reason != ToolWaitReason.Response).Select(waiting => (waiting.CallId, waiting.Reason, waiting.Resource))
                .Should().Equal(("2", ToolWaitReason.Resource, "file:a"), ("3", ToolWaitReason.Turn, null));
        }

        await one;
    }

    [Fact]
    public async Task KeyFunction_ThatGivesNothing_NeedsNoResource()
    {
        var tool = new TestTool("write", "ok");
        var loop = Loop.Over(new ToolSet().Add(tool, o => o.Locks = args => args.TryGetProperty("path", out _) ? [] : null!), Calls(("1", "a")), Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "2", "write")), Wire.Answer());
        var events = await loop.RunAsync();
        (events.ResultOf("1").IsError, events.ResultOf("2").IsError).Should().Be((false, false));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void ToolLock_WithoutAKey_IsRefused(string? key)
    {
        FluentActions.Invoking(() => ToolLock.Read(key!)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => ToolLock.Write(key!)).Should().Throw<ArgumentException>();
    }

    private static LiveStream Live(GatedTool write, Action<ToolLoopOptions>? configure = null) =>
        new(new ToolSet().Add(write.Function, o => o.Locks = args => [ToolLock.Write(KeyOf(args))]), configure);

    private static string KeyOf(JsonElement args) => "file:" + args.GetProperty("path").GetString();

    private static string PathOf(GatedRun run) => ((JsonElement)run.Arguments["path"]!).GetString()!;

    private static StreamEvent[] Call(int index, string id, string tool, string path) => Wire.Call(index, id, tool, $$"""{"path":"{{path}}"}""");

    private static StreamEvent[] Calls(params (string Id, string Path)[] calls) =>
        Wire.Response(FinishReason.ToolCalls, [.. calls.SelectMany((call, index) => Call(index, call.Id, "write", call.Path))]);
}
