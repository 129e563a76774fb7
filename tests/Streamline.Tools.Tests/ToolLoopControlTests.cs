using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>Hooks and limits between rounds.</summary>
public sealed class ToolLoopControlTests
{
    private static readonly StreamEvent[] OneCall = Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "tool"));

    [Fact]
    public async Task StopWhen_AfterARound_EndsTheStreamWithItsResults()
    {
        var contexts = new List<ToolRoundContext>();
        var loop = Loop.Over([new TestTool("tool", "ok")], o => o.StopWhen = context =>
        {
            contexts.Add(context);
            return context.Round == 3;
        }, OneCall, OneCall, Wire.Answer());
        var events = await loop.RunAsync();
        events.OfType<ToolResult>().Should().HaveCount(2);
        loop.Source.Requests.Should().HaveCount(2);
        contexts.Select(context => (context.Round, context.Messages.Count, context.LastRound.Count)).Should().Equal((2, 3, 2), (3, 5, 2));
    }

    [Fact]
    public async Task BeforeRound_ChangesModelToolsAndMessages()
    {
        var later = new TestTool("later", "ok");
        var rounds = new List<int>();
        var loop = Loop.Over([new TestTool("tool", "ok")], o => o.BeforeRound = (context, _) =>
        {
            rounds.Add(context.Round);
            if (context.Round == 2)
            {
                context.Options.ModelId = "small";
                context.Options.Tools = [later];
                context.Messages = [new ChatMessage(ChatRole.User, "short"), .. context.Messages.Skip(1)];
            }

            return ValueTask.CompletedTask;
        }, OneCall, Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "2", "later")), Wire.Answer());
        var given = new ChatOptions { ModelId = "large" };
        await loop.RunAsync(given);
        rounds.Should().Equal(1, 2, 3);
        later.Calls.Should().Be(1);
        loop.Source.Requests.Select(request => request.Options!.ModelId).Should().Equal("large", "small", "small");
        loop.Source.Requests.Select(request => request.Messages[0].Text).Should().Equal("hi", "short", "short");
        loop.Source.Requests[1].Options!.Tools!.Select(tool => tool.Name).Should().Equal("later", "tool");
        (given.ModelId, given.Tools).Should().Be(("large", null));
    }

    [Fact]
    public async Task BeforeRound_ThatThrows_EndsTheStream()
    {
        var source = FakeStreamClient.Of(Wire.Answer());
        var client = new StreamClientBuilder(source).UseTools([], o => o.BeforeRound = (_, _) => throw new InvalidTimeZoneException()).Build();
        (await client.StreamAsync("hi").CatchAsync()).Exception.Should().BeOfType<InvalidTimeZoneException>();
        source.Requests.Should().BeEmpty();
    }

    [Fact]
    [Trait("Law", "8")]
    [Trait("Finding", "T9")]
    public async Task MaxRounds_ByDefault_LetsTheModelAnswerOnceWithoutTools()
    {
        var tool = new TestTool("tool", "ok");
        var loop = Loop.Over([tool], o => o.MaxRounds = 2, OneCall, OneCall, Wire.Answer());
        var events = await loop.RunAsync();
        events[^1].Should().BeOfType<ResponseCompleted>().Which.FinishReason.Should().Be(FinishReason.Stop);
        tool.Calls.Should().Be(2);
        loop.Source.Requests.Select(request => request.Options!.ToolMode).Should().Equal(null, null, ChatToolMode.None);
        loop.Source.Requests[2].Options!.Tools.Should().ContainSingle("the conversation speaks of the tool");
    }

    [Fact]
    [Trait("Law", "8")]
    [Trait("Law", "13")]
    public async Task MaxRounds_ModelCallsToolsAllTheSame_AnswersThemAndEnds()
    {
        var tool = new TestTool("tool", "ok");
        var loop = Loop.Over([tool], o => o.MaxRounds = 1, OneCall);
        var events = await loop.RunAsync();
        tool.Calls.Should().Be(1);
        loop.Source.Requests.Should().HaveCount(2);
        events.OfType<ToolResult>().Last().Result.GetString().Should().Be("The tool was not run: no more tool calls are allowed in this turn. Answer with what you have.");
    }

    [Theory]
    [InlineData(MaxRoundsAction.AnswerWithoutTools)]
    [InlineData(MaxRoundsAction.Throw)]
    [Trait("Law", "8")]
    [Trait("Finding", "T2")]
    public async Task MaxConsecutiveErrors_RoundsThatOnlyFail_AreBounded(MaxRoundsAction action)
    {
        var source = new FakeStreamClient([.. Enumerable.Repeat<Func<StreamRequest, CancellationToken, IAsyncEnumerable<StreamEvent>>>((_, _) => FakeStreamClient.Stream(OneCall), 3), (_, _) => FakeStreamClient.Stream(Wire.Answer())]);
        var client = new StreamClientBuilder(source).UseTools([new TestTool("tool", (_, _) => throw new InvalidOperationException())], o => o.AtMaxRounds = action).Build();
        var (events, exception) = await client.StreamAsync("hi").CatchAsync();
        events.OfType<ToolResult>().Should().HaveCount(3);
        if (action == MaxRoundsAction.Throw)
        {
            exception.Should().BeOfType<StreamLimitException>().Which.LimitName.Should().Be("MaxConsecutiveErrors");
        }
        else
        {
            exception.Should().BeNull();
            source.Requests.Should().HaveCount(4);
            source.Requests[3].Options!.ToolMode.Should().Be(ChatToolMode.None);
        }
    }

    [Fact]
    public async Task MaxConsecutiveErrors_OneSuccess_BeginsAnew()
    {
        var calls = 0;
        var tool = new TestTool("tool", (_, _) => ++calls % 3 == 0 ? ValueTask.FromResult<object?>("ok") : throw new InvalidOperationException());
        var loop = Loop.Over([tool], [.. Enumerable.Repeat(OneCall, 8), Wire.Answer()]);
        await loop.RunAsync();
        loop.Source.Requests.Should().HaveCount(9);
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task MaxTotalTokens_Spent_StartsNoFurtherRound()
    {
        var (events, exception, source) = await RunWithUsageAsync(o => o.MaxTotalTokens = 25);
        var limit = exception.Should().BeOfType<StreamLimitException>().Subject;
        (limit.LimitName, limit.Limit, limit.Actual).Should().Be(("MaxTotalTokens", 25, 30));
        limit.PartialResponse!.Messages.Should().HaveCount(4);
        limit.PartialResponse.Usage!.TotalTokenCount.Should().Be(30);
        events.OfType<ToolResult>().Should().HaveCount(2);
        source.Requests.Should().HaveCount(2);
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task MaxCost_Spent_StartsNoFurtherRound()
    {
        var (_, exception, source) = await RunWithUsageAsync(o => (o.MaxCost, o.CostOf) = (100, (usage, model) => model == "m" ? usage.TotalTokenCount!.Value * 7 : 0));
        var limit = exception.Should().BeOfType<StreamLimitException>().Subject;
        (limit.LimitName, limit.Limit, limit.Actual).Should().Be(("MaxCost", 100, 105));
        source.Requests.Should().ContainSingle();

        // A limit is reached by what equals it.
        (await RunWithUsageAsync(o => (o.MaxCost, o.CostOf) = (105, (usage, model) => usage.TotalTokenCount!.Value * 7))).Source.Requests.Should().ContainSingle();
    }

    [Fact]
    public void MaxCost_WithoutCostOf_IsRefused() =>
        FluentActions.Invoking(() => new StreamClientBuilder(FakeStreamClient.Of()).UseTools([], o => o.MaxCost = 1)).Should().Throw<ArgumentException>().WithMessage("*CostOf*");

    [Fact]
    [Trait("Finding", "T8")]
    public async Task UseTools_WithNothing_RunsTheToolsOfTheRequest()
    {
        var source = new FakeStreamClient((_, _) => FakeStreamClient.Stream(OneCall), (_, _) => FakeStreamClient.Stream(Wire.Answer()));
        var tool = new TestTool("tool", "ok");
        var events = await new StreamClientBuilder(source).UseTools().Build().StreamAsync("hi", new ChatOptions { Tools = [tool] }).CollectAsync();
        events.ResultOf("1").IsError.Should().BeFalse();
    }

    [Fact]
    public async Task FunctionOfTheRequest_WithTheNameOfAClientsTool_IsRunWithTheOptionsOfThatOne()
    {
        var ofClient = new TestTool("tool", "client");
        var ofRequest = new TestTool("tool", "request");
        await using var live = new LiveStream(new ToolSet().Add(ofClient, o => o.ReadOnly = true), options: new ChatOptions { Tools = [ofRequest] });
        live.Send([Wire.Started, .. Wire.Call(0, "1", "tool")]);
        (await live.ResultOfAsync("1")).Result.GetString().Should().Be("request");
    }

    private static async Task<(List<StreamEvent> Events, Exception? Exception, FakeStreamClient Source)> RunWithUsageAsync(Action<ToolLoopOptions> configure)
    {
        StreamEvent[] round = [Wire.Started, .. Wire.Call(0, "1", "tool"), new ResponseCompleted { FinishReason = FinishReason.ToolCalls, Usage = new TokenUsage { InputTokens = 10, OutputTokens = 5 } }];
        var source = FakeStreamClient.Of(round);
        var (events, exception) = await new StreamClientBuilder(source).UseTools([new TestTool("tool", "ok")], configure).Build().StreamAsync("hi").CatchAsync();
        return (events, exception, source);
    }
}
