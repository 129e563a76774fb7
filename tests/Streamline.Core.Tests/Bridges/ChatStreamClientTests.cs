using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Bridges;

public sealed class ChatStreamClientTests
{
    [Fact]
    public async Task Stream_TextReasoningAndCall_GivesBlocks()
    {
        var chat = new FakeChatClient(
        [
            Update(new TextReasoningContent("Let me ")), Update(new TextReasoningContent("think.") { ProtectedData = "sig" }),
            Update(new TextReasoningContent("More.")), Update(new TextContent("Hel")), Update(new TextContent("lo")),
            Update(new FunctionCallContent("c1", "f", new Dictionary<string, object?> { ["x"] = 1 })),
            Update(new UsageContent(new UsageDetails { InputTokenCount = 3, OutputTokenCount = 4 })),
            new ChatResponseUpdate { FinishReason = ChatFinishReason.ToolCalls },
        ]);

        var events = await chat.AsStreamClient().StreamAsync("Hi").CollectAsync();

        events.ToLines().Should().Be(
            """
            {"type":"responseStarted","provider":"fake","protocol":"fake","responseId":"r","model":"m"}
            {"type":"contentStarted","index":0,"kind":"reasoning","choice":0}
            {"type":"reasoningDelta","index":0,"text":"Let me "}
            {"type":"reasoningDelta","index":0,"text":"think."}
            {"type":"contentCompleted","index":0,"kind":"reasoning","signature":"sig"}
            {"type":"contentStarted","index":1,"kind":"reasoning","choice":0}
            {"type":"reasoningDelta","index":1,"text":"More."}
            {"type":"contentCompleted","index":1,"kind":"reasoning"}
            {"type":"contentStarted","index":2,"kind":"text","choice":0}
            {"type":"textDelta","index":2,"text":"Hel"}
            {"type":"textDelta","index":2,"text":"lo"}
            {"type":"contentCompleted","index":2,"kind":"text"}
            {"type":"toolCallStarted","index":3,"callId":"c1","name":"f","isProviderExecuted":false,"choice":0}
            {"type":"toolCallCompleted","index":3,"callId":"c1","name":"f","argumentsText":"{\u0022x\u0022:1}","arguments":{"x":1},"isProviderExecuted":false}
            {"type":"usageUpdated","usage":{"inputTokens":3,"outputTokens":4}}
            {"type":"responseCompleted","finishReason":"toolCalls","rawFinishReason":"tool_calls","usage":{"inputTokens":3,"outputTokens":4},"outcome":"complete"}
            """);
    }

    [Fact]
    [Trait("Law", "7")]
    public async Task Stream_FunctionsThatTheChatClientRan_AreResultsAndNewResponses()
    {
        var chat = new FakeChatClient(
        [
            Update(new FunctionCallContent("c1", "f") { InformationalOnly = true }),
            new ChatResponseUpdate { FinishReason = ChatFinishReason.ToolCalls },
            new ChatResponseUpdate(ChatRole.Tool, [new FunctionResultContent("c1", "rain")]),
            Update(new TextContent("Take a coat.")),
            new ChatResponseUpdate { FinishReason = ChatFinishReason.Stop },
        ]);

        var events = await chat.AsStreamClient().StreamAsync("Hi").CollectAsync();

        events.OfType<ToolCallCompleted>().Single().IsProviderExecuted.Should().BeTrue();
        events.OfType<ToolResult>().Single().Result.GetString().Should().Be("rain");
        events.OfType<ResponseStarted>().Should().HaveCount(2);
        events.OfType<ResponseCompleted>().Select(completed => completed.FinishReason).Should().Equal(FinishReason.ToolCalls, FinishReason.Stop);
        TextOf(events).Should().Be("Take a coat.");
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task Stream_CallThatDidNotParse_HasNoArguments()
    {
        var chat = Ending(Update(new FunctionCallContent("c1", "f") { Exception = new JsonException("cut") }), ChatFinishReason.ToolCalls);

        var call = (await chat.AsStreamClient().StreamAsync("Hi").CollectAsync()).OfType<ToolCallCompleted>().Single();

        (call.Arguments, call.ParseError).Should().Be((null, "cut"));
    }

    [Fact]
    [Trait("Law", "11")]
    public async Task Stream_OtherContent_ComesInTheFormOfTheExchangeTypes()
    {
        var chat = Ending(Update(new DataContent("data:image/png;base64,AAAA")), ChatFinishReason.Stop);

        var block = (await chat.AsStreamClient().StreamAsync("Hi").CollectAsync()).OfType<ContentCompleted>().Single();

        block.Kind.Should().Be(ContentKind.Other);
        block.Raw!.Value.GetProperty("uri").GetString().Should().Be("data:image/png;base64,AAAA");
    }

    [Fact]
    public async Task Stream_Citations_AreAdded()
    {
        var text = new TextContent("so") { Annotations = [new CitationAnnotation { Title = "T", Url = new Uri("http://source/") }] };

        var citation = (await Ending(Update(text), ChatFinishReason.Stop).AsStreamClient().StreamAsync("Hi").CollectAsync()).OfType<CitationAdded>().Single();

        citation.Citation.GetRawText().Should().Be("""{"title":"T","url":"http://source/"}""");
    }

    [Fact]
    [Trait("Law", "4")]
    public async Task Stream_NoFinishReason_IsInterruptedUnlessThatIsAllowed()
    {
        var chat = new FakeChatClient([Update(new TextContent("Half"))]);

        var (_, exception) = await chat.AsStreamClient().StreamAsync("Hi").CatchAsync();
        var events = await chat.AsStreamClient(requireFinishReason: false).StreamAsync("Hi").CollectAsync();

        exception.Should().BeOfType<StreamInterruptedException>().Which.PartialResponse!.Text.Should().Be("Half");
        events[^1].Should().BeOfType<ResponseCompleted>().Which.FinishReason.Should().Be(FinishReason.Other);
    }

    [Fact]
    public async Task Stream_NoUpdatesAtAll_IsStillOneResponse()
    {
        var events = await new FakeChatClient([]).AsStreamClient(requireFinishReason: false).StreamAsync("Hi").CollectAsync();

        events.Select(streamEvent => streamEvent.GetType()).Should().Equal(typeof(ResponseStarted), typeof(ResponseCompleted));
    }

    [Fact]
    [Trait("Law", "5")]
    public async Task Stream_ErrorContent_IsTheProvidersError()
    {
        var chat = new FakeChatClient([Update(new TextContent("Half")), Update(new ErrorContent("too busy") { ErrorCode = "overloaded" })]);

        var (_, exception) = await chat.AsStreamClient().StreamAsync("Hi").CatchAsync();

        var error = exception.Should().BeOfType<ProviderException>().Subject;
        (error.Code, error.ProviderMessage, error.IsInBand).Should().Be(("overloaded", "too busy", true));
        error.PartialResponse!.Text.Should().Be("Half");
    }

    [Fact]
    [Trait("Law", "4")]
    public async Task Stream_TransportBreaks_IsInterrupted()
    {
        var chat = new FakeChatClient([Update(new TextContent("Half"))], new IOException("reset"));

        var (_, interrupted) = await chat.AsStreamClient().StreamAsync("Hi").CatchAsync();

        interrupted.Should().BeOfType<StreamInterruptedException>().Which.PartialResponse!.Text.Should().Be("Half");
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Stream_BreakAndCancel_LeaveTheChatClient()
    {
        var chat = new FakeChatClient([Update(new TextContent("a")), Update(new TextContent("b"))]);
        using var cancellation = new CancellationTokenSource();

        await foreach (var _ in chat.AsStreamClient().StreamAsync("Hi"))
        {
            break;
        }

        chat.Open.Should().Be(0);
        var events = chat.AsStreamClient().StreamAsync("Hi", cancellationToken: cancellation.Token);
        await FluentActions.Awaiting(async () =>
        {
            await foreach (var streamEvent in events)
            {
                await cancellation.CancelAsync();
            }
        }).Should().ThrowAsync<OperationCanceledException>().Where(exception => exception.CancellationToken == cancellation.Token);
        chat.Open.Should().Be(0);
    }

    [Fact]
    public async Task Stream_BothBridges_GiveTheAnswerBack()
    {
        StreamEvent[] events =
        [
            Started("r1"), Reasoning("why"), new ContentCompleted { Index = 0, Kind = ContentKind.Reasoning, Signature = "s" }, Words("Hello", 1),
            new ToolCallStarted { Index = 2, CallId = "c", Name = "f" },
            new ToolCallCompleted { Index = 2, CallId = "c", Name = "f", ArgumentsText = "{ }", Arguments = JsonElement.Parse("{ }") },
            new ResponseCompleted { FinishReason = FinishReason.ToolCalls, Usage = new TokenUsage { InputTokens = 1, OutputTokens = 2, TotalTokens = 3 } },
        ];
        using var chat = FakeStreamClient.Of(events).AsChatClient(new ChatClientMetadata("test"));

        var direct = await FakeStreamClient.Of(events).GetResponseAsync(Request);
        var bridged = await chat.AsStreamClient().GetResponseAsync(Request);

        JsonSerializer.Serialize(bridged.Messages, AIJsonUtilities.DefaultOptions).Should().Be(JsonSerializer.Serialize(direct.Messages, AIJsonUtilities.DefaultOptions));
        bridged.Usage.Should().BeEquivalentTo(direct.Usage);
        bridged.FinishReason.Should().Be(direct.FinishReason);
    }

    [Fact]
    public async Task Stream_Request_ReachesTheChatClient()
    {
        var chat = Ending(Update(new TextContent("a")), ChatFinishReason.Stop);
        var options = new ChatOptions { Temperature = 0.5f };

        await chat.AsStreamClient().StreamAsync("Hi", options).CollectAsync();

        chat.Messages.Single().Text.Should().Be("Hi");
        chat.Options.Should().BeEquivalentTo(options);
    }

    [Fact]
    public void GetService_Metadata_TellOfTheChatClient()
    {
        var client = Ending(Update(new TextContent("a")), ChatFinishReason.Stop).AsStreamClient();

        client.GetService(typeof(StreamClientMetadata)).Should().BeEquivalentTo(new StreamClientMetadata { Provider = "fake" });
        client.GetService(typeof(IStreamClient)).Should().BeSameAs(client);
    }

    [Fact]
    public void Stream_WhatAChatClientCannotTake_Throws()
    {
        var client = Ending(Update(new TextContent("a")), ChatFinishReason.Stop).AsStreamClient();

        FluentActions.Invoking(() => client.StreamAsync(Request with { ExtraBody = new JsonObject() })).Should().Throw<NotSupportedException>();
        FluentActions.Invoking(() => client.StreamAsync(null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => ChatBridgeExtensions.AsStreamClient(null!)).Should().Throw<ArgumentNullException>();
    }

    private static ChatResponseUpdate Update(AIContent content) => new(ChatRole.Assistant, [content]) { ResponseId = "r", ModelId = "m" };

    private static FakeChatClient Ending(ChatResponseUpdate update, ChatFinishReason reason) => new([update, new ChatResponseUpdate { FinishReason = reason }]);
}
