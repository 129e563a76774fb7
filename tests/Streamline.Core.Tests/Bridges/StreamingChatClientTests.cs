using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;
using Streamline.Testing;
using Streamline.Tests.Http;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Bridges;

public sealed class StreamingChatClientTests
{
    private static readonly JsonElement Paris = JsonElement.Parse("""{"city":"Paris"}""");

    public static TheoryData<string> All => Wires.All();

    [Theory]
    [MemberData(nameof(All))]
    public async Task GetStreamingResponse_TextAndUsage_GivesTheSameAsGetResponse(string wire)
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("Hello there.") with { Usage = new TokenUsage { InputTokens = 3, OutputTokens = 5 } }, ScriptedReply.Text("Hello there.") with { Usage = new TokenUsage { InputTokens = 3, OutputTokens = 5 } });
        using var http = new HttpClient(provider.CreateHandler());
        var protocol = Wires.Named(wire);
        using var chat = protocol.CreateClient(http, "none", "any").AsChatClient();

        var streamed = await chat.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "Hi")]).ToChatResponseAsync().OrFail();
        var whole = await chat.GetResponseAsync([new ChatMessage(ChatRole.User, "Hi")]).OrFail();

        foreach (var response in new[] { streamed, whole })
        {
            response.Text.Should().Be("Hello there.");
            response.Messages.Should().ContainSingle().Which.Role.Should().Be(ChatRole.Assistant);
            response.FinishReason.Should().Be(ChatFinishReason.Stop);
            (response.Usage!.InputTokenCount, response.Usage.OutputTokenCount).Should().Be((3, 5));
            string.IsNullOrEmpty(response.ResponseId).Should().Be(wire is "ollama" or "bedrock", "they give their answers no ids");
            response.ModelId.Should().Be(wire is "bedrock" or "cohere" ? null : "any", "they do not say who answers");
        }
    }

    [Fact]
    public async Task GetStreamingResponse_UsageReportedTwice_IsCountedOnce()
    {
        var usage = new TokenUsage { InputTokens = 10, OutputTokens = 1 };
        var chat = FakeStreamClient.Of(
            Started(), new UsageUpdated { Usage = usage }, Words("a"), new UsageUpdated { Usage = usage with { OutputTokens = 2 } },
            new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = usage with { OutputTokens = 3 } }).AsChatClient();

        var response = await chat.GetStreamingResponseAsync("Hi").ToChatResponseAsync().OrFail();

        (response.Usage!.InputTokenCount, response.Usage.OutputTokenCount, response.Usage.TotalTokenCount).Should().Be((10, 3, 13));
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task GetStreamingResponse_ResponseIsContinued_AnUpdateAnnouncesTheSeam()
    {
        var seam = new StreamResumed { Attempt = 2, Reason = "the connection broke", Strategy = ResumeStrategy.Stitch, Confidence = SeamConfidence.Low };
        var chat = FakeStreamClient.Of(Started(), Words("half"), seam, Words(" and half"), Completed()).AsChatClient();

        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in chat.GetStreamingResponseAsync("Hi"))
        {
            updates.Add(update);
        }

        updates.FindIndex(update => update.RawRepresentation == seam).Should().BeInRange(updates.FindIndex(update => update.Text == "half") + 1, updates.FindIndex(update => update.Text == " and half") - 1);
        updates.ToChatResponse().Text.Should().Be("half and half");
        updates.ToChatResponse().Messages.Should().ContainSingle();
    }

    [Fact]
    public async Task GetStreamingResponse_CallThatNobodyRan_IsForTheCaller()
    {
        var chat = FakeStreamClient.Of([Started(), .. Call("c1"), Words("Looking.", 1), new ResponseCompleted { FinishReason = FinishReason.ToolCalls }]).AsChatClient();

        var response = await chat.GetStreamingResponseAsync("Hi").ToChatResponseAsync().OrFail();

        var call = response.Messages.Should().ContainSingle().Which.Contents.OfType<FunctionCallContent>().Single();
        (call.CallId, call.Name, call.InformationalOnly).Should().Be(("c1", "get_weather", false));
        call.Arguments!["city"].Should().BeOfType<JsonElement>().Which.GetString().Should().Be("Paris");
        response.FinishReason.Should().Be(ChatFinishReason.ToolCalls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Law", "7")]
    public async Task GetResponse_CallThatThePipelineRan_IsInformational(bool streams)
    {
        var chat = FakeStreamClient.Of(
            [
                Started("r1"), .. Call("c1"), new ToolExecutionStarted { CallId = "c1", Name = "get_weather" }, Words("Meanwhile.", 1),
                new ToolResult { CallId = "c1", Name = "get_weather", Result = JsonElement.Parse("\"rain\"") }, Words(" Still.", 1),
                new ResponseCompleted { FinishReason = FinishReason.ToolCalls },
                Started("r2"), Words("Take a coat."), Completed(),
            ]).AsChatClient();

        var response = streams
            ? await chat.GetStreamingResponseAsync("Hi").ToChatResponseAsync().OrFail()
            : await chat.GetResponseAsync("Hi").OrFail();

        // Updates bring a result when it is there, in the middle of the response; the next request joins what it divides.
        response.Messages.Select(message => message.Role).Should().Equal(streams
            ? [ChatRole.Assistant, ChatRole.Tool, ChatRole.Assistant, ChatRole.Assistant]
            : [ChatRole.Assistant, ChatRole.Tool, ChatRole.Assistant]);
        string.Concat(response.Messages.SkipLast(1).Select(message => message.Text)).Should().Be("Meanwhile. Still.");
        response.Messages[0].Contents.OfType<FunctionCallContent>().Single().InformationalOnly.Should().BeTrue();
        response.Messages[1].Contents.OfType<FunctionResultContent>().Single().CallId.Should().Be("c1");
        response.Messages[^1].Text.Should().Be("Take a coat.");
        response.FinishReason.Should().Be(ChatFinishReason.Stop);
    }

    [Fact]
    [Trait("Finding", "T4")]
    public async Task GetStreamingResponse_ToolEvents_ComeAsTheyHappen()
    {
        var deferred = 0;
        StreamEvent[] events =
        [
            Started("r1"), .. Call("c1"), .. Call("c2", 1), new ToolWaiting { CallId = "c1", Name = "get_weather", Reason = ToolWaitReason.Response },
            new ResponseCompleted { FinishReason = FinishReason.ToolCalls },
            new ApprovalRequested { ApprovalId = "a", CallId = "c1", Name = "get_weather", Arguments = JsonElement.Parse("{}"), Token = "t", Responder = answer => answer.Decision == ApprovalDecision.Deferred && ++deferred > 0 },
            new ToolExecutionStarted { CallId = "c2", Name = "get_weather" },
            new ToolProgress { CallId = "c2", Name = "get_weather", Progress = JsonElement.Parse("1") },
            new ToolResult { CallId = "c2", Name = "get_weather", Result = JsonElement.Parse("\"rain\"") },
        ];
        var source = new FakeStreamClient((_, token) => FakeStreamClient.StreamThenStall(events, token));
        List<ChatResponseUpdate> updates = [];
        using var cancellation = new CancellationTokenSource();
        var reading = source.AsChatClient().GetStreamingResponseAsync("Hi", cancellationToken: cancellation.Token).GetAsyncEnumerator(CancellationToken.None);
        while (updates.LastOrDefault()?.Role != ChatRole.Tool)
        {
            (await reading.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
            updates.Add(reading.Current);
        }

        updates.SelectMany(update => update.Contents).OfType<FunctionCallContent>().Should().OnlyContain(call => call.InformationalOnly);
        updates.Select(update => update.RawRepresentation).OfType<ToolProgress>().Should().ContainSingle();
        var request = updates.SelectMany(update => update.Contents).OfType<ToolApprovalRequestContent>().Single();
        (request.RequestId, request.ToolCall.CallId, request.AdditionalProperties![ContentProperties.ApprovalToken], deferred).Should().Be(("a", "c1", "t", 1));

        var next = reading.MoveNextAsync().AsTask();
        await cancellation.CancelAsync();
        await next.Awaiting(task => task.OrFail()).Should().ThrowAsync<OperationCanceledException>();
        updates.ToChatResponse().Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Should().ContainSingle("a cancel keeps finished results");
        await reading.DisposeAsync();
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task GetStreamingResponse_ArgumentsThatDoNotParse_CarryTheError()
    {
        var chat = FakeStreamClient.Of(
            Started(),
            new ToolCallStarted { Index = 0, CallId = "c1", Name = "f" },
            new ToolCallCompleted { Index = 0, CallId = "c1", Name = "f", ArgumentsText = "{\"a\":", ParseError = "cut" },
            Completed()).AsChatClient();

        var response = await chat.GetStreamingResponseAsync("Hi").ToChatResponseAsync().OrFail();

        var call = response.Messages.Single().Contents.OfType<FunctionCallContent>().Single();
        call.Arguments.Should().BeNull();
        call.Exception!.Message.Should().Be("cut");
    }

    [Fact]
    public async Task GetStreamingResponse_ReasoningBlocks_KeepTheirSignaturesApart()
    {
        var chat = FakeStreamClient.Of(
            Started(),
            Reasoning("first"), new ContentCompleted { Index = 0, Kind = ContentKind.Reasoning, Signature = "s1" },
            Reasoning("second", 1), new ContentCompleted { Index = 1, Kind = ContentKind.Reasoning, Signature = "s2" },
            Words("done", 2), Completed()).AsChatClient();

        var response = await chat.GetStreamingResponseAsync("Hi").ToChatResponseAsync().OrFail();

        response.Messages.Single().Contents.OfType<TextReasoningContent>().Select(content => (content.Text, content.ProtectedData))
            .Should().Equal(("first", "s1"), ("second", "s2"));
        response.Text.Should().Be("done");
    }

    [Fact]
    public async Task GetStreamingResponse_ContentWithoutDeltas_ComesWhole()
    {
        var raw = JsonElement.Parse("""{"type":"redacted_thinking","data":"x"}""");
        var chat = FakeStreamClient.Of(
            Started(),
            new ContentStarted { Index = 0, Kind = ContentKind.RedactedReasoning },
            new ContentCompleted { Index = 0, Kind = ContentKind.RedactedReasoning, Raw = raw },
            new ContentStarted { Index = 1, Kind = ContentKind.Refusal }, Refusal("No", 1), Refusal(".", 1),
            new ContentCompleted { Index = 1, Kind = ContentKind.Refusal },
            new ProviderMetadata { Name = "logprobs", Value = Paris },
            Completed()).AsChatClient();

        var response = await chat.GetStreamingResponseAsync("Hi").ToChatResponseAsync().OrFail();

        var contents = response.Messages.Single().Contents;
        contents.Single(content => content.GetType() == typeof(AIContent)).AdditionalProperties![ContentProperties.RawBlock("test")].Should().Be(raw);
        contents.OfType<ErrorContent>().Single().Message.Should().Be("No.");
        response.Messages.Single().AdditionalProperties!["logprobs"].Should().Be(Paris);
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task GetStreamingResponse_RestartAfterText_FailsWithWhatHadArrived()
    {
        var chat = FakeStreamClient.Of(
            Started(), Words("Broken"), new StreamRestarted { Attempt = 2, Reason = "cut", Discarded = [0] }, Started(), Words("Anew"), Completed()).AsChatClient();

        var act = () => chat.GetStreamingResponseAsync("Hi").ToChatResponseAsync();

        (await act.Should().ThrowAsync<StreamInterruptedException>()).Which.PartialResponse!.Text.Should().Be("Broken");
        (await chat.GetResponseAsync("Hi").OrFail()).Text.Should().Be("Anew");
    }

    [Fact]
    [Trait("Law", "4")]
    [Trait("Law", "9")]
    public async Task GetStreamingResponse_Failure_ComesThrough()
    {
        var source = new FakeStreamClient(Fails(Interrupted(), Started(), Words("a")));

        var act = () => source.AsChatClient().GetStreamingResponseAsync("Hi").ToChatResponseAsync();

        await act.Should().ThrowAsync<StreamInterruptedException>();
        (source.Open, source.Finished).Should().Be((0, 1));
    }

    [Fact]
    public void GetService_KnownTypes_AreFound()
    {
        var source = FakeStreamClient.Of();
        var metadata = new ChatClientMetadata("anthropic", new Uri("http://provider/"), "any");
        using var chat = source.AsChatClient(metadata);

        chat.GetService(typeof(ChatClientMetadata)).Should().BeSameAs(metadata);
        chat.GetService(typeof(IStreamClient)).Should().BeSameAs(source);
        chat.GetService(typeof(IChatClient)).Should().BeSameAs(chat);
        chat.GetService(typeof(IChatClient), "key").Should().BeNull();
        chat.GetService(typeof(string)).Should().BeNull();
        source.AsChatClient().GetService(typeof(ChatClientMetadata)).Should().NotBeNull();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void GetService_Metadata_ArePassedThroughBothBridges(string wire)
    {
        using var http = new HttpClient();
        using var chat = new StreamClientBuilder(Wires.Named(wire).CreateClient(http, "none", "any")).UseTimeouts().Build().AsChatClient();

        var metadata = chat.GetService<ChatClientMetadata>()!;
        var back = (StreamClientMetadata)chat.AsStreamClient().GetService(typeof(StreamClientMetadata))!;

        (metadata.ProviderName, metadata.DefaultModelId).Should().Be((wire, "any"));
        (back.Provider, back.DefaultModel).Should().Be((wire, "any"));
        chat.AsStreamClient().GetService(typeof(IChatClient)).Should().BeSameAs(chat);
        chat.GetService<StreamClientMetadata>()!.Provider.Should().Be(wire);
    }

    [Fact]
    public void AsChatClient_WrongArguments_Throws()
    {
        using var chat = FakeStreamClient.Of().AsChatClient();

        FluentActions.Invoking(() => ChatBridgeExtensions.AsChatClient(null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => chat.GetStreamingResponseAsync((IEnumerable<ChatMessage>)null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => { _ = chat.GetResponseAsync((IEnumerable<ChatMessage>)null!); }).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => chat.GetService(null!)).Should().Throw<ArgumentNullException>();
    }

    private static StreamEvent[] Call(string id, int index = 0) =>
    [
        new ToolCallStarted { Index = index, CallId = id, Name = "get_weather" },
        new ToolCallCompleted { Index = index, CallId = id, Name = "get_weather", ArgumentsText = """{"city":"Paris"}""", Arguments = Paris },
    ];
}
