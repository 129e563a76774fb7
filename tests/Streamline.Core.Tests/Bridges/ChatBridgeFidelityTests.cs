using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.Tests.Http;
using Streamline.Tests.Protocols;
using Streamline.Tests.Protocols.Anthropic;
using Streamline.Tests.Protocols.Bedrock;
using Streamline.Tests.Protocols.Cohere;
using Streamline.Tests.Protocols.Gemini;
using Streamline.Tests.Protocols.GeminiInteractions;
using Streamline.Tests.Protocols.Ollama;
using Streamline.Tests.Protocols.OpenAIChat;
using Streamline.Tests.Protocols.OpenAIResponses;
using Streamline.TestSupport;

namespace Streamline.Tests.Bridges;

/// <summary>A conversation through the bridges goes on, with its provider and with any other, as it would have gone on without them.</summary>
public sealed class ChatBridgeFidelityTests
{
    private const int SampleCount = 150;
    private const string KnownSignature = "known-signature";

    public static TheoryData<string> All => Wires.All();

    [Theory]
    [MemberData(nameof(All))]
    public void NextRequest_AnswerThroughAChatClient_IsTheSameAsWithoutIt(string name)
    {
        var wire = Wires.Named(name);
        int checkedCount = 0, sealedCount = 0, signedCount = 0;
        var samples = from events in EventsOf(name) from seed in Gen.Choose(0, int.MaxValue) select (Events: events, Seed: seed);
        var property = Prop.ForAll(samples.ToArbitrary(), sample =>
        {
            var events = WithKnownSignatures(sample.Seed % 2 == 0 ? sample.Events : WithTools(sample.Events, new Random(sample.Seed)));
            var chat = FakeStreamClient.Of([.. events]).AsChatClient();
            List<ChatMessage> streamed = [.. chat.GetStreamingResponseAsync("q").ToChatResponseAsync().GetAwaiter().GetResult().Messages];
            List<ChatMessage> whole = [.. chat.GetResponseAsync("q").GetAwaiter().GetResult().Messages];
            List<ChatMessage> folded = [.. WireRun.Fold(events).ToChatResponse().Messages];
            foreach (var target in Wires.Protocols)
            {
                var expected = Body(target, folded);
                Body(target, streamed).Should().Be(expected, "it was streamed, and goes to {0}", target.Name);
                Body(target, whole).Should().Be(expected, "it came whole, and goes to {0}", target.Name);
                if (SameProvider(target.Name) != SameProvider(name))
                {
                    expected.Should().NotContain(KnownSignature, "no signature goes to {0}", target.Name);
                }
            }

            var next = Body(wire, folded);
            Body(wire, [.. streamed.Select(RequestBody.Store)]).Should().Be(next, "storing changes nothing");
            checkedCount++;
            signedCount += next.Contains(KnownSignature, StringComparison.Ordinal) ? 1 : 0;
            sealedCount += streamed.Exists(message => message.Contents.Any(content => content.AdditionalProperties?.Keys.Any(key => key.StartsWith("streamline.", StringComparison.Ordinal)) == true)) ? 1 : 0;
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(SampleCount).WithEndSize(25).WithReplay(7, 11), property);

        checkedCount.Should().Be(SampleCount);
        sealedCount.Should().BeGreaterThan(SampleCount / 4, "the generator is to give answers that updates alone cannot hold");
        (signedCount > 0).Should().Be(name is not ("ollama" or "gemini" or "cohere"), "Ollama and Cohere do not sign, and Gemini's signatures are part of its own form");
    }

    [Fact]
    public async Task NextRequest_ReasoningChangedMeanwhile_LosesItsSignature()
    {
        var chat = FakeStreamClient.Of(Signed("anthropic")).AsChatClient();
        var answer = (await chat.GetStreamingResponseAsync("q").ToChatResponseAsync().OrFail()).Messages.Single();

        Body(StreamProtocols.Anthropic, [answer]).Should().Contain("\"signature\":\"sig\"");
        answer.Contents.OfType<TextReasoningContent>().Single().Text = "h";

        Body(StreamProtocols.Anthropic, [answer]).Should().NotContain("\"thinking\"").And.NotContain("sig").And.Contain("redacted_thinking");
    }

    [Fact]
    public async Task NextRequest_AnswerThroughBothBridges_KeepsItsReasoningAndCitations()
    {
        var chat = FakeStreamClient.Of(Signed("anthropic")).AsChatClient(new ChatClientMetadata("anthropic"));

        var bridged = await chat.AsStreamClient().GetResponseAsync(new StreamRequest { Messages = [new ChatMessage(ChatRole.User, "q")] }).OrFail();

        Body(StreamProtocols.Anthropic, [.. bridged.Messages])
            .Should().Be(Body(StreamProtocols.Anthropic, [WireRun.Fold(Signed("anthropic")).ToChatMessage()]));
    }

    [Fact]
    public async Task NextRequest_AnswerOfAServerWithAnothersWireThroughBothBridges_KeepsTheSame()
    {
        StreamEvent[] answer = [new ResponseStarted { Provider = "compatible", Protocol = "anthropic" }, .. Signed("anthropic").Skip(1)];
        var server = new FakeStreamClient((_, _) => FakeStreamClient.Stream(answer)) { Metadata = new StreamClientMetadata { Provider = "compatible", Protocol = "anthropic" } };

        var events = await server.AsChatClient().AsStreamClient().StreamAsync("q").CollectAsync();

        var started = events.OfType<ResponseStarted>().Single();
        (started.Provider, started.Protocol).Should().Be(("compatible", "anthropic"));
        Body(StreamProtocols.Anthropic, [WireRun.Fold(events).ToChatMessage()])
            .Should().Be(Body(StreamProtocols.Anthropic, [WireRun.Fold(answer).ToChatMessage()])).And.Contain("\"signature\":\"sig\"");
    }

    [Fact]
    public async Task NextRequest_TwoResponsesWithoutIds_StayApart()
    {
        // The exchange types make one message of them.
        List<StreamEvent> events = [.. Signed("anthropic"), .. Signed("anthropic").Where(streamEvent => streamEvent is not (ContentStarted { Index: < 2 } or ReasoningDelta or ContentCompleted { Index: < 2 }))];
        var streamed = (await FakeStreamClient.Of([.. events]).AsChatClient().GetStreamingResponseAsync("q").ToChatResponseAsync().OrFail()).Messages;

        streamed.Should().ContainSingle();
        Body(StreamProtocols.Anthropic, [.. streamed])
            .Should().Be(Body(StreamProtocols.Anthropic, [.. WireRun.Fold(events).ToChatResponse().Messages]));
    }

    [Fact]
    public async Task NextRequest_ResultAmidALaterText_LeavesTheTextWhole()
    {
        // The call was given out amid the text before.
        var chat = FakeStreamClient.Of(
            new ResponseStarted { Provider = "cohere" },
            new ToolCallStarted { Index = 0, CallId = "c", Name = "f" },
            new ToolCallCompleted { Index = 0, CallId = "c", Name = "f", ArgumentsText = "{}", Arguments = JsonElement.Parse("{}") },
            new ContentStarted { Index = 1, Kind = ContentKind.Text },
            new TextDelta { Index = 1, Text = "a" },
            new ToolExecutionStarted { CallId = "c", Name = "f" },
            new TextDelta { Index = 1, Text = "b" },
            new ContentCompleted { Index = 1, Kind = ContentKind.Text },
            new ContentStarted { Index = 2, Kind = ContentKind.Text },
            new TextDelta { Index = 2, Text = "c" },
            new ToolResult { CallId = "c", Name = "f", Result = JsonElement.Parse("1") },
            new TextDelta { Index = 2, Text = "d" },
            new ContentCompleted { Index = 2, Kind = ContentKind.Text },
            new ResponseCompleted { FinishReason = FinishReason.Stop }).AsChatClient();

        var streamed = (await chat.GetStreamingResponseAsync("q").ToChatResponseAsync().OrFail()).Messages;

        Body(StreamProtocols.Anthropic, [.. streamed]).Should().Contain("\"text\":\"ab\"").And.Contain("\"text\":\"cd\"");
    }

    [Fact]
    public async Task GetStreamingResponse_PlainAnswer_HoldsNothingButTheAnswer()
    {
        var chat = FakeStreamClient.Of(
            new ResponseStarted { Provider = "anthropic" },
            new ContentStarted { Index = 0, Kind = ContentKind.Text },
            new TextDelta { Index = 0, Text = "Let me see." },
            new ContentCompleted { Index = 0, Kind = ContentKind.Text },
            new ToolCallStarted { Index = 1, CallId = "c", Name = "f" },
            new ToolCallCompleted { Index = 1, CallId = "c", Name = "f", ArgumentsText = "{}", Arguments = JsonElement.Parse("{}") },
            new ResponseCompleted { FinishReason = FinishReason.ToolCalls }).AsChatClient();

        var answer = (await chat.GetStreamingResponseAsync("q").ToChatResponseAsync().OrFail()).Messages.Single();

        answer.Contents.Select(content => content.GetType()).Should().Equal(typeof(TextContent), typeof(FunctionCallContent));
    }

    [Theory]
    [InlineData("anthropic", "anthropic")]
    [InlineData("anthropic", "other")]
    [InlineData("bedrock", "bedrock")]
    [InlineData("bedrock-anthropic", "anthropic")]
    public async Task NextRequest_ReasoningThatAChatClientOfOthersProtected_IsNotSentAsASignature(string name, string provider)
    {
        // What another library keeps in it, whatever it calls itself, is in a form of its own.
        var wire = Wires.Named(name);
        var foreign = new FakeChatClient(
        [
            new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("hm") { ProtectedData = "theirs" }]),
            new ChatResponseUpdate(ChatRole.Assistant, "Hello.") { FinishReason = ChatFinishReason.Stop },
        ]);

        var direct = await foreign.GetStreamingResponseAsync([]).ToChatResponseAsync().OrFail();
        var bridged = await foreign.AsStreamClient().GetResponseAsync(new StreamRequest { Messages = [new ChatMessage(ChatRole.User, "q")] }).OrFail();
        var named = WireRun.Fold(
        [
            new ResponseStarted { Provider = provider },
            new ContentCompleted { Index = 0, Kind = ContentKind.Reasoning, Signature = "theirs" },
            new ContentStarted { Index = 1, Kind = ContentKind.Text }, new TextDelta { Index = 1, Text = "Hello." },
        ]).ToChatResponse();

        foreach (var response in new[] { direct, bridged, named })
        {
            Body(wire, [.. response.Messages]).Should().NotContain("theirs").And.Contain("Hello.");
        }
    }

    private static Gen<List<StreamEvent>> EventsOf(string wire) => wire switch
    {
        "anthropic" or "bedrock-anthropic" => AnthropicEventGenerator.Response,
        "openai" => from steps in OpenAIChatRoundTripTests.Steps.ListOf() from variant in Gen.Choose(0, 59) select OpenAIChatCanonicalSequence.Build([.. steps], variant),
        "openai-responses" => OpenAIResponsesEventGenerator.Response,
        "gemini" => GeminiEventGenerator.Response,
        "gemini-interactions" => InteractionsEventGenerator.Response,
        "ollama" => OllamaEventGenerator.Response,
        "cohere" => CohereEventGenerator.Response,
        _ => BedrockEventGenerator.Response,
    };

    private static StreamEvent[] Signed(string provider) =>
    [
        new ResponseStarted { Provider = provider },
        new ContentStarted { Index = 0, Kind = ContentKind.Reasoning, ProviderData = JsonElement.Parse("""{"type":"thinking"}""") },
        new ReasoningDelta { Index = 0, Text = "hm" },
        new ContentCompleted { Index = 0, Kind = ContentKind.Reasoning, Signature = "sig" },
        new ContentStarted { Index = 1, Kind = ContentKind.RedactedReasoning },
        new ContentCompleted { Index = 1, Kind = ContentKind.RedactedReasoning, Raw = JsonElement.Parse("""{"type":"redacted_thinking","data":"x"}""") },
        new ContentStarted { Index = 2, Kind = ContentKind.Text },
        new TextDelta { Index = 2, Text = "Yes" },
        new CitationAdded { Index = 2, Citation = JsonElement.Parse("""{"type":"char_location","cited_text":"é"}""") },
        new ContentCompleted { Index = 2, Kind = ContentKind.Text },
        new ContentStarted { Index = 3, Kind = ContentKind.Text },
        new TextDelta { Index = 3, Text = "." },
        new ContentCompleted { Index = 3, Kind = ContentKind.Text },
        new ResponseCompleted { FinishReason = FinishReason.Stop },
    ];

    // Generated signatures are words that a text may have too.
    private static List<StreamEvent> WithKnownSignatures(List<StreamEvent> events) =>
    [
        .. events.Select(streamEvent => streamEvent is ContentCompleted { Signature: not null } completed
            ? new ContentCompleted { Index = completed.Index, Kind = completed.Kind, Raw = completed.Raw, Signature = KnownSignature }
            : streamEvent),
    ];

    // The pipeline runs a call at some moment after it is sealed, while the answer goes on or when it has ended.
    private static List<StreamEvent> WithTools(List<StreamEvent> events, Random random)
    {
        var run = new List<StreamEvent>(events);
        var ofFirstChoice = events.OfType<ToolCallStarted>().Where(call => call.Choice == 0).Select(call => call.Index).ToHashSet();
        foreach (var call in events.OfType<ToolCallCompleted>().Where(call => !call.IsProviderExecuted && ofFirstChoice.Contains(call.Index)).DistinctBy(call => call.CallId))
        {
            var started = random.Next(run.IndexOf(call), run.Count) + 1;
            run.Insert(started, new ToolExecutionStarted { CallId = call.CallId, Name = call.Name });
            run.Insert(random.Next(started, run.Count) + 1, new ToolResult { CallId = call.CallId, Name = call.Name, Result = JsonElement.Parse("\"18 °C\"") });
        }

        return run;
    }

    // Both carry Anthropic's Messages.
    private static string SameProvider(string wire) => wire == "bedrock-anthropic" ? "anthropic" : wire;

    private static string Body(StreamProtocol wire, List<ChatMessage> answer)
    {
        var answered = answer.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.CallId).ToHashSet(StringComparer.Ordinal);
        var results = answer.SelectMany(message => message.Contents).OfType<FunctionCallContent>()
            .Where(call => !call.InformationalOnly && !answered.Contains(call.CallId))
            .OrderBy(call => call.CallId, StringComparer.Ordinal)
            .Select(call => (AIContent)new FunctionResultContent(call.CallId, "18 °C")).ToList();
        return RequestBody.Write(
            wire,
            [
                new ChatMessage(ChatRole.User, "q"),
                .. answer,
                .. results.Count > 0 ? [new ChatMessage(ChatRole.Tool, results)] : Array.Empty<ChatMessage>(),
                new ChatMessage(ChatRole.User, "Go on."),
            ]).ToJsonString();
    }
}
