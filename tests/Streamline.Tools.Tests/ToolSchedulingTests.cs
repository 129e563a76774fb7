using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

public sealed class ToolSchedulingTests
{
    [Fact]
    [Trait("Law", "8")]
    public async Task MaxConcurrency_MoreCalls_RunFirstComeFirstServed()
    {
        var tool = new GatedTool("look");
        await using var live = new LiveStream(new ToolSet().Add(tool.Function, o => o.ReadOnly = true), o => o.MaxConcurrency = 2);
        live.Send(Wire.Started);
        for (var i = 0; i < 6; i++)
        {
            live.Send(Wire.Call(i, $"{i}", "look", $"{{\"n\":{i}}}"));
        }

        live.SendAll(Wire.Ended());
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ResponseCompleted>();
        var order = new List<int>();
        var running = new Queue<GatedRun>([await tool.NextRunAsync(), await tool.NextRunAsync()]);
        while (running.TryDequeue(out var run))
        {
            tool.Function.Running.Should().BeLessThanOrEqualTo(2);
            order.Add(((System.Text.Json.JsonElement)run.Arguments["n"]!).GetInt32());
            run.Complete();
            if (order.Count <= 4)
            {
                running.Enqueue(await tool.NextRunAsync());
            }
        }

        // The first two start together, so that either may come first.
        order.Take(2).Should().BeEquivalentTo([0, 1]);
        order.Skip(2).Should().Equal(2, 3, 4, 5);
        tool.Function.Peak.Should().Be(2);
        (await live.ReadToEndAsync()).OfType<ToolResult>().Should().HaveCount(6);
    }

    [Fact]
    public async Task ExclusiveTool_WaitsForThoseThatRunAndHoldsUpThoseBehind()
    {
        var before = new GatedTool("before");
        var alone = new GatedTool("alone");
        var behind = new GatedTool("behind");
        await using var live = new LiveStream(new ToolSet()
            .Add(before.Function)
            .Add(alone.Function, o => o.Exclusive = true)
            .Add(behind.Function));
        live.SendAll(Wire.Response(
            FinishReason.ToolCalls,
            [.. Wire.Call(0, "1", "before"), .. Wire.Call(1, "2", "before"), .. Wire.Call(2, "3", "alone"), .. Wire.Call(3, "4", "behind"), .. Wire.Call(4, "5", "behind")]));
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ResponseCompleted>();

        var first = await before.NextRunAsync();
        var second = await before.NextRunAsync();
        first.Complete();
        await live.ReadToAsync<ToolResult>();
        alone.Function.Calls.Should().Be(0, "one still runs");
        second.Complete();
        var only = await alone.NextRunAsync();
        (before.Function.Running, behind.Function.Calls).Should().Be((0, 0));
        only.Complete();
        (await behind.NextRunAsync()).Complete();
        (await behind.NextRunAsync()).Complete();
        (await live.ReadToEndAsync()).OfType<ToolExecutionStarted>().Select(started => started.CallId).Should().Equal("1", "2", "3", "4", "5");
    }

    [Fact]
    public async Task ExclusiveTools_RunOneAfterTheOther()
    {
        var alone = new GatedTool("alone");
        await using var live = new LiveStream(new ToolSet().Add(alone.Function, o => o.Exclusive = true));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "alone"), .. Wire.Call(1, "2", "alone")]));
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ResponseCompleted>();
        (await alone.NextRunAsync()).Complete();
        await live.ResultOfAsync("1");
        (await alone.NextRunAsync()).Complete();
        await live.ReadToEndAsync();
        alone.Function.Peak.Should().Be(1);
    }

    [Fact]
    public async Task Results_ComeAsToolsFinishAndAreSentInCallOrder()
    {
        var tool = new GatedTool("look");
        await using var live = new LiveStream(new ToolSet().Add(tool.Function));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "a", "look", "{\"n\":0}"), .. Wire.Call(1, "b", "look", "{\"n\":1}"), .. Wire.Call(2, "c", "look", "{\"n\":2}")]));
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ResponseCompleted>();
        GatedRun[] runs = [await tool.NextRunAsync(), await tool.NextRunAsync(), await tool.NextRunAsync()];
        foreach (var n in new[] { 2, 0, 1 })
        {
            runs.Single(run => ((System.Text.Json.JsonElement)run.Arguments["n"]!).GetInt32() == n).Complete($"{n}");
            await live.ReadToAsync<ToolResult>();
        }

        var events = await live.ReadToEndAsync();
        events.OfType<ToolResult>().Select(result => result.CallId).Should().Equal("c", "a", "b");
        var message = live.Source.Requests[1].Messages[^1];
        message.Role.Should().Be(Microsoft.Extensions.AI.ChatRole.Tool);
        message.Contents.Cast<Microsoft.Extensions.AI.FunctionResultContent>().Select(result => result.CallId).Should().Equal("a", "b", "c");
    }

    [Fact]
    public async Task FailingTool_ByDefault_LeavesItsSiblingsAlone()
    {
        var bad = new GatedTool("bad");
        var good = new GatedTool("good");
        await using var live = new LiveStream([bad.Function, good.Function]);
        live.SendAll(Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "bad"), .. Wire.Call(1, "2", "good")]));
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ResponseCompleted>();
        (await bad.NextRunAsync()).Fail(new InvalidOperationException());
        (await live.ResultOfAsync("1")).IsError.Should().BeTrue();
        var run = await good.NextRunAsync();
        run.Token.IsCancellationRequested.Should().BeFalse();
        run.Complete("fine");
        (await live.ReadToEndAsync()).ResultOf("2").IsError.Should().BeFalse();
    }

    [Fact]
    public async Task FailingTool_ThatCancelsSiblings_StopsThoseThatRunAndThoseThatWaitAndSaysWhy()
    {
        var bad = new GatedTool("bad");
        var good = new GatedTool("good");
        await using var live = new LiveStream(
            new ToolSet().Add(bad.Function, o => o.CancelSiblingsOnFailure = true).Add(good.Function), o => o.MaxConcurrency = 3);
        live.SendAll(Wire.Response(
            FinishReason.ToolCalls, [.. Wire.Call(0, "first", "good"), .. Wire.Call(1, "bad", "bad"), .. Wire.Call(2, "running", "good"), .. Wire.Call(3, "waiting", "good")]));
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ToolExecutionStarted>(started => started.CallId == "running");
        GatedRun[] runs = [await good.NextRunAsync(), await good.NextRunAsync()];
        var failing = await bad.NextRunAsync();
        failing.Fail(new InvalidOperationException());

        await live.ReadToEndAsync();
        runs.Should().AllSatisfy(run => run.Token.IsCancellationRequested.Should().BeTrue());
        live.Seen.ErrorOf("running").Should().Contain("stopped").And.Contain("'bad'");
        live.Seen.ErrorOf("waiting").Should().Contain("not run").And.Contain("'bad'");
        good.Function.Calls.Should().Be(2);
        live.Source.Requests.Should().HaveCount(2, "the model hears of it and goes on");
    }

    [Fact]
    public async Task FailingTool_ThatCancelsSiblings_AnswersThoseThatAwaitApproval()
    {
        var bad = new GatedTool("bad");
        var delete = new TestTool("delete", "deleted");
        await using var live = new LiveStream(new ToolSet()
            .Add(bad.Function, o => o.CancelSiblingsOnFailure = true)
            .Add(delete, o => o.Approval = ToolApproval.Always));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "bad"), .. Wire.Call(1, "2", "delete")]));
        live.SendAll(Wire.Answer());
        var question = await live.ReadToAsync<ApprovalRequested>();
        (await bad.NextRunAsync()).Fail(new ToolErrorException("bad"));

        var events = await live.ReadToEndAsync();
        events.ErrorOf("2").Should().Be("The tool was not run: the call of the tool 'bad' in the same response failed.");
        events.OfType<ApprovalResolved>().Single().Decision.Should().Be(ApprovalDecision.Denied);
        question.Approve().Should().BeFalse();
        delete.Calls.Should().Be(0);
    }

    [Fact]
    public async Task FailedTool_ThatCancelsSiblings_KeepsLaterCallsFromAsking()
    {
        var bad = new TestTool("bad", (_, _) => throw new ToolErrorException("bad"));
        await using var live = new LiveStream(new ToolSet()
            .Add(bad, o => (o.CancelSiblingsOnFailure, o.ReadOnly) = (true, true))
            .Add(new TestTool("delete"), o => o.Approval = ToolApproval.Always));
        live.Send([Wire.Started, .. Wire.Call(0, "1", "bad"), .. Wire.Call(1, "2", "delete")]);
        await live.ResultOfAsync("1");
        live.SendAll(Wire.Ended());
        live.SendAll(Wire.Answer());

        var events = await live.ReadToEndAsync();
        events.OfType<ApprovalRequested>().Should().BeEmpty();
        events.ErrorOf("2").Should().Contain("'bad'");
    }

    [Fact]
    [Trait("Law", "7")]
    public async Task FailedTool_OfAnAttemptThatWasDiscarded_HoldsUpNoCallOfTheNewOne()
    {
        var bad = new TestTool("bad", (_, _) => throw new ToolErrorException("bad"));
        await using var live = new LiveStream(new ToolSet().Add(bad, o => (o.CancelSiblingsOnFailure, o.ReadOnly) = (true, true)).Add(new TestTool("good", "ok")));
        live.Send([Wire.Started, .. Wire.Call(0, "1", "bad")]);
        await live.ResultOfAsync("1");
        live.SendAll([Wire.Restarted(), .. Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "2", "good"))]);
        live.SendAll(Wire.Answer());

        (await live.ReadToEndAsync()).ResultOf("2").IsError.Should().BeFalse();
    }

    [Fact]
    public async Task BadArguments_OfAToolThatCancelsSiblings_KeepThemFromStarting()
    {
        var bad = new TestTool("bad");
        var good = new TestTool("good");
        var loop = Loop.Over(
            new ToolSet().Add(bad, o => o.CancelSiblingsOnFailure = true).Add(good),
            Wire.Response(FinishReason.ToolCalls, [Wire.SealedBad(0, "1", "bad", "{"), .. Wire.Call(1, "2", "good")]),
            Wire.Answer());
        (await loop.RunAsync()).ErrorOf("2").Should().Contain("'bad'");
        good.Calls.Should().Be(0);
    }

    /// <summary>The thread that completes the task of a tool may belong to the application.</summary>
    [Fact]
    public async Task EndOfATool_DoesNotRunTheNextOneOnTheThreadThatEndedIt()
    {
        using var endsTool = new ThreadLocal<bool>();
        var ranThere = true;
        var gate = new TaskCompletionSource<object?>();
        var slow = new TestTool("slow", (_, _) => new ValueTask<object?>(gate.Task));
        var next = new TestTool("next", (_, _) =>
        {
            ranThere = endsTool.Value;
            return ValueTask.FromResult<object?>("ok");
        });
        await using var live = new LiveStream(new ToolSet().Add(slow).Add(next, o => o.NonBlocking = true), o => o.MaxConcurrency = 1);
        live.SendAll(Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "slow"), .. Wire.Call(1, "2", "next")]));
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ResponseCompleted>();
        while (slow.Running == 0)
        {
            await Task.Yield();
        }

        await Task.Run(() =>
        {
            endsTool.Value = true;
            gate.SetResult("done");
            endsTool.Value = false;
        });

        await live.ReadToEndAsync();
        ranThere.Should().BeFalse();
    }

    [Fact]
    public async Task ResourceThatAnotherStreamReleases_StartOfTheTool_IsShownToAReaderThatWaits()
    {
        var write = new GatedTool("write");
        await using var live = new LiveStream(new ToolSet().Add(write.Function, o => o.Locks = _ => [ToolLock.Write("file:a")]));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "write")));
        await live.ReadToAsync<ToolExecutionStarted>();
        var first = await write.NextRunAsync();
        live.SendAll(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "2", "write")));
        live.SendAll(Wire.Answer());
        await using var other = live.Client.StreamAsync("hi").GetAsyncEnumerator();
        var moving = other.MoveNextAsync().AsTask();
        while (moving.IsCompleted)
        {
            moving = other.MoveNextAsync().AsTask();
        }

        first.Complete();
        while (await moving.OrFail() && other.Current is not ToolExecutionStarted)
        {
            moving = other.MoveNextAsync().AsTask();
        }

        other.Current.Should().BeOfType<ToolExecutionStarted>().Which.CallId.Should().Be("2");
        (await write.NextRunAsync()).Complete();
        while (await other.MoveNextAsync().AsTask().OrFail())
        {
        }
    }
}
