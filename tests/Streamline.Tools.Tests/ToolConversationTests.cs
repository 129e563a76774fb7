using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>What the requests of later rounds take over from the first one, and what not.</summary>
public sealed class ToolConversationTests
{
    private readonly ToolSet _tools = new ToolSet().Add(new TestTool("look", "seen"));

    [Fact]
    [Trait("Law", "7")]
    public async Task ContinuationToken_IsSentOnce()
    {
        var token = ResponseContinuationToken.FromBytes(new byte[] { 1, 2, 3 });
        var loop = Over(configure: null);

        await loop.RunAsync(new ChatOptions { ContinuationToken = token, AllowBackgroundResponses = true });

        loop.Source.Requests.Select(request => request.Options!.ContinuationToken).Should().Equal(token, null, null);
        loop.Source.Requests.Should().OnlyContain(request => request.Options!.AllowBackgroundResponses == true);
    }

    [Theory]
    [InlineData("conv_1")]
    [InlineData("thread_1")]
    [InlineData(null)]
    public async Task ConversationThatTheProviderKeeps_GetsOnlyWhatIsNew(string? id)
    {
        var loop = Over(configure: null);
        var extra = id is null ? new JsonObject { ["conversation"] = "conv_1" } : null;

        await loop.Client.StreamAsync(new StreamRequest { Messages = [new ChatMessage(ChatRole.User, "hi")], Options = new ChatOptions { ConversationId = id }, ExtraBody = extra }).CollectAsync();

        loop.Source.Requests.Select(request => string.Join(' ', request.Messages.Select(message => message.Role))).Should().Equal("user", "tool", "tool");
        loop.SentResults().Select(result => result.CallId).Should().Equal("2");
    }

    [Theory]
    [InlineData("resp_1")]
    [InlineData(null)]
    public async Task ResponseThatTheRequestContinues_GetsEverythingAfterIt(string? id)
    {
        var loop = Over(configure: null);

        await loop.RunAsync(new ChatOptions { ConversationId = id });

        loop.Source.Requests.Select(request => string.Join(' ', request.Messages.Select(message => message.Role))).Should().Equal("user", "user assistant tool", "user assistant tool assistant tool");
    }

    [Fact]
    public async Task MessagesOfAHook_ReachAConversationThatTheProviderKeeps()
    {
        var loop = Over(options => options.BeforeRound = (round, _) =>
        {
            round.Messages = [.. round.Messages, new ChatMessage(ChatRole.User, $"before {round.Round}")];
            return ValueTask.CompletedTask;
        });

        await loop.RunAsync(new ChatOptions { ConversationId = "conv_1" });

        loop.Source.Requests.Select(request => string.Join(' ', request.Messages.Select(message => message.Role == ChatRole.User ? message.Text : message.Role.Value)))
            .Should().Equal("hi before 1", "tool before 2", "tool before 3");
    }

    [Fact]
    public async Task ApprovedLater_ConversationThatTheProviderKeeps_GetsTheResult()
    {
        var source = FakeStreamClient.Of(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "write")));
        var answering = FakeStreamClient.Of(Wire.Answer());
        var key = new byte[ToolApprovalOptions.MinKeyBytes];
        IStreamClient Client(FakeStreamClient inner) => new StreamClientBuilder(inner)
            .UseTools(new ToolSet().Add(new TestTool("write", "ok"), tool => tool.Approval = ToolApproval.Always), options => options.Approvals.Key = key)
            .Build();
        var asked = await Client(source).GetResponseAsync([new ChatMessage(ChatRole.User, "hi")]);
        var question = asked.Messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>().Single();

        await Client(answering).StreamAsync([.. asked.Messages, new ChatMessage(ChatRole.User, [question.CreateResponse(approved: true)])], new ChatOptions { ConversationId = "conv_1" }).CollectAsync();

        answering.Requests.Single().Messages.Select(message => message.Role).Should().Equal(ChatRole.Tool);
    }

    [Theory]
    [InlineData(null, 1000L)]
    [InlineData(1000L, null)]
    [InlineData(500L, 500L)]
    [Trait("Law", "8")]
    public async Task MaxTotalTokens_OneCountOnly_IsStillALimit(long? input, long? output)
    {
        StreamEvent[] round = [Wire.Started, .. Wire.Call(0, "1", "look"), new ResponseCompleted { FinishReason = FinishReason.ToolCalls, Usage = new TokenUsage { InputTokens = input, OutputTokens = output } }];
        var source = new FakeStreamClient((_, _) => FakeStreamClient.Stream(round));
        var client = new StreamClientBuilder(source).UseTools(_tools, options => options.MaxTotalTokens = 1000).Build();

        var (_, exception) = await client.StreamAsync("hi").CatchAsync();

        exception.Should().BeOfType<StreamLimitException>().Which.Actual.Should().Be(1000);
        source.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task Hooks_AreToldNoTotal_WhenNoneWasReported()
    {
        List<long?> seen = [];
        var loop = Loop.Over(
            _tools,
            options => options.BeforeRound = (context, _) =>
            {
                seen.Add(context.Usage.TotalTokenCount);
                return ValueTask.CompletedTask;
            },
            [Wire.Started, .. Wire.Call(0, "1", "look"), new ResponseCompleted { FinishReason = FinishReason.ToolCalls, Usage = new TokenUsage { CachedInputTokens = 3 } }],
            Wire.Answer());

        await loop.RunAsync();

        seen.Should().HaveCount(2).And.OnlyContain(total => total == null);
    }

    /// <summary>A loop further in makes several responses in what is one round of this loop.</summary>
    [Fact]
    public async Task LoopWithinALoop_SendsEachCallAndResultOnce()
    {
        var source = new FakeStreamClient([.. new[] { ("1", "inner"), ("2", "look"), ("3", "inner"), ("4", "look") }
            .Select(call => new Func<StreamRequest, CancellationToken, IAsyncEnumerable<StreamEvent>>((_, _) => FakeStreamClient.Stream(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, call.Item1, call.Item2)))))
            .Append((_, _) => FakeStreamClient.Stream(Wire.Answer()))]);
        var client = new StreamClientBuilder(new StreamClientBuilder(source).UseTools(new TestTool("inner", "ok")).Build()).UseTools(_tools).Build();

        await client.StreamAsync("hi").CollectAsync();

        var contents = source.Requests[^1].Messages.SelectMany(message => message.Contents).ToList();
        contents.OfType<FunctionCallContent>().Select(call => call.CallId).Should().Equal("1", "2", "3", "4");
        contents.OfType<FunctionResultContent>().Select(result => result.CallId).Should().Equal("1", "2", "3", "4");
    }

    [Fact]
    public async Task Hooks_SeeWhatAllRoundsHaveUsed()
    {
        List<(long? Input, long? Total)> seen = [];
        StreamEvent[] Round(string id) => [Wire.Started, .. Wire.Call(0, id, "look"), new ResponseCompleted { FinishReason = FinishReason.ToolCalls, Usage = new TokenUsage { InputTokens = 10, OutputTokens = 1 } }];
        var loop = Loop.Over(
            _tools,
            options => options.BeforeRound = (context, _) =>
            {
                seen.Add((context.Usage.InputTokenCount, context.Usage.TotalTokenCount));
                return ValueTask.CompletedTask;
            },
            Round("1"),
            Round("2"),
            Wire.Answer());

        await loop.RunAsync();

        seen.Should().Equal((null, null), (10, 11), (20, 22));
    }

    [Fact]
    public async Task ToolAddedUnderTheNameOfOneOfTheRequest_TakesItsPlace()
    {
        var old = new TestTool("search", "old");
        var added = new TestTool("search", "new");
        var adder = new TestTool("add", (arguments, _) =>
        {
            arguments.ToolCall()!.AddTool(added);
            return ValueTask.FromResult<object?>("ok");
        });
        var loop = Loop.Over(
            [],
            Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "add")),
            Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "2", "search")),
            Wire.Answer());

        await loop.RunAsync(new ChatOptions { Tools = [adder, old] });

        (old.Calls, added.Calls).Should().Be((0, 1));
        loop.Source.Requests[^1].Options!.Tools!.Select(tool => tool.Name).Should().BeEquivalentTo("add", "search");
    }

    [Fact]
    public async Task ToolsAddedByOneCall_AreAllOffered_AndTheLastOfAName()
    {
        var last = new TestTool("a", "last");
        var adder = new TestTool("add", (arguments, _) =>
        {
            arguments.ToolCall()!.AddTool(new TestTool("a", "first"));
            arguments.ToolCall()!.AddTool(new TestTool("b"));
            arguments.ToolCall()!.AddTool(last);
            return ValueTask.FromResult<object?>("ok");
        });
        var loop = Loop.Over([adder], Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "add")), Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "2", "a")), Wire.Answer());

        (await loop.RunAsync()).ResultOf("2").Result.GetString().Should().Be("last");

        loop.Source.Requests[^1].Options!.Tools!.Select(tool => tool.Name).Should().BeEquivalentTo("add", "a", "b");
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task MoreTextThanTheSourceRetains_EndsTheStreamBeforeTheNextRequest()
    {
        var source = new FakeStreamClient((_, _) => FakeStreamClient.Stream(Wire.Response(FinishReason.ToolCalls, [Wire.Text(new string('x', 100)), .. Wire.Call(1, "1", "look")])))
        {
            Metadata = new StreamClientMetadata { Provider = "test", MaxRetainedChars = 50 },
        };

        var (_, exception) = await new StreamClientBuilder(source).UseTools(_tools).Build().StreamAsync("hi").CatchAsync();

        exception.Should().BeOfType<StreamLimitException>().Which.LimitName.Should().Be("MaxRetainedChars");
        source.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task ContextOfATool_HasTheOptionsThatWereSent()
    {
        IList<AITool>? tools = null;
        var look = new TestTool("look", (arguments, _) =>
        {
            tools = arguments.ToolCall()!.Options.Tools;
            return ValueTask.FromResult<object?>("ok");
        });
        await Loop.Over([look], Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "look")), Wire.Answer()).RunAsync();

        tools.Should().ContainSingle().Which.Name.Should().Be("look");
    }

    [Fact]
    public void Session_OptionsOfOneRequest_AreRefused()
    {
        var client = FakeStreamClient.Of(Wire.Answer());

        FluentActions.Invoking(() => new StreamSession(client, new StreamSessionOptions { ChatOptions = new ChatOptions { ConversationId = "conv_1" } })).Should().Throw<ArgumentException>().WithMessage("*ConversationId*");
        FluentActions.Invoking(() => new StreamSession(client, new StreamSessionOptions { ChatOptions = new ChatOptions { ContinuationToken = ResponseContinuationToken.FromBytes(new byte[] { 1 }) } }))
            .Should().Throw<ArgumentException>().WithMessage("*ContinuationToken*");
        FluentActions.Invoking(() => new StreamSession(client, new StreamSessionOptions { ChatOptions = new ChatOptions { ConversationId = "resp_1" } })).Should().NotThrow();
    }

    private Loop Over(Action<ToolLoopOptions>? configure) => Loop.Over(
        _tools,
        configure,
        Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "look")),
        Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "2", "look")),
        Wire.Answer());
}
