using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>A response that begins anew: nothing that has started is started again.</summary>
[Trait("Law", "7")]
public sealed class ToolRestartTests
{
    [Fact]
    public async Task Restart_EqualCallWhoseRunGoesOn_GetsItsResult()
    {
        var tool = new GatedTool("look");
        await using var live = new LiveStream(ReadOnly(tool));
        live.Send([Wire.Started, .. Wire.Call(0, "old", "look", """{"a":1,"b":"x"}""")]);
        await live.ReadToAsync<ToolExecutionStarted>();
        var run = await tool.NextRunAsync();
        live.Send([Wire.Restarted(), Wire.Started, .. Wire.Call(0, "new", "look", """{ "b": "\u0078", "a": 1 }""")]);
        await live.ReadToAsync<ToolCallCompleted>();
        run.Arguments.ReportProgress("half");
        (await live.ReadToAsync<ToolProgress>()).CallId.Should().Be("new");
        run.Complete("seen");
        (await live.ResultOfAsync("new")).Result.GetString().Should().Be("seen");

        live.SendAll(Wire.Ended());
        live.SendAll(Wire.Answer());
        var events = await live.ReadToEndAsync();
        tool.Function.Calls.Should().Be(1);
        events.OfType<ToolResult>().Should().ContainSingle();
    }

    [Fact]
    public async Task Restart_EqualCallWhoseRunHasEnded_IsAnsweredAgainUnderItsNewId()
    {
        var tool = new TestTool("look", "seen");
        var loop = Loop.Over(
            new ToolSet().Add(tool, o => o.ReadOnly = true),
            [Wire.Started, .. Wire.Call(0, "old", "look"), Wire.Text("x", 1), Wire.Restarted(), Wire.Started, .. Wire.Call(0, "new", "look"), Wire.Ended()],
            Wire.Answer());
        var events = await loop.RunAsync();
        events.ResultOf("new").Result.GetString().Should().Be("seen");
        tool.Calls.Should().Be(1);
        loop.SentResults().Select(result => result.CallId).Should().Equal("new");
    }

    [Fact]
    public async Task Restart_SeveralTimes_StillRunsOnce()
    {
        var tool = new GatedTool("look");
        await using var live = new LiveStream(ReadOnly(tool));
        live.Send(Wire.Started);
        for (var attempt = 2; attempt < 6; attempt++)
        {
            live.Send([.. Wire.Call(0, $"{attempt}", "look"), Wire.Restarted(attempt), Wire.Started]);
        }

        live.SendAll([.. Wire.Call(0, "last", "look"), Wire.Ended()]);
        live.SendAll(Wire.Answer());
        await live.ReadToAsync<ResponseCompleted>();
        (await tool.NextRunAsync()).Complete("seen");
        var events = await live.ReadToEndAsync();
        events.OfType<ToolResult>().Select(result => result.CallId).Should().Equal("last");
        tool.Function.Calls.Should().Be(1);
    }

    [Fact]
    public async Task Restart_AnAttemptThatDoesNotRepeatACall_LeavesItForTheNextOne()
    {
        var tool = new TestTool("look", "seen");
        var loop = Loop.Over(
            new ToolSet().Add(tool, o => o.ReadOnly = true),
            [
                Wire.Started, .. Wire.Call(0, "1", "look"), Wire.Text("x", 1), Wire.Restarted(),
                Wire.Started, .. Wire.Call(0, "2", "look", """{"other":1}"""), Wire.Text("x", 1), Wire.Restarted(3),
                Wire.Started, .. Wire.Call(0, "3", "look"), .. Wire.Call(1, "4", "look", """{"other":1}"""), Wire.Ended(),
            ],
            Wire.Answer());
        var events = await loop.RunAsync();
        events.OfType<ToolResult>().Where(result => result.CallId is "3" or "4").Should().HaveCount(2).And.NotContain(result => result.IsError);
        tool.Calls.Should().Be(2);
    }

    [Fact]
    public async Task Restart_TwoEqualCalls_ReuseOneRunEachAndAThirdRuns()
    {
        var tool = new GatedTool("roll");
        await using var live = new LiveStream(ReadOnly(tool));
        live.Send([Wire.Started, .. Wire.Call(0, "a", "roll"), .. Wire.Call(1, "b", "roll")]);
        await live.ReadToAsync<ToolExecutionStarted>(started => started.CallId == "b");
        GatedRun[] runs = [await tool.NextRunAsync(), await tool.NextRunAsync()];
        live.Send([Wire.Restarted(), Wire.Started, .. Wire.Call(0, "c", "roll"), .. Wire.Call(1, "d", "roll"), .. Wire.Call(2, "e", "roll")]);
        await live.ReadToAsync<ToolExecutionStarted>(started => started.CallId == "e");
        var third = await tool.NextRunAsync();
        runs[0].Complete("1");
        runs[1].Complete("2");
        third.Complete("3");
        live.SendAll(Wire.Ended());
        live.SendAll(Wire.Answer());
        var events = await live.ReadToEndAsync();
        tool.Function.Calls.Should().Be(3);
        events.OfType<ToolResult>().Select(result => result.CallId).Should().BeEquivalentTo("c", "d", "e");
        events.OfType<ToolResult>().Select(result => result.Result.GetString()).Should().BeEquivalentTo("1", "2", "3");
    }

    [Fact]
    public async Task Restart_OtherArgumentsOrTool_RunsAnew()
    {
        var look = new TestTool("look", "1");
        var peek = new TestTool("peek", "2");
        var loop = Loop.Over(
            new ToolSet().Add(look, o => o.ReadOnly = true).Add(peek, o => o.ReadOnly = true),
            [
                Wire.Started, .. Wire.Call(0, "a", "look", """{"n":1}"""), Wire.Restarted(),
                Wire.Started, .. Wire.Call(0, "b", "look", """{"n":2}"""), .. Wire.Call(1, "c", "peek", """{"n":1}"""), Wire.Ended(),
            ],
            Wire.Answer());
        (await loop.RunAsync()).OfType<ToolResult>().Where(result => result.CallId is "b" or "c").Should().HaveCount(2);
        peek.Calls.Should().Be(1);

        // The first run may have been withdrawn before it started or not: the second is another one in any case.
        look.Calls.Should().BeInRange(1, 2);
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Restart_CallThatIsNotRepeated_IsCancelledAtTheEndOfTheResponseAndSaysNoMore()
    {
        var tool = new GatedTool("look");
        await using var live = new LiveStream(ReadOnly(tool));
        live.Send([Wire.Started, .. Wire.Call(0, "old", "look")]);
        await live.ReadToAsync<ToolExecutionStarted>();
        var run = await tool.NextRunAsync();
        live.Send(Wire.Restarted(), Wire.Started, Wire.Text("other"));
        await live.ReadToAsync<TextDelta>();
        run.Token.IsCancellationRequested.Should().BeFalse("the call may still come");
        run.Arguments.ReportProgress("nobody wants to know");
        live.SendAll(Wire.Ended(FinishReason.Stop));
        var events = await live.ReadToEndAsync();
        run.Token.IsCancellationRequested.Should().BeTrue();
        tool.Function.Running.Should().Be(0);
        events.OfType<ToolProgress>().Should().BeEmpty();
        events.OfType<ToolResult>().Should().BeEmpty();
    }

    [Fact]
    public async Task Restart_CallThatWaitedForItsTurn_NeverStartsForTheVoidResponse()
    {
        var tool = new GatedTool("look");
        await using var live = new LiveStream(ReadOnly(tool), o => o.MaxConcurrency = 1);
        live.Send([Wire.Started, .. Wire.Call(0, "a", "look", """{"n":1}"""), .. Wire.Call(1, "b", "look", """{"n":2}""")]);
        await live.ReadToAsync<ToolExecutionStarted>();
        var run = await tool.NextRunAsync();
        live.SendAll(Wire.Restarted(), Wire.Started, Wire.Text("x"), Wire.Ended(FinishReason.Stop));
        await live.ReadToAsync<StreamRestarted>();
        run.Complete("1");
        await live.ReadToEndAsync();
        tool.Function.Calls.Should().Be(1);
    }

    [Fact]
    public async Task Restart_AfterEffectsRan_DoesNotRunThemAgain()
    {
        // No retry does this; a broken source might.
        var tool = new GatedTool("write");
        await using var live = new LiveStream([tool.Function]);
        live.Send(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "old", "write")));
        await live.ReadToAsync<ToolExecutionStarted>();
        (await tool.NextRunAsync()).Complete("written");
        await live.ResultOfAsync("old");
        live.SendAll([Wire.Restarted(), .. Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "new", "write"))]);
        live.SendAll(Wire.Answer());
        (await live.ReadToEndAsync()).ResultOf("new").Result.GetString().Should().Be("written");
        tool.Function.Calls.Should().Be(1);
    }

    [Fact]
    public async Task Restart_FailureThatCancelledSiblings_CancelsThemInTheNewAttemptToo()
    {
        var bad = new GatedTool("bad");
        var good = new TestTool("good");
        await using var live = new LiveStream(new ToolSet()
            .Add(bad.Function, o => (o.ReadOnly, o.CancelSiblingsOnFailure) = (true, true))
            .Add(good));
        live.Send([Wire.Started, .. Wire.Call(0, "a", "bad")]);
        await live.ReadToAsync<ToolExecutionStarted>();
        (await bad.NextRunAsync()).Fail(new InvalidOperationException());
        await live.ResultOfAsync("a");
        live.SendAll([Wire.Restarted(), .. Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "b", "bad"), .. Wire.Call(1, "c", "good")])]);
        live.SendAll(Wire.Answer());
        var events = await live.ReadToEndAsync();
        events.ErrorOf("c").Should().Contain("'bad'");
        (bad.Function.Calls, good.Calls).Should().Be((1, 0));
    }

    [Fact]
    public async Task Restart_SameIdWithAnotherResult_SendsTheNewOne()
    {
        var image = new TestTool("image", new Microsoft.Extensions.AI.DataContent(new byte[] { 1 }, "image/png"));
        var look = new TestTool("look", "seen");
        await using var live = new LiveStream(new ToolSet().Add(image, o => o.ReadOnly = true).Add(look, o => o.ReadOnly = true));
        live.Send([Wire.Started, .. Wire.Call(0, "call_0", "image")]);
        await live.ReadToAsync<ToolResult>();
        live.SendAll([Wire.Restarted(), .. Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "call_0", "look"))]);
        live.SendAll(Wire.Answer());
        await live.ReadToEndAsync();
        var sent = (Microsoft.Extensions.AI.FunctionResultContent)live.Source.Requests[1].Messages[^1].Contents.Should().ContainSingle().Subject;
        ((System.Text.Json.JsonElement)sent.Result!).GetString().Should().Be("seen");
    }

    private static ToolSet ReadOnly(GatedTool tool) => new ToolSet().Add(tool.Function, o => o.ReadOnly = true);
}
