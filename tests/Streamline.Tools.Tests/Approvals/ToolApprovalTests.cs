using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Approvals;

/// <summary>Approvals that are answered while the stream runs.</summary>
public sealed class ToolApprovalTests
{
    private static readonly StreamEvent[] OneCall = Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "write", """{"path":"a"}"""));

    [Fact]
    public async Task Approve_RunsTheTool_AndSiblingsThatNeedNoneRanAtOnce()
    {
        var write = new TestTool("write", "written");
        var look = new TestTool("look", "seen");
        await using var live = new LiveStream(new ToolSet().Add(write, o => o.Approval = ToolApproval.Always).Add(look));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "write", """{"path":"a"}"""), .. Wire.Call(1, "2", "look")]));
        live.SendAll(Wire.Answer());
        var request = await live.ReadToAsync<ApprovalRequested>();
        (request.CallId, request.Name, request.Arguments.GetRawText(), request.CanRespond).Should().Be(("1", "write", """{"path":"a"}""", true));
        (await live.ResultOfAsync("2")).IsError.Should().BeFalse();
        write.Calls.Should().Be(0);

        request.Approve().Should().BeTrue();
        request.Approve().Should().BeFalse("the first answer counts");
        request.Deny().Should().BeFalse();
        var events = await live.ReadToEndAsync();
        events.ResultOf("1").Result.GetString().Should().Be("written");
        events.OfType<ApprovalResolved>().Should().ContainSingle().Which.Decision.Should().Be(ApprovalDecision.Approved);
        live.Source.Requests.Should().HaveCount(2);
    }

    /// <summary>A call that cannot run in any case is not asked about.</summary>
    [Fact]
    public async Task CallWhoseResourcesCannotBeTold_IsNotAskedAbout()
    {
        var write = new TestTool("write");
        var tools = new ToolSet().Add(write, o => (o.Approval, o.Locks) = (ToolApproval.Always, _ => throw new InvalidOperationException()));
        await using var live = new LiveStream(tools);
        live.SendAll(OneCall);
        live.SendAll(Wire.Answer());
        (await live.ResultOfAsync("1")).Result.GetString().Should().Be("The tool was not run: the resources that it needs could not be determined.");
        (await live.ReadToEndAsync()).OfType<ApprovalRequested>().Should().BeEmpty();
        write.Calls.Should().Be(0);
    }

    [Theory]
    [InlineData("Not on Sundays.", "The tool was not run: approval was denied. Not on Sundays.")]
    [InlineData(null, "The tool was not run: approval was denied.")]
    public async Task Deny_TellsTheModel(string? reason, string words)
    {
        var write = new TestTool("write");
        await using var live = new LiveStream(new ToolSet().Add(write, o => o.Approval = ToolApproval.Always));
        live.SendAll(OneCall);
        live.SendAll(Wire.Answer());
        (await live.ReadToAsync<ApprovalRequested>()).Deny(reason).Should().BeTrue();
        (await live.ReadToEndAsync()).ErrorOf("1").Should().Be(words);
        write.Calls.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "12")]
    public async Task Unanswered_IsDenied()
    {
        var time = new ManualTimeProvider();
        var write = new TestTool("write");
        await using var live = new LiveStream(new ToolSet().Add(write, o => o.Approval = ToolApproval.Always), o => o.TimeProvider = time);
        live.SendAll(OneCall);
        live.SendAll(Wire.Answer());
        var request = await live.ReadToAsync<ApprovalRequested>();
        time.Advance(TimeSpan.FromMinutes(5));
        var events = await live.ReadToEndAsync();
        events.ErrorOf("1").Should().Be("The tool was not run: approval was not given.");
        events.OfType<ApprovalResolved>().Single().Decision.Should().Be(ApprovalDecision.Denied);
        request.Approve().Should().BeFalse();
        (write.Calls, time.ActiveTimers).Should().Be((0, 0));
    }

    [Fact]
    public async Task Approve_WithEditedArguments_ChecksThemAndRunsOnThem()
    {
        string? path = null;
        var edited = false;
        var write = AIFunctionFactory.Create(
            (string path1, AIFunctionArguments arguments) =>
            {
                path = path1;
                edited = arguments.ToolCall()!.AreArgumentsEdited;
            },
            "write");
        await using var live = new LiveStream(new ToolSet().Add(write, o => o.Approval = ToolApproval.Always));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "write", """{"path1":"a"}""")));
        live.SendAll(Wire.Answer());
        var request = await live.ReadToAsync<ApprovalRequested>();
        request.Invoking(r => r.Approve(Wire.Json("""{"path1":5}"""))).Should().Throw<ArgumentException>().WithMessage("*'path1': expected string*");
        request.Invoking(r => r.Approve(Wire.Json("[]"))).Should().Throw<ArgumentException>().WithMessage("*expected an object, found Array.*");
        request.Approve(Wire.Json("""{"path1":"b"}""")).Should().BeTrue("the request stayed open");
        (await live.ReadToEndAsync()).ResultOf("1").IsError.Should().BeFalse();
        (path, edited).Should().Be(("b", true));
    }

    [Fact]
    public async Task When_DecidesCallByCall()
    {
        var write = new TestTool("write", "ok");
        await using var live = new LiveStream(new ToolSet().Add(write, o => o.Approval = ToolApproval.When(call => call.Arguments.GetProperty("path").GetString() == "secret")));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "write", """{"path":"a"}"""), .. Wire.Call(1, "2", "write", """{"path":"secret"}"""), .. Wire.Call(2, "3", "write")]));
        live.SendAll(Wire.Answer());
        var request = await live.ReadToAsync<ApprovalRequested>();
        request.CallId.Should().Be("2");
        request.Deny();
        var events = await live.ReadToEndAsync();
        events.ResultOf("1").IsError.Should().BeFalse();
        events.ErrorOf("3").Should().Be("The tool was not run: whether it needs approval could not be determined.");
        write.Calls.Should().Be(1);
    }

    [Fact]
    public async Task ApprovalRequiredAIFunction_IsHonoured_OfTheClientAndOfTheRequest()
    {
        var inner = new TestTool("write", "ok");
        var function = new ApprovalRequiredAIFunction(inner);
        foreach (var (tools, options) in new (ToolSet, ChatOptions?)[] { ([function], null), ([], new ChatOptions { Tools = [function] }) })
        {
            await using var live = new LiveStream(tools, options: options);
            live.SendAll(OneCall);
            live.SendAll(Wire.Answer());
            (await live.ReadToAsync<ApprovalRequested>()).Approve();
            (await live.ReadToEndAsync()).ResultOf("1").IsError.Should().BeFalse();
        }

        var loop = Loop.Over(new ToolSet().Add(function, o => o.Approval = ToolApproval.Never), OneCall, Wire.Answer());
        (await loop.RunAsync()).OfType<ApprovalRequested>().Should().BeEmpty("the application said so");
        inner.Calls.Should().Be(3);
    }

    [Fact]
    public async Task Requests_EachHaveAnIdOfTheirOwn()
    {
        await using var live = new LiveStream(new ToolSet().Add(new TestTool("write"), o => o.Approval = ToolApproval.Always));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "write"), .. Wire.Call(1, "2", "write")]));
        live.SendAll(Wire.Answer());
        ApprovalRequested[] requests = [await live.ReadToAsync<ApprovalRequested>(), await live.ReadToAsync<ApprovalRequested>()];
        requests.Select(request => request.ApprovalId).Should().OnlyHaveUniqueItems().And.NotContain("");
    }

    [Fact]
    [Trait("Law", "12")]
    public async Task Approved_WhileItWaitsForItsTurn_IsNotDeniedLater()
    {
        var time = new ManualTimeProvider();
        var write = new GatedTool("write");
        await using var live = new LiveStream(
            new ToolSet().Add(write.Function, o =>
            {
                o.Exclusive = true;
                o.Approval = ToolApproval.When(call => call.CallId == "2");
            }),
            o => (o.TimeProvider, o.DefaultTimeout) = (time, Timeout.InfiniteTimeSpan));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "write"), .. Wire.Call(1, "2", "write")]));
        live.SendAll(Wire.Answer());
        (await live.ReadToAsync<ApprovalRequested>()).Approve();
        var first = await write.NextRunAsync();
        time.Advance(TimeSpan.FromMinutes(10));
        first.Complete("one");
        (await write.NextRunAsync()).Complete("two");
        (await live.ReadToEndAsync()).ResultOf("2").Result.GetString().Should().Be("two");
    }

    [Fact]
    public async Task Defer_WhileTheReaderWaits_IsShownAtOnce()
    {
        var slow = new GatedTool("slow");
        await using var live = new LiveStream(new ToolSet().Add(new TestTool("write"), o => o.Approval = ToolApproval.Always).Add(slow.Function));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "write"), .. Wire.Call(1, "2", "slow")]));
        var request = await live.ReadToAsync<ApprovalRequested>();
        var run = await slow.NextRunAsync();
        await live.ReadToAsync<ToolExecutionStarted>();
        var resolved = live.ReadToAsync<ApprovalResolved>();
        request.Defer().Should().BeTrue();
        (await resolved).Decision.Should().Be(ApprovalDecision.Deferred);
        run.Complete();
        await live.ReadToEndAsync();
        live.Source.Requests.Should().ContainSingle();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Approve_NonBlockingTool_DoesNotRunItOnTheThreadThatAnswers(bool withStore)
    {
        var claim = new TaskCompletionSource<bool>();
        var answering = 0;
        var ranInside = false;
        var write = new TestTool("write", (_, _) =>
        {
            ranInside |= Environment.CurrentManagedThreadId == Volatile.Read(ref answering);
            return ValueTask.FromResult<object?>("ok");
        });
        await using var live = new LiveStream(
            new ToolSet().Add(write, o => (o.NonBlocking, o.Approval) = (true, ToolApproval.Always)),
            options => options.Approvals.TryClaim = withStore ? (_, _) => new ValueTask<bool>(claim.Task) : null);
        live.SendAll(OneCall);
        live.SendAll(Wire.Answer());
        var request = await live.ReadToAsync<ApprovalRequested>();
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null); // with one, nothing runs inline anyway
        answering = Environment.CurrentManagedThreadId;
        request.Approve();
        claim.SetResult(true);
        Volatile.Write(ref answering, 0);
        SynchronizationContext.SetSynchronizationContext(context);
        (await live.ReadToEndAsync()).ResultOf("1").IsError.Should().BeFalse();
        ranInside.Should().BeFalse("whoever answers must not be held up by the tool");
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task InvalidArguments_AreNotAskedAbout()
    {
        var write = AIFunctionFactory.Create((string path) => path, "write");
        StreamEvent[] call = Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "write"));
        var loop = Loop.Over(new ToolSet().Add(write, o => o.Approval = ToolApproval.Always), call, Wire.Answer());
        (await loop.RunAsync()).OfType<ApprovalRequested>().Should().BeEmpty();
    }

    [Fact]
    [Trait("Law", "9")]
    [Trait("Law", "13")]
    public async Task Cancel_WhileAsked_DeniesTheCallAndLaterAnswersDoNotCount()
    {
        using var cancellation = new CancellationTokenSource();
        var write = new TestTool("write");
        await using var live = new LiveStream(new ToolSet().Add(write, o => o.Approval = ToolApproval.Always), cancellationToken: cancellation.Token);
        live.SendAll(OneCall);
        var request = await live.ReadToAsync<ApprovalRequested>();
        await cancellation.CancelAsync();
        var failure = await live.FailureAsync<OperationCanceledException>();
        live.Seen.ErrorOf("1").Should().Be("The tool was not run: the stream was left before it started.");
        failure.GetPartialResponse()!.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Should().ContainSingle();
        request.Approve().Should().BeFalse();
        write.Calls.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "7")]
    public async Task Restart_WhileAsked_TheOldQuestionIsVoidAndTheNewOneCounts()
    {
        var look = new TestTool("look", "ok");
        await using var live = new LiveStream(new ToolSet().Add(look, o => (o.ReadOnly, o.Approval) = (true, ToolApproval.Always)));
        live.Send([Wire.Started, .. Wire.Call(0, "old", "look")]);
        var old = await live.ReadToAsync<ApprovalRequested>();
        live.SendAll([Wire.Restarted(), .. Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "new", "look"))]);
        live.SendAll(Wire.Answer());
        var request = await live.ReadToAsync<ApprovalRequested>();
        old.Approve().Should().BeFalse();
        request.Approve().Should().BeTrue();
        (await live.ReadToEndAsync()).ResultOf("new").IsError.Should().BeFalse();
        look.Calls.Should().Be(1);
    }

    [Fact]
    public async Task EventFromJson_CannotBeAnsweredAndSaysSo()
    {
        await using var live = new LiveStream(new ToolSet().Add(new TestTool("write"), o => o.Approval = ToolApproval.Always));
        live.SendAll(OneCall);
        var request = await live.ReadToAsync<ApprovalRequested>();
        var read = (ApprovalRequested)StreamEventJson.Deserialize(StreamEventJson.Serialize(request));
        (read.ApprovalId, read.Token, read.CanRespond).Should().Be((request.ApprovalId, request.Token, false));
        read.Invoking(r => r.Approve()).Should().Throw<InvalidOperationException>().WithMessage("*'write'*ToolApprovalResponseContent*");
    }
}
