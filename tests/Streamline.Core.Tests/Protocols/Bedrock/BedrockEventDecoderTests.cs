using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.TestSupport;
using static Streamline.Tests.Protocols.Bedrock.BedrockWire;

namespace Streamline.Tests.Protocols.Bedrock;

public class BedrockEventDecoderTests
{
    [Fact]
    [Trait("Law", "1")]
    public async Task Decode_TextAndCall_GivesTheirEventsHoweverTheBytesAreCut()
    {
        // The example of the wire's reference.
        var events = await ReadAsync(
            Event("messageStart", """{"role":"assistant"}"""),
            Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"One moment."}}"""),
            Event("contentBlockStop", """{"contentBlockIndex":0}"""),
            Event("contentBlockStart", """{"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"t1","name":"temp"}}}"""),
            Event("contentBlockDelta", """{"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"c\":\"Ulm\"}"}}}"""),
            Event("contentBlockStop", """{"contentBlockIndex":1}"""),
            Event("messageStop", """{"stopReason":"tool_use"}"""),
            Event("metadata", """{"usage":{"inputTokens":30,"outputTokens":12,"totalTokens":42},"metrics":{"latencyMs":410}}"""));

        events.ToLines().Should().Be(string.Join('\n',
            """{"type":"responseStarted","provider":"bedrock","protocol":"bedrock"}""",
            """{"type":"contentStarted","index":0,"kind":"text","choice":0}""",
            """{"type":"textDelta","index":0,"text":"One moment."}""",
            """{"type":"contentCompleted","index":0,"kind":"text"}""",
            """{"type":"toolCallStarted","index":1,"callId":"t1","name":"temp","isProviderExecuted":false,"choice":0}""",
            """{"type":"toolInputDelta","index":1,"callId":"t1","fragment":"{\u0022c\u0022:\u0022Ulm\u0022}"}""",
            """{"type":"toolCallCompleted","index":1,"callId":"t1","name":"temp","argumentsText":"{\u0022c\u0022:\u0022Ulm\u0022}","arguments":{"c":"Ulm"},"isProviderExecuted":false}""",
            """{"type":"usageUpdated","usage":{"inputTokens":30,"outputTokens":12,"totalTokens":42}}""",
            """{"type":"providerMetadata","name":"metrics","value":{"latencyMs":410}}""",
            """{"type":"responseCompleted","finishReason":"toolCalls","rawFinishReason":"tool_use","usage":{"inputTokens":30,"outputTokens":12,"totalTokens":42},"outcome":"complete"}"""));
    }

    [Theory]
    [Trait("Law", "3")]
    [InlineData("max_tokens", false, FinishReason.Length)]
    [InlineData("guardrail_intervened", false, FinishReason.ContentFilter)]
    [InlineData("tool_use", true, FinishReason.ToolCalls)]
    [InlineData("end_turn", true, FinishReason.ToolCalls)]
    public async Task Decode_CallThatEndsBeforeAnyArguments_IsWorthSomethingOnlyIfTheAnswerWasNotCut(string stopReason, bool isWhole, FinishReason expected)
    {
        var events = await ReadAsync(
            Event("messageStart", """{"role":"assistant"}"""),
            Event("contentBlockStart", """{"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"t1","name":"now"}}}"""),
            Event("contentBlockStop", """{"contentBlockIndex":0}"""),
            Event("messageStop", $$"""{"stopReason":"{{stopReason}}"}"""),
            Event("metadata", """{"usage":{"inputTokens":30,"outputTokens":12,"totalTokens":42}}"""));

        var call = events.OfType<ToolCallCompleted>().Should().ContainSingle().Which;
        (call.Arguments is not null).Should().Be(isWhole);
        events.OfType<ResponseCompleted>().Single().FinishReason.Should().Be(expected);
    }

    [Fact]
    public async Task Decode_Reasoning_KeepsItsSignatureAndWhatIsEncrypted()
    {
        var events = await ReadBlocksAsync(
            Delta(0, """{"reasoningContent":{"text":"Think"}}"""),
            Delta(0, """{"reasoningContent":{"text":"ing."}}"""),
            Delta(0, """{"reasoningContent":{"signature":"c2ln+/=="}}"""),
            BlockStop(0),
            Delta(1, """{"reasoningContent":{"redactedContent":"AAEC+/=="}}"""),
            BlockStop(1),
            Delta(2, """{"reasoningContent":{"signature":"only"}}"""),
            BlockStop(2));

        string.Concat(events.OfType<ReasoningDelta>().Select(delta => delta.Text)).Should().Be("Thinking.");
        events.OfType<ContentCompleted>().Select(block => (block.Index, block.Kind, block.Signature, block.Raw?.GetRawText())).Should().Equal(
            (0, ContentKind.Reasoning, "c2ln+/==", """{"reasoningContent":{"reasoningText":{}}}"""),
            (1, ContentKind.RedactedReasoning, null, """{"reasoningContent":{"redactedContent":"AAEC+/=="}}"""),
            (2, ContentKind.Reasoning, "only", """{"reasoningContent":{"reasoningText":{}}}"""));
        events.OfType<ContentCompleted>().ElementAt(1).Raw!.Value.GetProperty("reasoningContent").GetProperty("redactedContent").GetString().Should().Be("AAEC+/==");
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task Decode_SignatureInPieces_IsPutTogetherWithinTheLimit()
    {
        var pieces = Enumerable.Repeat(Delta(0, """{"reasoningContent":{"signature":"0123456789"}}"""), 200).ToArray();
        byte[] body = [.. Start, .. Body(pieces), .. BlockStop(0), .. Stop, .. Metadata];

        var (events, _) = await WireRun.ReadAsync(StreamProtocols.BedrockConverse, body);
        var (_, exception) = await WireRun.ReadAsync(StreamProtocols.BedrockConverse, body, options: new StreamReadOptions { MaxEventBytes = 1024 });

        events.OfType<ContentCompleted>().Single().Signature.Should().HaveLength(2000);
        exception.Should().BeOfType<StreamLimitException>().Which.Actual.Should().Be(1030);
    }

    [Fact]
    public async Task Decode_EncryptedReasoningInPieces_IsPutTogetherAsBytes()
    {
        var events = await ReadBlocksAsync(
            Delta(0, """{"reasoningContent":{"redactedContent":"AQ=="}}"""), Delta(0, """{"reasoningContent":{"redactedContent":"AgM="}}"""), BlockStop(0));

        var raw = events.OfType<ContentCompleted>().Single().Raw!.Value;
        Convert.FromBase64String(raw.GetProperty("reasoningContent").GetProperty("redactedContent").GetString()!).Should().Equal(1, 2, 3);
    }

    [Fact]
    public async Task Decode_ServerTool_IsShownAndItsResultKeptWhole()
    {
        var events = await ReadBlocksAsync(
            BlockStart(0, """{"toolUse":{"toolUseId":"s1","name":"nova_grounding","type":"server_tool_use"}}"""),
            Delta(0, """{"toolUse":{"input":"{\"q\":"}}"""),
            Delta(0, """{"toolUse":{"input":"1}"}}"""),
            BlockStop(0),
            BlockStart(1, """{"toolResult":{"toolUseId":"s1","type":"nova_grounding_result","status":"success"}}"""),
            Delta(1, """{"toolResult":[{"text":"a"}]}"""),
            Delta(1, """{"toolResult":[{"json":{"n":1.50}},{"text":"b"}]}"""),
            BlockStop(1));

        var call = events.OfType<ToolCallStarted>().Single();
        (call.IsProviderExecuted, call.ProviderData!.Value.GetRawText()).Should().Be((true, """{"toolUse":{"toolUseId":"s1","name":"nova_grounding","type":"server_tool_use"}}"""));
        events.OfType<ToolCallCompleted>().Single().ArgumentsText.Should().Be("""{"q":1}""");
        var result = events.OfType<ContentCompleted>().Single();
        (result.Kind, result.Raw!.Value.GetRawText()).Should().Be((ContentKind.ServerToolResult,
            """{"toolResult":{"toolUseId":"s1","type":"nova_grounding_result","status":"success","content":[{"text":"a"},{"json":{"n":1.50}},{"text":"b"}]}}"""));
    }

    [Fact]
    public async Task Decode_Image_IsKeptAsTheBlockThatARequestTakes()
    {
        var events = await ReadBlocksAsync(
            BlockStart(0, """{"image":{"format":"png"}}"""),
            Delta(0, """{"image":{"source":{"bytes":"AQ=="}}}"""),
            Delta(0, """{"image":{"source":{"bytes":"Ag=="}}}"""),
            BlockStop(0),
            BlockStart(1, """{"image":{"format":"png"}}"""),
            Delta(1, """{"image":{"error":{"message":"refused"}}}"""),
            BlockStop(1),
            BlockStart(2, """{"image":{"format":"jpeg"}}"""),
            Delta(2, """{"image":{"source":{"s3Location":{"uri":"s3://b/k"}}}}"""),
            BlockStop(2));

        events.OfType<ContentCompleted>().Select(block => block.Raw!.Value.GetRawText()).Should().Equal(
            """{"image":{"format":"png","source":{"bytes":"AQI="}}}""",
            """{"image":{"format":"png","error":{"message":"refused"}}}""",
            """{"image":{"format":"jpeg","source":{"s3Location":{"uri":"s3://b/k"}}}}""");
        events.OfType<ContentCompleted>().Should().OnlyContain(block => block.Kind == ContentKind.Other);
    }

    [Fact]
    public async Task Decode_Citations_StandWithTheirText()
    {
        const string Citation = """{"title":"T","source":"doc","sourceContent":[{"text":"x"}],"location":{"documentPage":{"documentIndex":0,"start":1,"end":2}}}""";
        var events = await ReadAsync(
            Start, Delta(0, """{"text":"As said."}"""), Delta(0, $$"""{"citation":{{Citation}}}"""), BlockStop(0), Delta(1, $$"""{"citation":{{Citation}}}"""), BlockStop(1), Stop, Metadata);

        events.OfType<CitationAdded>().Select(citation => (citation.Index, citation.Citation.GetRawText())).Should().Equal((0, Citation), (1, Citation));
        var text = WireRun.Fold(events).ToChatMessage().Contents.OfType<TextContent>().First();
        text.Annotations.Should().ContainSingle().Which.Should().BeOfType<CitationAnnotation>().Which.Title.Should().Be("T");
    }

    [Theory]
    [InlineData("end_turn", FinishReason.Stop)]
    [InlineData("stop_sequence", FinishReason.Stop)]
    [InlineData("tool_use", FinishReason.ToolCalls)]
    [InlineData("max_tokens", FinishReason.Length)]
    [InlineData("model_context_window_exceeded", FinishReason.Length)]
    [InlineData("guardrail_intervened", FinishReason.ContentFilter)]
    [InlineData("content_filtered", FinishReason.ContentFilter)]
    [InlineData("malformed_model_output", FinishReason.Other)]
    [InlineData("malformed_tool_use", FinishReason.Other)]
    [InlineData("never_seen", FinishReason.Other)]
    public async Task Decode_StopReason_IsTranslated(string reason, FinishReason expected)
    {
        var events = await ReadAsync(Start, Event("messageStop", $$$"""{"stopReason":"{{{reason}}}","additionalModelResponseFields":{"stop_sequence":"END"}}"""), Metadata);

        events[^1].Should().BeOfType<ResponseCompleted>().Which.Should().BeEquivalentTo(new { FinishReason = expected, RawFinishReason = reason });
        events.OfType<ProviderMetadata>().First().Should().BeEquivalentTo(new { Name = "additionalModelResponseFields" });
    }

    [Fact]
    public async Task Decode_Metadata_HasCountsOfTheCacheAndAllElse()
    {
        var events = await ReadAsync(Start, Stop, Event("metadata", """
            {"usage":{"inputTokens":10,"outputTokens":20,"totalTokens":530,"cacheReadInputTokens":400,"cacheWriteInputTokens":100,"novelTokens":7,
                "cacheDetails":[{"ttl":"1h","inputTokens":100}],"serverToolUsage":{}},
             "metrics":{"latencyMs":5},"trace":{"guardrail":{"actionReason":"x"}},"performanceConfig":{"latency":"optimized"},"serviceTier":{"type":"flex"},"p":"abc"}
            """));

        var usage = events.OfType<UsageUpdated>().Single().Usage;
        usage.Should().Be(new TokenUsage
        {
            InputTokens = 510,
            OutputTokens = 20,
            TotalTokens = 530,
            CachedInputTokens = 400,
            CacheWriteTokens = 100,
            AdditionalCounts = new Dictionary<string, long>(StringComparer.Ordinal) { ["novelTokens"] = 7, ["cacheDetails[0].inputTokens"] = 100 },
        });
        events.OfType<ProviderMetadata>().Select(metadata => (metadata.Name, metadata.Value.GetRawText())).Should().Equal(
            ("usage.cacheDetails", """[{"ttl":"1h","inputTokens":100}]"""),
            ("metrics", """{"latencyMs":5}"""),
            ("trace", """{"guardrail":{"actionReason":"x"}}"""),
            ("performanceConfig", """{"latency":"optimized"}"""),
            ("serviceTier", """{"type":"flex"}"""));
        ((ResponseCompleted)events[^1]).Usage.Should().Be(usage);
    }

    [Fact]
    public async Task Decode_MetadataBeforeTheStop_EndsWithTheStop()
    {
        var events = await ReadAsync(Start, Delta(0, """{"text":"x"}"""), BlockStop(0), Metadata, Stop);

        ((ResponseCompleted)events[^1]).Usage!.TotalTokens.Should().Be(8);
        WireRun.Fold(events).Text.Should().Be("x");
    }

    [Fact]
    [Trait("Law", "4")]
    public async Task Decode_StopWithoutMetadata_IsWholeAndHasNoCounts()
    {
        var events = await ReadAsync(Start, Delta(0, """{"text":"x"}"""), BlockStop(0), Stop);

        events[^1].Should().BeOfType<ResponseCompleted>().Which.Usage.Should().BeNull();
    }

    [Fact]
    public async Task Decode_NoMessageStart_BeginsWithTheFirstEvent()
    {
        var events = await ReadAsync(Delta(0, """{"text":"x"}"""), Stop);

        events.Select(streamEvent => streamEvent.GetType()).Should().Equal(
            typeof(ResponseStarted), typeof(ContentStarted), typeof(TextDelta), typeof(ContentCompleted), typeof(ResponseCompleted));
    }

    [Fact]
    [Trait("Law", "11")]
    public async Task Decode_Unknown_IsPassedOnAndChangesNothing()
    {
        var novelDelta = """{"contentBlockIndex":1,"delta":{"hologram":{"x":[1]}}}""";
        var events = await ReadBlocksAsync(
            Event("novelEvent", "not even json"),
            Event("", """{"x":1}"""),
            BlockStart(0, """{"hologram":{"x":1}}"""),
            Delta(0, """{"text":"of the hologram"}"""),
            BlockStop(0),
            Event("contentBlockDelta", novelDelta),
            Delta(2, """{"text":"a"}"""),
            Delta(2, """{"reasoningContent":{"text":"not of a text"}}"""),
            Delta(3, """{"reasoningContent":{"novel":1}}"""),
            Delta(4, """{"toolResult":[{"text":"of no call"}]}"""),
            Event("contentBlockDelta", """{"contentBlockIndex":2,"delta":{"image":null,"text":"b"}}"""),
            Event("contentBlockDelta", """{"contentBlockIndex":2,"delta":{}}"""),
            BlockStop(2),
            BlockStop(7));

        events.OfType<ProviderEvent>().Select(passedOn => passedOn.Name).Should().Equal(
            "novelEvent", "", "contentBlockStart/hologram", "contentBlockDelta/text", "contentBlockDelta/hologram",
            "contentBlockDelta/reasoningContent", "contentBlockDelta/reasoningContent", "contentBlockDelta/toolResult");
        events.OfType<ProviderEvent>().ElementAt(4).Data.Should().Be(novelDelta);
        string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text)).Should().Be("ab");
        events.OfType<ContentStarted>().Should().ContainSingle();
    }

    [Fact]
    public async Task Decode_ParallelCallsThatInterleave_AreKeptApart()
    {
        var events = await ReadBlocksAsync(
            BlockStart(0, """{"toolUse":{"toolUseId":"a","name":"f"}}"""),
            BlockStart(1, """{"toolUse":{"toolUseId":"b","name":"g"}}"""),
            Delta(1, """{"toolUse":{"input":"{\"y\":"}}"""),
            Delta(0, """{"toolUse":{"input":"{\"x\":"}}"""),
            Delta(1, """{"toolUse":{"input":"2}"}}"""),
            Delta(0, """{"toolUse":{"input":"1}"}}"""),
            BlockStop(1),
            BlockStop(0));

        events.OfType<ToolCallCompleted>().Select(call => (call.CallId, call.ArgumentsText)).Should().Equal(("b", """{"y":2}"""), ("a", """{"x":1}"""));
    }

    [Theory]
    [InlineData("", "{}", null)]
    [InlineData("""{"toolUse":{"input":""}}""", "{}", null)]
    [InlineData("""{"toolUse":{"input":{"a":1}}}""", """{"a":1}""", null)]
    [InlineData("""{"toolUse":{"input":"{\"a\":"}}""", null, "{\"a\":")]
    [InlineData("""{"toolUse":{"input":"[1]"}}""", null, "[1]")]
    [Trait("Law", "3")]
    public async Task Decode_Arguments_AreReadStrictlyAndNeverInvented(string delta, string? arguments, string? badText)
    {
        byte[][] deltas = delta.Length == 0 ? [] : [Delta(0, delta)];
        var events = await ReadBlocksAsync([BlockStart(0, """{"toolUse":{"toolUseId":"a","name":"f"}}"""), .. deltas, BlockStop(0)]);

        var call = events.OfType<ToolCallCompleted>().Single();
        (call.Arguments?.GetRawText(), call.ParseError is null).Should().Be((arguments, badText is null));
        if (badText is not null)
        {
            call.ArgumentsText.Should().Be(badText);
        }
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task Decode_IdsThatAreMissingOrTaken_AreMadeUnique()
    {
        var events = await ReadBlocksAsync(
            BlockStart(0, """{"toolUse":{"toolUseId":"","name":"f"}}"""),
            BlockStop(0),
            BlockStart(1, """{"toolUse":{"toolUseId":null,"name":"g"}}"""),
            BlockStop(1),
            BlockStart(2, """{"toolUse":{"toolUseId":"a","name":"h"}}"""),
            BlockStop(2),
            BlockStart(3, """{"toolUse":{"toolUseId":"a","name":"h"}}"""),
            Delta(3, """{"toolUse":{"input":"{\"x\":1}"}}"""),
            BlockStop(3),
            BlockStart(4, """{"toolUse":{"toolUseId":"a","name":"h"}}"""),
            BlockStop(4));

        var calls = events.OfType<ToolCallCompleted>().ToList();
        calls.Select(call => (call.Name, call.ArgumentsText)).Should().Equal([("f", ""), ("g", ""), ("h", ""), ("h", """{"x":1}""")], "the last is a repetition");
        calls.Select(call => call.CallId).Should().OnlyHaveUniqueItems().And.NotContain("").And.Contain("a");
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task Decode_ArgumentsInTheStart_AreThoseOfTheCall()
    {
        var events = await ReadBlocksAsync(BlockStart(0, """{"toolUse":{"toolUseId":"a","name":"f","input":{"x":1}}}"""), BlockStop(0));

        events.OfType<ToolCallStarted>().Single().ProviderData.Should().BeNull();
        events.OfType<ToolCallCompleted>().Single().Arguments!.Value.GetRawText().Should().Be("""{"x":1}""");
    }

    [Fact]
    [Trait("Law", "14")]
    public async Task Decode_MemberOfAnotherKind_IsReadOrPassedThrough()
    {
        var events = await ReadBlocksAsync(
            Delta(0, """{"text":12.50}"""),
            Delta(0, """{"text":{"a":1}}"""),
            Event("contentBlockStop", """{"contentBlockIndex":0.0}"""),
            Delta(1, """{"text":["b"]}"""),
            Delta(2, """{"toolUse":""}"""));

        events.OfType<TextDelta>().Single().Text.Should().Be("12.50");
        events.OfType<ProviderEvent>().Select(passedOn => passedOn.Name).Should().Equal("contentBlockDelta/text", "contentBlockDelta/text", "contentBlockDelta/toolUse");
        events.OfType<ContentStarted>().Should().ContainSingle();
    }

    [Fact]
    public async Task Decode_EventsThatSayNothing_ChangeNothing()
    {
        var events = await ReadAsync(
            Event("initial-response", "{}"), Event("initial-response", ""), Start, Event("ping", """{"type":"ping"}"""), Delta(0, """{"text":"x"}"""), BlockStop(0), BlockStop(0), Stop, Stop, Metadata);

        events.OfType<KeepAlive>().Should().HaveCount(3);
        events.Should().NotContain(streamEvent => streamEvent is ProviderEvent);
        events[^1].Should().BeOfType<ResponseCompleted>().Which.RawFinishReason.Should().Be("end_turn");
        WireRun.Fold(events).Text.Should().Be("x");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Law", "4")]
    public void IsAnswerWhole_AfterTheStop_DependsOnItsReason(bool hasReason)
    {
        var decoder = StreamProtocols.BedrockConverse.CreateDecoder(new StreamReadOptions(), requestId: null);
        decoder.Decode("contentBlockDelta"u8, """{"contentBlockIndex":0,"delta":{"text":"x"}}"""u8, 0);
        decoder.IsAnswerWhole.Should().BeFalse();

        decoder.Decode("messageStop"u8, hasReason ? """{"stopReason":"end_turn"}"""u8 : "{}"u8, 0);

        decoder.IsAnswerWhole.Should().Be(hasReason);
        decoder.Complete(bytesReceived: 7, unrecognizedText: default);
        decoder.IsEnded.Should().BeTrue();
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task Decode_CallThatIsNotStopped_IsNotSealed()
    {
        var events = await ReadBlocksAsync(BlockStart(0, """{"toolUse":{"toolUseId":"a","name":"f"}}"""), Delta(0, """{"toolUse":{"input":"{}"}}"""));

        var call = events.OfType<ToolCallCompleted>().Single();
        (call.Arguments is null, call.ParseError).Should().Be((true, "The message ended before contentBlockStop of the call."));
    }

    [Fact]
    [Trait("Law", "1")]
    public async Task Decode_SurrogatePairOverTwoDeltas_IsWhole()
    {
        var events = await ReadBlocksAsync(Delta(0, """{"text":"a\ud83d"}"""), Delta(0, """{"text":"\ude00b"}"""), Delta(0, """{"text":"\ud83d"}"""), BlockStop(0));

        events.OfType<TextDelta>().Select(delta => delta.Text).Should().Equal("a", "😀b", "\uFFFD");
    }
}
