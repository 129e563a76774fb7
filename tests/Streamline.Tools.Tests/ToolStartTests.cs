using System.Text.Json;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>When a tool may start, and that it does not otherwise.</summary>
public sealed class ToolStartTests
{
    public static TheoryData<FinishReason> ForbiddenReasons =>
        [FinishReason.Length, FinishReason.ContentFilter, FinishReason.Refusal];

    [Fact]
    public async Task ReadOnlyTool_SealedCall_StartsWhileTheModelGoesOnAndDoesNotHoldItUp()
    {
        var tool = new GatedTool("look");
        await using var live = new LiveStream(new ToolSet().Add(tool.Function, o => o.ReadOnly = true));
        live.Send([Wire.Started, .. Wire.Call(0, "1", "look")]);
        await live.ReadToAsync<ToolExecutionStarted>();
        var run = await tool.NextRunAsync();

        for (var i = 0; i < 100; i++)
        {
            live.Send(Wire.Text($"{i}", index: 1));
            (await live.NextAsync()).Should().BeOfType<TextDelta>().Which.Text.Should().Be($"{i}");
        }

        tool.Function.Running.Should().Be(1);
        run.Complete("seen");
        (await live.ResultOfAsync("1")).Result.GetString().Should().Be("seen", "the result comes while the response still goes on");

        live.SendAll(Wire.Text("more", index: 1), Wire.Ended());
        live.SendAll(Wire.Answer());
        await live.ReadToEndAsync();
        tool.Function.Calls.Should().Be(1);
    }

    [Fact]
    [Trait("Law", "7")]
    public async Task Tool_OfACallThatTheProviderAnswered_IsNotRun()
    {
        var tool = new TestTool("write", "ours");
        var answered = new ToolResult { CallId = "1", Name = "write", Result = JsonElement.Parse("\"theirs\"") };
        var loop = Loop.Over([tool], Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "write"), answered, .. Wire.Call(1, "2", "write")]), Wire.Answer());

        var events = await loop.RunAsync();

        tool.Calls.Should().Be(1);
        (events.ResultOf("1").Result.GetString(), events.ResultOf("2").Result.GetString()).Should().Be(("theirs", "ours"));
        loop.SentResults().Select(result => result.CallId).Should().Equal("1", "2");
    }

    /// <summary>Some gateways send all calls again as a part of a cumulative message.</summary>
    [Fact]
    [Trait("Law", "7")]
    public async Task Tools_OfCallsThatTheProviderAnswered_AreNotRunWhenTheCallsComeAgain()
    {
        var tool = new TestTool("write", "ours");
        StreamEvent[] calls = [.. Wire.Call(0, "1", "write"), .. Wire.Call(1, "2", "write")];
        StreamEvent[] answered = [.. new[] { "1", "2" }.Select(id => new ToolResult { CallId = id, Name = "write", Result = JsonElement.Parse("\"theirs\"") })];
        StreamEvent[] again = [Wire.Sealed(0, "1", "write"), Wire.Sealed(1, "2", "write")];

        await Loop.Over([tool], Wire.Response(FinishReason.Stop, [.. calls, .. answered, .. again]), Wire.Answer()).RunAsync();

        tool.Calls.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "7")]
    public async Task ReadOnlyTool_OfACallThatTheProviderAnswersMeanwhile_IsStoppedAndItsResultIsNotSent()
    {
        var tool = new GatedTool("look");
        await using var live = new LiveStream(new ToolSet().Add(tool.Function, o => o.ReadOnly = true));
        live.Send([Wire.Started, .. Wire.Call(0, "1", "look")]);
        await live.ReadToAsync<ToolExecutionStarted>();
        await tool.NextRunAsync(); // it runs until it is stopped

        live.Send(new ToolResult { CallId = "1", Name = "look", Result = JsonElement.Parse("\"theirs\"") });
        await live.ReadToAsync<ToolResult>();
        live.SendAll(Wire.Ended(FinishReason.Stop));
        await live.ReadToEndAsync();

        live.Seen.ResultOf("1").Result.GetString().Should().Be("theirs");
    }

    [Fact]
    public async Task ReadOnlyTool_ThatBlocksItsThread_DoesNotHoldUpTheReader()
    {
        using var gate = new ManualResetEventSlim();
        var tool = new TestTool("look", (_, _) =>
        {
            gate.Wait(EventCollector.Patience, CancellationToken.None);
            return ValueTask.FromResult<object?>("late");
        });
        await using var live = new LiveStream(new ToolSet().Add(tool, o => o.ReadOnly = true));
        live.Send([Wire.Started, .. Wire.Call(0, "1", "look"), Wire.Text("on", index: 1)]);
        await live.ReadToAsync<TextDelta>();
        live.Seen.OfType<ToolResult>().Should().BeEmpty();

        gate.Set();
        live.SendAll(Wire.Ended());
        live.SendAll(Wire.Answer());
        (await live.ReadToEndAsync()).ResultOf("1").Result.GetString().Should().Be("late");
    }

    [Fact]
    public async Task ToolWithEffects_SealedCall_WaitsForTheEndOfTheResponse()
    {
        var effect = new GatedTool("write");
        var look = new GatedTool("look");
        await using var live = new LiveStream(new ToolSet().Add(effect.Function).Add(look.Function, o => o.ReadOnly = true));
        live.Send([Wire.Started, .. Wire.Call(0, "1", "write"), .. Wire.Call(1, "2", "look"), Wire.Text("on", index: 2)]);
        await live.ReadToAsync<ToolExecutionStarted>(started => started.CallId == "2");
        (await look.NextRunAsync()).Complete();
        await live.ResultOfAsync("2");
        effect.Function.Calls.Should().Be(0);

        live.SendAll(Wire.Ended());
        await live.ReadToAsync<ResponseCompleted>();
        (await effect.NextRunAsync()).Complete();
        live.SendAll(Wire.Answer());
        var kinds = (await live.ReadToEndAsync()).Select(e => e.GetType()).ToList();
        kinds.LastIndexOf(typeof(ToolExecutionStarted)).Should().BeGreaterThan(kinds.IndexOf(typeof(ResponseCompleted)));
    }

    [Theory]
    [InlineData(FinishReason.ToolCalls)]
    [InlineData(FinishReason.Stop)]
    [InlineData(FinishReason.Other)]
    public async Task ToolWithEffects_ReasonThatAllowsTools_Runs(FinishReason reason)
    {
        var tool = new TestTool("write", "ok");
        var loop = Loop.Over([tool], Wire.Response(reason, Wire.Call(0, "1", "write")), Wire.Answer());
        (await loop.RunAsync()).ResultOf("1").IsError.Should().BeFalse();
        tool.Calls.Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(ForbiddenReasons))]
    [Trait("Law", "3")]
    public async Task ToolWithEffects_ReasonThatForbidsTools_IsNotRunAndTheStreamEnds(FinishReason reason)
    {
        var tool = new TestTool("write");
        var loop = Loop.Over([tool], Wire.Response(reason, Wire.Call(0, "1", "write")), Wire.Answer());
        var events = await loop.RunAsync();
        tool.Calls.Should().Be(0);
        events.ErrorOf("1").Should().Contain("not run").And.Contain(reason.ToString());
        events.OfType<ToolExecutionStarted>().Should().BeEmpty();
        loop.Source.Requests.Should().ContainSingle("no further round starts");
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task ToolWithEffects_Pause_IsNotRunAndTheConversationGoesOn()
    {
        var tool = new TestTool("write");
        var loop = Loop.Over([tool], Wire.Response(FinishReason.Pause, [Wire.Text("a"), .. Wire.Call(1, "1", "write")]), Wire.Answer());
        var events = await loop.RunAsync();
        tool.Calls.Should().Be(0);
        events.ErrorOf("1").Should().Contain("Pause");
        loop.SentResults().Should().ContainSingle().Which.CallId.Should().Be("1");
    }

    [Theory]
    [MemberData(nameof(ForbiddenReasons))]
    public async Task ReadOnlyTool_RunningWhenTheReasonForbidsTools_FinishesButTheQueuedOneDoesNotStart(FinishReason reason)
    {
        var tool = new GatedTool("look");
        await using var live = new LiveStream(new ToolSet().Add(tool.Function, o => o.ReadOnly = true), o => o.MaxConcurrency = 1);
        live.Send([Wire.Started, .. Wire.Call(0, "1", "look"), .. Wire.Call(1, "2", "look")]);
        await live.ReadToAsync<ToolExecutionStarted>();
        var run = await tool.NextRunAsync();
        live.SendAll(Wire.Ended(reason));
        await live.ResultOfAsync("2");
        live.Seen.ErrorOf("2").Should().Contain(reason.ToString());
        run.Complete("seen");
        (await live.ReadToEndAsync()).ResultOf("1").IsError.Should().BeFalse();
        tool.Function.Calls.Should().Be(1);
        live.Source.Requests.Should().ContainSingle();
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task ToolWithEffects_ErrorInsideTheStream_IsNeverRun()
    {
        var tool = new TestTool("write");
        var failure = new ProviderException("test", statusCode: null, "overloaded", providerMessage: null);
        var source = new FakeStreamClient((_, _) => FakeStreamClient.StreamThenThrow(failure, [Wire.Started, .. Wire.Call(0, "1", "write")]));
        var (events, exception) = await new StreamClientBuilder(source).UseTools(tool).Build().StreamAsync("hi").CatchAsync();
        exception.Should().BeSameAs(failure);
        events.ErrorOf("1").Should().Be("The tool was not run: the response did not end properly.");
        tool.Calls.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task ToolWithEffects_ResponseWithoutEnd_IsNeverRun()
    {
        var tool = new TestTool("write");
        var loop = Loop.Over([tool], [[Wire.Started, .. Wire.Call(0, "1", "write")]]);
        (await loop.RunAsync()).ErrorOf("1").Should().Contain("did not end properly");
        tool.Calls.Should().Be(0);
        loop.Source.Requests.Should().ContainSingle();
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task AnyTool_ArgumentsThatDidNotParse_IsNeverRunAndTheModelIsTold()
    {
        string[] texts = ["{\"path\": tru", "{\"path\":\"/", "[1]", "\"x\"", "7", "null", "{}{}", "{'a':1}", "nonsense", "{\"a\":1,}"];
        foreach (var readOnly in new[] { true, false })
        {
            foreach (var text in texts)
            {
                var tool = new TestTool("delete");
                var loop = Loop.Over(
                    new ToolSet().Add(tool, o => o.ReadOnly = readOnly),
                    Wire.Response(FinishReason.ToolCalls, Wire.CallStarted(0, "1", "delete"), Wire.SealedBad(0, "1", "delete", text, "Expected a quote at byte 7.")),
                    Wire.Answer());
                (await loop.RunAsync()).ErrorOf("1").Should().Contain("not run").And.Contain("Expected a quote at byte 7.", "of {0}", text);
                tool.Calls.Should().Be(0, "of {0}", text);
                loop.SentResults().Should().ContainSingle().Which.AdditionalProperties![ContentProperties.IsError].Should().Be(true);
            }
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"{}\"")]
    [InlineData(null)]
    [Trait("Law", "3")]
    public async Task AnyTool_ArgumentsThatAreNoObject_IsNeverRun(string? arguments)
    {
        var tool = new TestTool("delete");
        var completed = new ToolCallCompleted
        {
            Index = 0,
            CallId = "1",
            Name = "delete",
            ArgumentsText = arguments ?? "",
            Arguments = arguments is null ? null : Wire.Json(arguments),
        };
        var loop = Loop.Over(new ToolSet().Add(tool, o => o.ReadOnly = true), Wire.Response(FinishReason.ToolCalls, completed), Wire.Answer());
        (await loop.RunAsync()).ErrorOf("1").Should().Contain("not run");
        tool.Calls.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task AnyTool_ParseErrorBesideArguments_IsNeverRun()
    {
        var tool = new TestTool("delete");
        var completed = new ToolCallCompleted { Index = 0, CallId = "1", Name = "delete", ArgumentsText = "{}x", Arguments = Wire.Json("{}"), ParseError = "More text at byte 2." };
        var loop = Loop.Over(new ToolSet().Add(tool, o => o.ReadOnly = true), Wire.Response(FinishReason.ToolCalls, completed), Wire.Answer());
        (await loop.RunAsync()).ErrorOf("1").Should().Contain("More text at byte 2.");
        tool.Calls.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task AnyTool_ArgumentsThatAreNoText_IsNeverRunNorAskedAbout()
    {
        var tool = new TestTool("delete");
        var completed = new ToolCallCompleted { Index = 0, CallId = "1", Name = "delete", ArgumentsText = "{}", Arguments = Wire.Json("""{"x":"\ud83d"}""") };
        var loop = Loop.Over(new ToolSet().Add(tool, o => o.Approval = ToolApproval.Always), Wire.Response(FinishReason.ToolCalls, completed), Wire.Answer());
        (await loop.RunAsync()).ErrorOf("1").Should().Contain("half of a surrogate pair");
        tool.Calls.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task AnyTool_CallThatIsNeverSealed_IsNotRunAndIsAnswered()
    {
        var tool = new TestTool("delete");
        StreamEvent[] cut = [Wire.CallStarted(0, "1", "delete"), new ToolInputDelta { Index = 0, CallId = "1", Fragment = "{\"a\":1}" }];
        var loop = Loop.Over(new ToolSet().Add(tool, o => o.ReadOnly = true), Wire.Response(FinishReason.ToolCalls, cut), Wire.Answer());
        (await loop.RunAsync()).ErrorOf("1").Should().Contain("did not arrive in full");
        tool.Calls.Should().Be(0, "that the arguments parse is no seal");
    }

    [Fact]
    public async Task EmptyArguments_AreAnEmptyObject()
    {
        var tool = new TestTool("now", (arguments, _) => ValueTask.FromResult<object?>(arguments.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        var completed = new ToolCallCompleted { Index = 0, CallId = "1", Name = "now", ArgumentsText = "", Arguments = Wire.Json("{}") };
        var loop = Loop.Over([tool], Wire.Response(FinishReason.ToolCalls, completed), Wire.Answer());
        (await loop.RunAsync()).ResultOf("1").Result.GetString().Should().Be("0");
    }

    [Fact]
    public async Task CallThatTheProviderRuns_IsNotRunAndNotAnswered()
    {
        var tool = new TestTool("search");
        StreamEvent[] call =
        [
            new ToolCallStarted { Index = 0, CallId = "1", Name = "search", IsProviderExecuted = true },
            new ToolCallCompleted { Index = 0, CallId = "1", Name = "search", ArgumentsText = "{}", Arguments = Wire.Json("{}"), IsProviderExecuted = true },
        ];
        foreach (var events in new StreamEvent[][] { call, [call[0], Wire.Sealed(0, "1", "search")], [call[1]] })
        {
            var loop = Loop.Over(new ToolSet().Add(tool, o => o.ReadOnly = true), Wire.Response(FinishReason.Stop, events), Wire.Answer());
            (await loop.RunAsync()).OfType<ToolResult>().Should().BeEmpty();
            tool.Calls.Should().Be(0);
            loop.Source.Requests.Should().ContainSingle();
        }
    }

    [Fact]
    public async Task CallOfAnotherChoice_IsNotRun()
    {
        var tool = new TestTool("write");
        StreamEvent[] call = [Wire.CallStarted(0, "1", "write", choice: 1), Wire.CallStarted(1, "2", "write", choice: 1), Wire.Sealed(0, "1", "write"), Wire.Sealed(1, "2", "write")];
        var loop = Loop.Over([tool], Wire.Response(FinishReason.ToolCalls, call), Wire.Answer());
        await loop.RunAsync();
        tool.Calls.Should().Be(0);
        loop.Source.Requests.Should().ContainSingle();
    }

    [Theory]
    [InlineData("internal_error", 0)]
    [InlineData("MALFORMED_FUNCTION_CALL", 0)]
    [InlineData("something new", 1)]
    [InlineData(null, 1)]
    [Trait("Law", "3")]
    public async Task ToolWithEffects_ReasonThatNobodyKnows_RunsUnlessItSpeaksOfAnError(string? reason, int calls)
    {
        var tool = new TestTool("write", "ok");
        StreamEvent[] events = [Wire.Started, .. Wire.Call(0, "1", "write"), new ResponseCompleted { FinishReason = FinishReason.Other, RawFinishReason = reason }];
        await Loop.Over([tool], events, Wire.Answer()).RunAsync();
        tool.Calls.Should().Be(calls);
    }

    [Fact]
    public async Task SealAfterTheEndOfTheResponse_StillRuns()
    {
        var tool = new TestTool("write", "ok");
        var loop = Loop.Over([tool], [[Wire.Started, Wire.CallStarted(0, "1", "write"), Wire.Ended(), Wire.Sealed(0, "1", "write")], Wire.Answer()]);
        (await loop.RunAsync()).ResultOf("1").Result.GetString().Should().Be("ok");
    }

    [Fact]
    [Trait("Law", "7")]
    public async Task SameCallSeenTwice_RunsOnceAndIsAnsweredOnce()
    {
        foreach (var readOnly in new[] { true, false })
        {
            var tool = new TestTool("write", "ok");
            StreamEvent[] calls = [.. Wire.Call(0, "1", "write"), Wire.Sealed(0, "1", "write"), .. Wire.Call(1, "1", "write", "{\"other\":1}")];
            var loop = Loop.Over(new ToolSet().Add(tool, o => o.ReadOnly = readOnly), Wire.Response(FinishReason.ToolCalls, calls), Wire.Answer());
            (await loop.RunAsync()).ResultOf("1").Result.GetString().Should().Be("ok");
            tool.Calls.Should().Be(1);
            loop.SentResults().Should().ContainSingle();
            loop.Source.Requests[1].Messages[1].Contents.Should().ContainSingle("no provider takes two calls of one id");
        }
    }

    [Fact]
    public async Task EqualCallsWithDifferentIds_BothRun()
    {
        var tool = new TestTool("roll", "ok");
        var loop = Loop.Over([tool], Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "roll"), .. Wire.Call(1, "2", "roll")]), Wire.Answer());
        await loop.RunAsync();
        tool.Calls.Should().Be(2);
    }
}
