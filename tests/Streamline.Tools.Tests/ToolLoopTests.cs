using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>Round after round: what is sent, and when the loop ends.</summary>
public sealed class ToolLoopTests
{
    [Fact]
    public async Task Loop_WithoutCalls_IsOneRound()
    {
        var loop = Loop.Over([new TestTool("a")], Wire.Answer("hello"));
        (await loop.RunAsync()).ToLines().Should().Be(Wire.Answer("hello").ToLines());
        loop.Source.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task Loop_Calls_SendsTheConversationWithResultsAndShowsEveryRound()
    {
        var loop = Loop.Over(
            [new TestTool("add", 3)],
            Wire.Response(FinishReason.ToolCalls, [Wire.Text("let me see"), .. Wire.Call(1, "1", "add", """{"a":1,"b":2}""")]),
            Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "2", "add")),
            Wire.Answer("3"));
        var events = await loop.RunAsync();
        events.Select(e => e.GetType().Name).Should().Equal(
            "ResponseStarted", "TextDelta", "ToolCallStarted", "ToolCallCompleted", "ToolWaiting", "ResponseCompleted", "ToolExecutionStarted", "ToolResult",
            "ResponseStarted", "ToolCallStarted", "ToolCallCompleted", "ToolWaiting", "ResponseCompleted", "ToolExecutionStarted", "ToolResult",
            "ResponseStarted", "TextDelta", "ResponseCompleted");

        loop.Source.Requests.Select(request => request.Messages.Count).Should().Equal(1, 3, 5);
        var messages = loop.Source.Requests[2].Messages;
        messages.Select(message => message.Role).Should().Equal(ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.Assistant, ChatRole.Tool);
        messages[1].Text.Should().Be("let me see");
        var call = messages[1].Contents.OfType<FunctionCallContent>().Single();
        call.AdditionalProperties![ContentProperties.ArgumentsText].Should().Be("""{"a":1,"b":2}""");
        ((JsonElement)messages[2].Contents.OfType<FunctionResultContent>().Single().Result!).GetInt32().Should().Be(3);
    }

    [Fact]
    public async Task Loop_SameCallIdInEachRound_RunsEach()
    {
        var tool = new TestTool("a", "ok");
        var round = Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "call_0", "a"));
        var loop = Loop.Over([tool], round, round, Wire.Answer());
        (await loop.RunAsync()).OfType<ToolResult>().Should().HaveCount(2);
        tool.Calls.Should().Be(2);
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task MaxRounds_OneMore_FailsAfterAllResults()
    {
        var tool = new TestTool("a", "ok");
        var source = FakeStreamClient.Of(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "a")));
        var (events, exception) = await new StreamClientBuilder(source).UseTools([tool], o => (o.MaxRounds, o.AtMaxRounds) = (3, MaxRoundsAction.Throw)).Build().StreamAsync("hi").CatchAsync();
        var limit = exception.Should().BeOfType<StreamLimitException>().Subject;
        (limit.LimitName, limit.Limit, limit.Actual).Should().Be(("MaxRounds", 3, 4));
        limit.PartialResponse!.Messages.Should().HaveCount(6, "a call and its result of each round are kept");
        events.OfType<ToolResult>().Should().HaveCount(3);
        (source.Requests.Count, source.Open).Should().Be((3, 0));
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task MaxRounds_LastRoundWithoutCalls_IsFine()
    {
        var loop = Loop.Over([new TestTool("a")], o => o.MaxRounds = 2, Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "a")), Wire.Answer());
        await loop.RunAsync();
        loop.Source.Requests.Should().HaveCount(2);
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task MaxCallsPerRound_OneMore_FailsAndEndsTheTools()
    {
        var tool = new GatedTool("a");
        StreamEvent[] calls = [.. Enumerable.Range(0, 3).SelectMany(i => Wire.Call(i, $"{i}", "a"))];
        var source = FakeStreamClient.Of(Wire.Response(FinishReason.ToolCalls, calls));
        var tools = new ToolSet().Add(tool.Function, o => o.ReadOnly = true);
        var (_, exception) = await new StreamClientBuilder(source).UseTools(tools, o => o.MaxCallsPerRound = 2).Build().StreamAsync("hi").CatchAsync();
        var limit = exception.Should().BeOfType<StreamLimitException>().Subject;
        (limit.LimitName, limit.Limit, limit.Actual).Should().Be(("MaxCallsPerRound", 2, 3));
        (source.Open, tool.Function.Running).Should().Be((0, 0));
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task Pause_SendsTheConversationAgainWithinMaxRounds()
    {
        var loop = Loop.Over([new TestTool("a")], Wire.Response(FinishReason.Pause, Wire.Text("searching")), Wire.Answer());
        await loop.RunAsync();
        loop.Source.Requests[1].Messages.Select(message => message.Role).Should().Equal(ChatRole.User, ChatRole.Assistant);

        var source = FakeStreamClient.Of(Wire.Response(FinishReason.Pause, Wire.Text("x")));
        var (_, exception) = await new StreamClientBuilder(source).UseTools([], o => (o.MaxRounds, o.AtMaxRounds) = (4, MaxRoundsAction.Throw)).Build().StreamAsync("hi").CatchAsync();
        exception.Should().BeOfType<StreamLimitException>();
        source.Requests.Should().HaveCount(4);
    }

    [Fact]
    public async Task UnknownTool_IsAnsweredWithTheNamesOfTheTools()
    {
        var loop = Loop.Over([new TestTool("look"), new TestTool("write")], Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "wriet")), Wire.Answer());
        (await loop.RunAsync()).ErrorOf("1").Should().Be("There is no tool named 'wriet'. Available tools: look, write.");
        loop.Source.Requests.Should().HaveCount(2);
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task UnknownTool_NamesWithoutEnd_AreCut()
    {
        var tools = new ToolSet(Enumerable.Range(0, 1000).Select(i => new TestTool($"tool{i}")));
        var loop = Loop.Over(tools, Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", new string('x', 100_000))), Wire.Answer());
        (await loop.RunAsync()).ErrorOf("1").Length.Should().BeLessThan(2000);
    }

    [Fact]
    public async Task CallersTool_LeavesItsCallAndEndsTheStreamAfterTheOthers()
    {
        var mine = new TestTool("mine", "ok");
        var theirs = new TestTool("theirs");
        var options = new ChatOptions { Tools = [theirs.AsDeclarationOnly()] };
        var loop = Loop.Over([mine], Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "theirs"), .. Wire.Call(1, "2", "mine")]), Wire.Answer());
        var events = await loop.RunAsync(options);
        events.OfType<ToolResult>().Select(result => result.CallId).Should().Equal("2");
        (loop.Source.Requests.Count, theirs.Calls).Should().Be((1, 0));
        events.Fold().ToChatResponse().Messages[0].Contents.OfType<FunctionCallContent>().Should().HaveCount(2);
    }

    [Fact]
    [Trait("Finding", "T8")]
    public async Task FunctionOfTheRequest_IsRunLikeThoseOfTheClient()
    {
        var theirs = new TestTool("theirs", "ok");
        foreach (var tools in new ToolSet[] { [new TestTool("mine")], [] })
        {
            var loop = Loop.Over(tools, Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "theirs")), Wire.Answer());
            (await loop.RunAsync(new ChatOptions { Tools = [theirs] })).ResultOf("1").IsError.Should().BeFalse();
            loop.Source.Requests.Should().HaveCount(2);
        }

        theirs.Calls.Should().Be(2);
    }

    [Fact]
    public async Task Options_OfTheCaller_AreNotChanged()
    {
        var declared = new TestTool("mine").AsDeclarationOnly();
        var options = new ChatOptions { ModelId = "m", Tools = [declared], ToolMode = ChatToolMode.RequireAny };
        var loop = Loop.Over([new TestTool("mine", 1), new TestTool("more")], Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "mine")), Wire.Answer());
        await loop.RunAsync(options);
        options.Tools.Should().Equal(declared);
        options.ToolMode.Should().Be(ChatToolMode.RequireAny);
        loop.Source.Requests.Should().AllSatisfy(request =>
        {
            request.Options.Should().NotBeSameAs(options);
            request.Options!.ModelId.Should().Be("m");
            request.Options.Tools!.Select(tool => tool.Name).Should().Equal("mine", "more");
            request.Options.Tools![0].Should().BeSameAs(declared, "a name that the caller declared keeps his declaration");
        });
    }

    [Fact]
    public async Task ForcedToolMode_HoldsForTheFirstRoundOnly()
    {
        foreach (var (mode, later) in new (ChatToolMode, ChatToolMode)[]
        {
            (ChatToolMode.RequireAny, ChatToolMode.Auto),
            (ChatToolMode.RequireSpecific("a"), ChatToolMode.Auto),
            (ChatToolMode.None, ChatToolMode.None),
            (ChatToolMode.Auto, ChatToolMode.Auto),
        })
        {
            var call = Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "a"));
            var loop = Loop.Over([new TestTool("a")], call, call, Wire.Answer());
            await loop.RunAsync(new ChatOptions { ToolMode = mode });
            loop.Source.Requests.Select(request => request.Options!.ToolMode).Should().Equal(mode, later, later);
        }
    }

    [Fact]
    public async Task ExtraBody_GoesWithEveryRound()
    {
        var loop = Loop.Over([new TestTool("a")], Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "a")), Wire.Answer());
        var body = new System.Text.Json.Nodes.JsonObject { ["x"] = 1 };
        await loop.Client.StreamAsync(new StreamRequest { Messages = [new ChatMessage(ChatRole.User, "hi")], ExtraBody = body }).CollectAsync();
        loop.Source.Requests.Should().HaveCount(2).And.AllSatisfy(request => request.ExtraBody.Should().BeSameAs(body));
    }

    [Fact]
    public async Task TwoLoops_EachRunsItsOwnToolsOfOneResponse()
    {
        var outer = new TestTool("outer", "o");
        var inner = new TestTool("inner", "i");
        var source = new FakeStreamClient(
            (_, _) => FakeStreamClient.Stream(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "0", "inner"))),
            (_, _) => FakeStreamClient.Stream(Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "outer"), .. Wire.Call(1, "2", "inner")])),
            (_, _) => FakeStreamClient.Stream(Wire.Answer()));
        var events = await new StreamClientBuilder(source).UseTools(outer).UseTools(inner).Build().StreamAsync("hi").CollectAsync();
        (outer.Calls, inner.Calls).Should().Be((1, 2));
        events.OfType<ToolResult>().Should().HaveCount(3).And.NotContain(result => result.IsError);
        source.Requests[2].Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.CallId).Should().Equal("0", "1", "2");
    }

    [Fact]
    public async Task Client_ManyStreamsAtOnce_DoNotMix()
    {
        var tool = new TestTool("echo", (arguments, _) => ValueTask.FromResult(arguments["n"]));
        var source = new FakeStreamClient((request, _) => FakeStreamClient.Stream(request.Messages.Count > 1
            ? Wire.Answer()
            : Wire.Response(FinishReason.ToolCalls, Wire.Call(0, request.Messages[0].Text, "echo", $$"""{"n":{{request.Messages[0].Text}}}"""))));
        var client = new StreamClientBuilder(source).UseTools(tool).Build();
        var all = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => client.StreamAsync($"{i}").CollectAsync()));
        for (var i = 0; i < all.Length; i++)
        {
            all[i].ResultOf($"{i}").Result.GetInt32().Should().Be(i);
        }
    }
}
