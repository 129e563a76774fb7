using Microsoft.Extensions.AI;
using Streamline.Json;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Streaming;

/// <summary>Tools that work on arguments while they grow: exactly one of commit and rollback, whatever happens.</summary>
public sealed class StreamingToolTests
{
    [Fact]
    public async Task Input_Grows_AndTheCommitGetsTheWholeArguments()
    {
        var tool = new RecordingTool();
        await using var live = new LiveStream([tool]);
        var document = new PartialJsonDocument();
        live.Send(Wire.Started, Wire.CallStarted(0, "1", "edit"));
        live.Send(Delta(document, "{\"text\":\"ab"));
        await live.ReadToAsync<ToolInputDelta>();
        (await tool.NextInputAsync()).Should().Be("ab");
        live.Send(Delta(document, "cd\"}"));
        live.SendAll(Wire.Sealed(0, "1", "edit", """{"text":"abcd"}"""), Wire.Ended());
        live.SendAll(Wire.Answer());
        (await live.ReadToEndAsync()).ResultOf("1").Result.GetString().Should().Be("abcd");
        tool.Log.Should().StartWith("begin 1").And.EndWith("commit abcd").And.NotContain("rollback");
    }

    [Theory]
    [InlineData(FinishReason.Length)]
    [InlineData(FinishReason.Refusal)]
    [InlineData(FinishReason.ContentFilter)]
    [Trait("Law", "3")]
    public async Task ResponseThatForbidsTools_RollsBack(FinishReason reason) =>
        await RollsBackAsync(Wire.Response(reason, Wire.Call(0, "1", "edit", """{"text":"a"}""")));

    [Fact]
    [Trait("Law", "3")]
    public async Task BadOrCutArguments_RollBack()
    {
        await RollsBackAsync(Wire.Response(FinishReason.ToolCalls, Wire.CallStarted(0, "1", "edit"), Wire.SealedBad(0, "1", "edit", "{")));
        await RollsBackAsync(Wire.Response(FinishReason.ToolCalls, Wire.CallStarted(0, "1", "edit")));
        await RollsBackAsync(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "edit", """{"text":5}""")));
    }

    [Fact]
    public async Task Restart_EqualCallThatHasRun_RollsBackWhatTheNewOneBegan()
    {
        var tool = new RecordingTool();
        StreamEvent[] call = Wire.Call(0, "1", "edit", """{"text":"a"}""");
        StreamEvent[] again = Wire.Call(0, "2", "edit", """{"text":"a"}""");
        var loop = Loop.Over(new ToolSet().Add(tool, o => o.ReadOnly = true), [Wire.Started, .. call, Wire.Text("x", 1), Wire.Restarted(), Wire.Started, .. again, Wire.Ended()], Wire.Answer());
        (await loop.RunAsync()).ResultOf("2").IsError.Should().BeFalse();
        tool.Log.Should().Contain("begin 1").And.Contain("commit a").And.Contain("begin 2").And.EndWith("rollback");
    }

    [Fact]
    public async Task RoundWithoutTools_CallThatTheModelMakesAllTheSame_BeginsNothing()
    {
        var tool = new RecordingTool();
        StreamEvent[] call = Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "edit", """{"text":"a"}"""));
        await Loop.Over(new ToolSet().Add(tool), o => o.MaxRounds = 1, call, call).RunAsync();
        tool.Log.Should().Be("begin 1; commit a");
    }

    [Fact]
    public async Task ToolThatCannotBegin_IsReported_AndRunsOnTheWholeArguments()
    {
        var failures = new List<ToolFailure>();
        var tool = new RecordingTool { BeginFailure = new InvalidOperationException("not now") };
        var loop = Loop.Over(new ToolSet().Add(tool), o => o.OnToolFailure = failures.Add, Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "edit", """{"text":"a"}""")), Wire.Answer());
        await loop.RunAsync();
        failures.Should().HaveCount(2, "it cannot begin while the model writes, nor on the whole arguments").And.OnlyContain(failure => failure.CallId == "1" && failure.Exception == tool.BeginFailure);
    }

    [Fact]
    public async Task DeniedApproval_RollsBack()
    {
        var tool = new RecordingTool();
        await using var live = new LiveStream(new ToolSet().Add(tool, o => o.Approval = ToolApproval.Always));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "edit", """{"text":"a"}""")));
        live.SendAll(Wire.Answer());
        (await live.ReadToAsync<ApprovalRequested>()).Deny();
        await live.ReadToEndAsync();
        tool.Log.Should().Be("begin 1; rollback");
    }

    [Fact]
    public async Task DeferredApproval_RollsBack()
    {
        var tool = new RecordingTool();
        await using var live = new LiveStream(new ToolSet().Add(tool, o => o.Approval = ToolApproval.Always));
        live.SendAll(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "edit", """{"text":"a"}""")));
        (await live.ReadToAsync<ApprovalRequested>()).Defer();
        await live.ReadToEndAsync();
        tool.Log.Should().Be("begin 1; rollback", "what it began cannot wait for a later request");
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task CancelAndBreak_RollBackBeforeTheStreamEnds()
    {
        foreach (var cancels in new[] { true, false })
        {
            using var cancellation = new CancellationTokenSource();
            var tool = new RecordingTool();
            await using (var live = new LiveStream([tool], cancellationToken: cancellation.Token))
            {
                live.Send([Wire.Started, Wire.CallStarted(0, "1", "edit")]);
                await live.ReadToAsync<ToolCallStarted>();
                if (cancels)
                {
                    await cancellation.CancelAsync();
                    await live.FailureAsync<OperationCanceledException>();
                    live.Seen.ErrorOf("1").Should().Contain("did not arrive in full");
                }
                else
                {
                    await live.DisposeAsync();
                }
            }

            tool.Log.Should().Be("begin 1; rollback");
        }
    }

    [Fact]
    [Trait("Law", "7")]
    public async Task Restart_RollsTheOldAttemptBackAndCommitsTheNewOne()
    {
        var tool = new RecordingTool();
        await using var live = new LiveStream([tool]);
        live.Send([Wire.Started, .. Wire.Call(0, "old", "edit", """{"text":"a"}""")]);
        live.SendAll([Wire.Restarted(), .. Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "new", "edit", """{"text":"a"}"""))]);
        live.SendAll(Wire.Answer());
        (await live.ReadToEndAsync()).ResultOf("new").IsError.Should().BeFalse();
        tool.Log.Split("; ").Should().BeEquivalentTo("begin old", "rollback", "begin new", "commit a");
    }

    [Fact]
    public async Task CommitThatFails_IsRolledBack()
    {
        var tool = new RecordingTool { CommitFailure = new ToolErrorException("Disk full.") };
        var loop = Loop.Over([tool], Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "edit", """{"text":"a"}""")), Wire.Answer());
        (await loop.RunAsync()).ErrorOf("1").Should().Be("Disk full.");
        tool.Log.Should().Be("begin 1; commit a; rollback");
    }

    [Fact]
    public async Task InputThatFails_FailsTheCallWithoutACommit()
    {
        var tool = new RecordingTool { InputFailure = new ToolErrorException("Bad path.") };
        var document = new PartialJsonDocument();
        var loop = Loop.Over([tool], Wire.Response(FinishReason.ToolCalls, Wire.CallStarted(0, "1", "edit"), Delta(document, """{"text":"a"}"""), Wire.Sealed(0, "1", "edit", """{"text":"a"}""")), Wire.Answer());
        (await loop.RunAsync()).ErrorOf("1").Should().Be("Bad path.");
        tool.Log.Should().EndWith("rollback").And.NotContain("commit");
    }

    [Fact]
    public async Task RunByAnyOtherCaller_GetsTheWholeArguments()
    {
        var tool = new RecordingTool();
        (await tool.InvokeAsync(new AIFunctionArguments { ["text"] = "x" })).Should().Be("x");
        tool.CommitFailure = new InvalidOperationException();
        await tool.Awaiting(t => t.InvokeAsync(new AIFunctionArguments { ["text"] = "y" }).AsTask()).Should().ThrowAsync<InvalidOperationException>();
        tool.Log.Should().Be("begin ; commit x; begin ; commit y; rollback");
    }

    private static async Task RollsBackAsync(StreamEvent[] response)
    {
        var tool = new RecordingTool();
        var events = await Loop.Over([tool], response, Wire.Answer()).RunAsync();
        events.ResultOf("1").IsError.Should().BeTrue();
        tool.Log.Should().Be("begin 1; rollback");
    }

    private static ToolInputDelta Delta(PartialJsonDocument document, string fragment)
    {
        document.Append(fragment);
        return new ToolInputDelta { Index = 0, CallId = "1", Fragment = fragment, Input = document.RootElement };
    }

    private sealed class RecordingTool : StreamingTool
    {
        private readonly List<string> _log = [];
        private readonly System.Threading.Channels.Channel<string> _inputs = System.Threading.Channels.Channel.CreateUnbounded<string>();

        public Exception? CommitFailure { get; set; }

        public Exception? InputFailure { get; init; }

        public Exception? BeginFailure { get; init; }

        public string Log
        {
            get
            {
                lock (_log)
                {
                    return string.Join("; ", _log);
                }
            }
        }

        public override string Name => "edit";

        public override System.Text.Json.JsonElement JsonSchema { get; } = Wire.Json("""{"type":"object","properties":{"text":{"type":"string"}},"required":["text"]}""");

        public Task<string> NextInputAsync() => _inputs.Reader.ReadAsync().AsTask().OrFail();

        public override StreamingToolCall BeginCall(ToolCallContext? context)
        {
            Note($"begin {context?.CallId}");
            return BeginFailure is { } failure ? throw failure : new Call(this);
        }

        private void Note(string text)
        {
            lock (_log)
            {
                _log.Add(text);
            }
        }

        private sealed class Call(RecordingTool tool) : StreamingToolCall
        {
            public override ValueTask OnInputAsync(PartialJsonElement input, CancellationToken cancellationToken)
            {
                tool._inputs.Writer.TryWrite(input["text"].GetString()!);
                return tool.InputFailure is { } failure ? throw failure : ValueTask.CompletedTask;
            }

            public override ValueTask<object?> CommitAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
            {
                tool.Note($"commit {arguments["text"]}");
                return tool.CommitFailure is { } failure ? throw failure : new ValueTask<object?>(arguments["text"]);
            }

            public override ValueTask RollBackAsync()
            {
                tool.Note("rollback");
                return ValueTask.CompletedTask;
            }
        }
    }
}
