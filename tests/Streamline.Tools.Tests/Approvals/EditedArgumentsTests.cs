using System.Text.Json;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Approvals;

/// <summary>Edited arguments that cannot be used: the approver hears of it, and can still answer.</summary>
[Trait("Law", "3")]
public sealed class EditedArgumentsTests
{
    private static readonly StreamEvent[] OneCall = Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "write", """{"path":"a"}"""));

    [Theory]
    [InlineData("""{"path":"\ud83d"}""")]
    [InlineData("""{"path":"\udE00 \ud83d"}""")]
    [InlineData("""{"\ud83d":"a"}""")]
    [InlineData("""{"path":["a",{"b":"\\\ud83d"}]}""")]
    public async Task Approve_WithHalfASurrogate_ThrowsAndLeavesTheRequestOpen(string edited)
    {
        var write = new TestTool("write", "written");
        await using var live = Live(write);
        var request = await live.ReadToAsync<ApprovalRequested>();
        request.Invoking(asked => asked.Approve(JsonElement.Parse(edited))).Should().Throw<ArgumentException>().WithMessage("*half a surrogate pair*");
        request.Approve().Should().BeTrue("nothing was answered yet");
        var events = await live.ReadToEndAsync();
        events.ResultOf("1").Result.GetString().Should().Be("written");
        events.OfType<ApprovalResolved>().Should().ContainSingle();
    }

    [Fact]
    public async Task Approve_WithInvalidUtf8_ThrowsAndLeavesTheRequestOpen()
    {
        await using var live = Live(new TestTool("write"));
        var request = await live.ReadToAsync<ApprovalRequested>();
        request.Invoking(asked => asked.Approve(JsonElement.Parse([.. "{\"path\":\""u8, 0xFF, .. "\"}"u8]))).Should().Throw<ArgumentException>().WithMessage("*invalid UTF-8*");
        request.Deny().Should().BeTrue();
        (await live.ReadToEndAsync()).ErrorOf("1").Should().Contain("denied");
    }

    [Fact]
    public async Task Approve_WithAnElementOfADisposedDocument_ThrowsAndLeavesTheRequestOpen()
    {
        await using var live = Live(new TestTool("write", "written"));
        var request = await live.ReadToAsync<ApprovalRequested>();
        var document = JsonDocument.Parse("{}");
        var edited = document.RootElement;
        document.Dispose();
        request.Invoking(asked => asked.Approve(edited)).Should().Throw<ObjectDisposedException>();
        request.Approve().Should().BeTrue();
        (await live.ReadToEndAsync()).ResultOf("1").IsError.Should().BeFalse();
    }

    [Fact]
    [Trait("Law", "12")]
    public async Task Approve_WithHalfASurrogate_LeavesTheTimeLimit()
    {
        var time = new ManualTimeProvider();
        await using var live = Live(new TestTool("write"), o => o.TimeProvider = time);
        var request = await live.ReadToAsync<ApprovalRequested>();
        request.Invoking(asked => asked.Approve(JsonElement.Parse("""{"path":"\ud83d"}"""))).Should().Throw<ArgumentException>();
        time.Advance(TimeSpan.FromMinutes(5));
        (await live.ReadToEndAsync()).ErrorOf("1").Should().Be("The tool was not run: approval was not given.");
    }

    [Fact]
    public async Task Approve_WithAWholePair_RunsTheToolOnIt()
    {
        string? path = null;
        var write = new TestTool("write", (arguments, _) =>
        {
            path = ((JsonElement)arguments["path"]!).GetString();
            return ValueTask.FromResult<object?>(null);
        });
        await using var live = Live(write);
        (await live.ReadToAsync<ApprovalRequested>()).Approve(JsonElement.Parse("""{"path":"\ud83d\ude00"}""")).Should().BeTrue();
        await live.ReadToEndAsync();
        path.Should().Be("😀");
    }

    [Fact]
    public async Task Approve_WithArgumentsWhoseResourcesCannotBeTold_DoesNotRunTheTool()
    {
        var write = new TestTool("write");
        await using var live = Live(write, locks: arguments => arguments.GetProperty("path").GetString() == "a" ? [] : throw new InvalidOperationException());
        (await live.ReadToAsync<ApprovalRequested>()).Approve(JsonElement.Parse("""{"path":"b"}""")).Should().BeTrue();
        (await live.ReadToEndAsync()).ErrorOf("1").Should().Be("The tool was not run: the resources that it needs could not be determined.");
        write.Calls.Should().Be(0);
    }

    private static LiveStream Live(TestTool tool, Action<ToolLoopOptions>? configure = null, Func<JsonElement, IEnumerable<ToolLock>>? locks = null)
    {
        var live = new LiveStream(new ToolSet().Add(tool, o => (o.Approval, o.Locks) = (ToolApproval.Always, locks)), configure);
        live.SendAll(OneCall);
        live.SendAll(Wire.Answer());
        return live;
    }
}
