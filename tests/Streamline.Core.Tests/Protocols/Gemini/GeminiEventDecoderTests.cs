using System.Net;
using System.Text;
using System.Text.Json;
using Streamline.Protocols;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.Gemini;

public class GeminiEventDecoderTests
{
    [Fact]
    public async Task Read_ThoughtsTextAndCall_GiveTheirEvents()
    {
        var events = await GeminiWire.ReadAsync(
            """{"candidates":[{"content":{"role":"model","parts":[{"text":"Wei","thought":true}]}}],"usageMetadata":{"promptTokenCount":5,"thoughtsTokenCount":3,"totalTokenCount":8},"modelVersion":"g","responseId":"r"}""",
            """{"candidates":[{"content":{"role":"model","parts":[{"text":"gh","thought":true},{"text":"Grüße"}]}}]}""",
            """{"candidates":[{"content":{"role":"model","parts":[{"text":" 😀"},{"functionCall":{"name":"temp","args":{"c": "Ulm"}},"thoughtSignature":"c2ln"},{"functionCall":{"id":"x","name":"now"}}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":6,"thoughtsTokenCount":3,"totalTokenCount":14}}""");

        events.ToLines().Should().Be("""
            {"type":"responseStarted","provider":"gemini","protocol":"gemini","responseId":"r","model":"g"}
            {"type":"contentStarted","index":0,"kind":"reasoning","choice":0}
            {"type":"reasoningDelta","index":0,"text":"Wei"}
            {"type":"usageUpdated","usage":{"inputTokens":5,"outputTokens":3,"totalTokens":8,"reasoningTokens":3}}
            {"type":"reasoningDelta","index":0,"text":"gh"}
            {"type":"contentCompleted","index":0,"kind":"reasoning","raw":{"thought":true}}
            {"type":"contentStarted","index":1,"kind":"text","choice":0}
            {"type":"textDelta","index":1,"text":"Grüße"}
            {"type":"textDelta","index":1,"text":" \uD83D\uDE00"}
            {"type":"contentCompleted","index":1,"kind":"text"}
            {"type":"toolCallStarted","index":2,"callId":"call_r_2","name":"temp","isProviderExecuted":false,"providerData":{"thoughtSignature":"c2ln","functionCall":{"name":"temp"}},"choice":0}
            {"type":"toolInputDelta","index":2,"callId":"call_r_2","fragment":"{\u0022c\u0022: \u0022Ulm\u0022}"}
            {"type":"toolCallCompleted","index":2,"callId":"call_r_2","name":"temp","argumentsText":"{\u0022c\u0022: \u0022Ulm\u0022}","arguments":{"c":"Ulm"},"isProviderExecuted":false}
            {"type":"toolCallStarted","index":3,"callId":"x","name":"now","isProviderExecuted":false,"providerData":{"functionCall":{"id":"x","name":"now"}},"choice":0}
            {"type":"toolCallCompleted","index":3,"callId":"x","name":"now","argumentsText":"","arguments":{},"isProviderExecuted":false}
            {"type":"usageUpdated","usage":{"inputTokens":5,"outputTokens":9,"totalTokens":14,"reasoningTokens":3}}
            {"type":"responseCompleted","finishReason":"toolCalls","rawFinishReason":"STOP","usage":{"inputTokens":5,"outputTokens":9,"totalTokens":14,"reasoningTokens":3},"outcome":"complete"}
            """);
    }

    [Theory]
    [InlineData("""{"usageMetadata":{"promptTokenCount":5}}""", "r", "g")]
    [InlineData("""{"candidates":[{"content":{"role":"model","parts":[]}}],"responseId":"r0"}""", "r0", "g")]
    [InlineData("""{"candidates":[{"content":{"role":"model"}}],"modelVersion":"g0"}""", "r", "g0")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"text":"a"}]}}],"modelVersion":"g0"}""", null, "g0")]
    public async Task Read_IdOrModelInALaterChunk_IsKnownUnlessContentCameFirst(string first, string? id, string? model)
    {
        var events = await GeminiWire.ReadAsync(
            first, """{"candidates":[{"content":{"parts":[{"text":"b"}]},"finishReason":"STOP"}],"modelVersion":"g","responseId":"r"}""");

        events[0].Should().BeOfType<ResponseStarted>().Which.Should().BeEquivalentTo(new { ResponseId = id, Model = model });
        events.OfType<ResponseStarted>().Should().ContainSingle();
    }

    [Fact]
    public async Task Read_NothingButCountsBeforeTheEnd_StartsAndIsInterrupted() =>
        (await GeminiWire.FailAsync<StreamInterruptedException>("""{"usageMetadata":{"promptTokenCount":5}}""")).Message.Should().Contain("a finish reason");

    [Fact]
    public async Task Read_Signatures_StayWithTheirParts()
    {
        var events = await GeminiWire.ReadAsync(
            GeminiWire.Parts("""{"text":"a"},{"text":"b","thoughtSignature":"s1"},{"text":"c"},{"text":"","thoughtSignature":"s2"},{"text":"","thoughtSignature":"s3"}"""),
            GeminiWire.Parts("""{"text":"t","thought":true,"thoughtSignature":"s4"},{"thoughtSignature":"s5"}"""),
            GeminiWire.Stop);

        var state = WireRun.Fold(events);
        state.Blocks.Select(block => (block.Kind, block.Text, block.Signature, block.Raw?.GetRawText())).Should().Equal(
            (ContentKind.Text, "a", null, null),
            (ContentKind.Text, "b", null, """{"thoughtSignature":"s1"}"""),
            (ContentKind.Text, "c", null, """{"text":"","thoughtSignature":"s2"}"""),
            (ContentKind.Text, "", null, """{"text":"","thoughtSignature":"s3"}"""),
            (ContentKind.Reasoning, "t", "s4", """{"thought":true,"thoughtSignature":"s4"}"""),
            (ContentKind.Other, "", null, """{"thoughtSignature":"s5"}"""));
    }

    [Fact]
    public async Task Read_PartsOfOtherKinds_AreKeptVerbatim()
    {
        var events = await GeminiWire.ReadAsync(
            GeminiWire.Parts("""{"executableCode":{"language":"PYTHON","code":"1+1","id":"k"},"thoughtSignature":"s"},{"text":""}"""),
            GeminiWire.Parts("""{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"2\n"}},{"inlineData":{"mimeType":"image/png","data":"QUJD"}}"""),
            GeminiWire.Parts("""{"toolCall":{"toolType":"GOOGLE_SEARCH_WEB"}},{"toolResponse":{"x":1}},{"hologram":{"y":[1.50]}},{},7"""),
            GeminiWire.Stop);

        events.OfType<ContentCompleted>().Select(e => (e.Kind, e.Raw!.Value.GetRawText())).Should().Equal(
            (ContentKind.Other, """{"executableCode":{"language":"PYTHON","code":"1+1","id":"k"},"thoughtSignature":"s"}"""),
            (ContentKind.ServerToolResult, """{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"2\n"}}"""),
            (ContentKind.Other, """{"inlineData":{"mimeType":"image/png","data":"QUJD"}}"""),
            (ContentKind.Other, """{"toolCall":{"toolType":"GOOGLE_SEARCH_WEB"}}"""),
            (ContentKind.ServerToolResult, """{"toolResponse":{"x":1}}"""),
            (ContentKind.Other, """{"hologram":{"y":[1.50]}}"""));
        events.OfType<ProviderEvent>().Should().ContainSingle().Which.Data.Should().Be("7");
    }

    [Theory]
    [InlineData("STOP", FinishReason.Stop, StreamOutcome.Complete)]
    [InlineData("MAX_TOKENS", FinishReason.Length, StreamOutcome.Truncated)]
    [InlineData("SAFETY", FinishReason.ContentFilter, StreamOutcome.Refused)]
    [InlineData("RECITATION", FinishReason.ContentFilter, StreamOutcome.Refused)]
    [InlineData("PROHIBITED_CONTENT", FinishReason.ContentFilter, StreamOutcome.Refused)]
    [InlineData("IMAGE_SAFETY", FinishReason.ContentFilter, StreamOutcome.Refused)]
    [InlineData("MALFORMED_FUNCTION_CALL", FinishReason.Other, StreamOutcome.Complete)]
    [InlineData("OTHER", FinishReason.Other, StreamOutcome.Complete)]
    [InlineData("NOVEL", FinishReason.Other, StreamOutcome.Complete)]
    [Trait("Law", "11")]
    public async Task Read_FinishReason_IsTranslatedAndKept(string word, FinishReason expected, StreamOutcome outcome)
    {
        var events = await GeminiWire.ReadAsync($$"""{"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":"{{word}}"}]}""");

        var completed = events[^1].Should().BeOfType<ResponseCompleted>().Subject;
        (completed.FinishReason, completed.RawFinishReason, completed.Outcome, completed.Usage).Should().Be((expected, word, outcome, null));
    }

    [Fact]
    public async Task Read_PromptThatIsBlocked_IsRefused()
    {
        var events = await GeminiWire.ReadAsync("""{"promptFeedback":{"blockReason":"JAILBREAK","safetyRatings":[]},"usageMetadata":{"promptTokenCount":7}}""");

        events.OfType<ProviderMetadata>().Single().Should().BeEquivalentTo(new { Name = "promptFeedback" });
        events[^1].Should().BeOfType<ResponseCompleted>().Which.Should().BeEquivalentTo(
            new { FinishReason = FinishReason.ContentFilter, RawFinishReason = "JAILBREAK", Outcome = StreamOutcome.Refused, Usage = new { InputTokens = 7L } });
    }

    [Fact]
    public async Task Read_FinishReasonWithEveryChunk_IsOneAnswerWithOneText()
    {
        var events = await GeminiWire.ReadAsync(
            """{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}]}""", """{"candidates":[{"content":{"parts":[{"text":"b"}]},"finishReason":"STOP"}]}""");

        events.OfType<ContentStarted>().Should().ContainSingle();
        events.OfType<ResponseCompleted>().Should().ContainSingle();
        WireRun.Fold(events).Text.Should().Be("ab");
    }

    [Fact]
    public async Task Read_WhatStandsBesideTheAnswer_ComesThroughOnce()
    {
        const string Chunk = """
            {"candidates":[{"content":{"parts":[{"text":"a"}]},"safetyRatings":[{"x":1}],"groundingMetadata":{"g":1},"novel":true,"logprobsResult":{"l":1},
             "citationMetadata":{"citationSources":[{"uri":"https://example.com/"}]}},
             {"index":1,"content":{"parts":[{"text":"b"}]},"safetyRatings":[{"x":1}],"finishReason":"SAFETY"}],
             "usageMetadata":{"promptTokenCount":1,"promptTokensDetails":[{"modality":"TEXT","tokenCount":1},{"modality":"IMAGE","tokenCount":0}],"serviceTier":"standard"},"modelStatus":{"m":1}}
            """;
        var events = await GeminiWire.ReadAsync(Chunk.ReplaceLineEndings(""), Chunk.ReplaceLineEndings(""), GeminiWire.Stop);

        events.OfType<ProviderMetadata>().Select(e => (e.Name, e.Value.GetRawText(), e.Index)).Should().Equal(
            ("safetyRatings", """[{"x":1}]""", null),
            ("groundingMetadata", """{"g":1}""", null),
            ("candidates[0].novel", "true", null),
            ("logprobsResult", """{"l":1}""", 0),
            ("candidates[1].safetyRatings", """[{"x":1}]""", null),
            ("candidates[1].finishReason", "\"SAFETY\"", null),
            ("modelStatus", """{"m":1}""", null),
            ("usageMetadata.serviceTier", "\"standard\"", null),
            ("logprobsResult", """{"l":1}""", 0));
        events.OfType<CitationAdded>().Should().ContainSingle().Which.Index.Should().Be(0);
        events.OfType<ContentStarted>().Select(e => (e.Index, e.Choice)).Should().Equal((0, 0), (1, 1));
        var usage = events.OfType<UsageUpdated>().Should().ContainSingle().Subject.Usage;
        usage.AdditionalCounts.Should().BeEquivalentTo(
            new Dictionary<string, long>(StringComparer.Ordinal) { ["promptTokensDetails.TEXT"] = 1, ["promptTokensDetails.IMAGE"] = 0 });
        var annotation = WireRun.Fold(events).ToChatMessage().Contents[0].Annotations!.Single();
        annotation.Should().BeOfType<Microsoft.Extensions.AI.CitationAnnotation>().Which.Url.Should().Be(new Uri("https://example.com/"));
    }

    [Fact]
    [Trait("Law", "11")]
    public async Task Read_WhatIsNoChunk_ComesThrough()
    {
        var events = await GeminiWire.ReadAsync("""{"novel":{"a":1}}""", GeminiWire.Parts("""{"text":"x"}"""), """{"candidates":[7,{"content":null,"finishReason":"FINISH_REASON_UNSPECIFIED"}]}""", GeminiWire.Stop);

        events.OfType<ProviderEvent>().Select(e => (e.Name, e.Data)).Should().Equal(("message", """{"novel":{"a":1}}"""), ("candidate", "7"));
        events.OfType<ResponseCompleted>().Should().ContainSingle();
    }

    [Fact]
    public async Task Read_MarkOfAnotherWiresEnd_IsPassedOver()
    {
        var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.Gemini, GeminiWire.Sse(GeminiWire.Parts("""{"text":"x"}"""), GeminiWire.Stop, "[DONE]", " "));

        exception.Should().BeNull();
        events[^1].Should().BeOfType<ResponseCompleted>();
    }

    [Theory]
    [InlineData("""{"candidates":{"content":{"parts":[{"text":"Hi"}]}}}""")]
    [InlineData("""{"candidates":[{"content":{"parts":{"text":"Hi"}}}]}""")]
    [InlineData("""{"candidates":[{"content":[{"text":"H"},{"text":"i"}]}]}""")]
    [InlineData("""{"candidates":[{"index":"0","content":{"parts":[{"text":"Hi","thought":false}]}}]}""")]
    [Trait("Law", "14")]
    public async Task Read_KnownMemberOfAnotherKind_IsRead(string chunk)
    {
        var events = await GeminiWire.ReadAsync(chunk, """{"candidates":[{"content":{"parts":[{"text":7}]},"finishReason":"stop"}]}""");

        WireRun.Fold(events).Text.Should().Be("Hi7");
        events[^1].Should().BeOfType<ResponseCompleted>().Which.FinishReason.Should().Be(FinishReason.Stop);
    }

    [Fact]
    [Trait("Law", "14")]
    public async Task Read_KnownMemberThatCannotBeRead_IsReported()
    {
        var events = await GeminiWire.ReadAsync(
            GeminiWire.Parts("""{"functionCall":"f"},"text",{"text":["a"]}"""),
            """{"candidates":"none","usageMetadata":[3]}""",
            """{"usageMetadata":{"promptTokenCount":"3","candidatesTokenCount":4.0,"totalTokenCount":"many"}}""",
            GeminiWire.Stop);

        events.OfType<ProviderEvent>().Select(e => (e.Name, e.Data)).Should().Equal(
            ("functionCall", """{"functionCall":"f"}"""), ("part", "\"text\""), ("candidate", "\"none\""));
        events.OfType<ContentCompleted>().Single().Raw!.Value.GetRawText().Should().Be("""{"text":["a"]}""");
        events.OfType<ProviderMetadata>().Select(e => (e.Name, e.Value.GetRawText())).Should().Equal(
            ("usageMetadata", "[3]"), ("usageMetadata.totalTokenCount", "\"many\""));
        events.OfType<ResponseCompleted>().Single().Usage.Should().Be(new TokenUsage { InputTokens = 3, OutputTokens = 4, TotalTokens = 7 });
    }

    [Theory]
    [InlineData("ping")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"type\":\"heartbeat\"}")]
    public async Task Read_HeartbeatSentAsData_IsIgnored(string heartbeat)
    {
        var body = GeminiWire.Sse(GeminiWire.Parts("""{"text":"a"}"""), heartbeat, GeminiWire.Parts("""{"text":"b"}"""), GeminiWire.Stop);

        var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.Gemini, body);

        exception.Should().BeNull();
        WireRun.Fold(events).Text.Should().Be("ab");
        events.OfType<ProviderEvent>().Should().BeEmpty();
    }

    [Fact]
    public async Task Read_CallsWithOneId_AreToldApart()
    {
        var events = await GeminiWire.ReadAsync(
            GeminiWire.Parts("""{"functionCall":{"id":"k","name":"f","args":{"a":1}}},{"functionCall":{"id":"k","name":"f","args":{"a":2}}},{"functionCall":{"id":"k","name":"f","args":{"a":1}}}"""),
            GeminiWire.Stop);

        events.OfType<ToolCallCompleted>().Select(call => (call.CallId, call.ArgumentsText)).Should().Equal(("k", """{"a":1}"""), ("k_1", """{"a":2}"""));
    }

    [Fact]
    public async Task Read_ShapesThatAreLearned_GiveTheSameEvents()
    {
        string[] chunks =
        [
            .. Enumerable.Range(0, 40).Select(i => $$$"""
                {"candidates":[{"content":{"parts":[{"text":{{{JsonSerializer.Serialize($"{i}\\\"\n😀")}}}{{{(i is > 10 and < 20 ? ",\"thought\":true" : "")}}}}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":{{{i / 3}}},"promptTokensDetails":[{"modality":"TEXT","tokenCount":3}]},"responseId":"r"}
                """.Trim()),
            GeminiWire.Stop,
        ];
        var learned = await GeminiWire.ReadAsync(chunks);

        var parsed = await GeminiWire.ReadAsync([.. chunks.Select((chunk, i) => "{" + new string(' ', i % 11) + chunk[1..])]);

        parsed.ToLines().Should().Be(learned.ToLines());
        learned.OfType<UsageUpdated>().Should().HaveCount(13 + 1);
    }

    [Fact]
    public async Task Read_SurrogatePairSplitOverTwoChunks_IsOneCharacter()
    {
        var events = await GeminiWire.ReadAsync(GeminiWire.Parts("""{"text":"a\ud83d"}"""), GeminiWire.Parts("""{"text":"\ude00b"}"""), GeminiWire.Parts("""{"text":"\ud83d"}"""), GeminiWire.Stop);

        events.OfType<TextDelta>().Select(delta => delta.Text).Should().Equal("a", "😀b", "\uFFFD");
    }

    [Fact]
    [Trait("Law", "4")]
    public async Task Read_BodyThatEndsEarly_IsInterruptedWithWhatHadArrived()
    {
        var exception = await GeminiWire.FailAsync<StreamInterruptedException>(
            GeminiWire.Parts("""{"text":"So far"},{"functionCall":{"name":"f","willContinue":true}}"""), """{"usageMetadata":{"promptTokenCount":4}}""");

        exception.Message.Should().StartWith("The stream ended without a finish reason, after ");
        exception.PartialResponse!.Text.Should().Be("So far");
        exception.PartialResponse.Usage!.InputTokenCount.Should().Be(4);
        (await GeminiWire.FailAsync<StreamInterruptedException>()).PartialResponse.Should().BeNull();
    }

    [Theory]
    [InlineData("""{"error":{"code":503,"message":"overloaded","status":"UNAVAILABLE"}}""", 503, "UNAVAILABLE", true, null)]
    [InlineData("""{"error":{"message":"overloaded","status":"RESOURCE_EXHAUSTED","details":[{},{"retryDelay":"12.5s"}]}}""", 429, "RESOURCE_EXHAUSTED", true, 12.5)]
    [InlineData("""{"error":{"code":400,"message":"overloaded","status":"INVALID_ARGUMENT","details":[{"retryDelay":"soon"}]}}""", 400, "INVALID_ARGUMENT", false, null)]
    [InlineData("""{"error":{"message":"overloaded"}}""", 503, null, true, null)]
    [InlineData("""{"code":503,"message":"overloaded","status":"UNAVAILABLE"}""", 503, "UNAVAILABLE", true, null)]
    [Trait("Law", "5")]
    public async Task Read_ErrorInPlaceOfAChunk_IsTheProvidersError(string chunk, int? status, string? code, bool isRetryable, double? retryAfter)
    {
        var exception = await GeminiWire.FailAsync<ProviderException>(GeminiWire.Parts("""{"text":"So far"}"""), chunk, GeminiWire.Stop);

        exception.Should().BeEquivalentTo(new
        {
            Provider = "gemini",
            ProviderMessage = "overloaded",
            StatusCode = (HttpStatusCode?)status,
            Code = code,
            IsRetryable = isRetryable,
            IsInBand = true,
            RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null,
        });
        exception.PartialResponse!.Text.Should().Be("So far");
    }

    [Theory]
    [InlineData("{\n  \"error\": { \"code\": 503, \"message\": \"overloaded\", \"status\": \"UNAVAILABLE\" }\n}\n")]
    [InlineData("{\"error\":{\"code\":503,\"message\":\"overloaded\",\"status\":\"UNAVAILABLE\"}}")]
    [InlineData("[{\n\"error\": {\"code\": 503,\n\"message\": \"overloaded\",\n\"status\": \"UNAVAILABLE\"\n}\n}\n]\n")]
    [Trait("Law", "5")]
    public async Task Read_BareErrorInAnEventStream_IsTheProvidersError(string text)
    {
        foreach (var before in new[] { "", GeminiWire.Sse(GeminiWire.Parts("""{"text":"Part"}""")), GeminiWire.Sse(GeminiWire.Parts("""{"text":"Part"}"""), GeminiWire.Stop) })
        {
            var (_, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.Gemini, before + text);

            exception.Should().BeOfType<ProviderException>().Which.Should().BeEquivalentTo(
                new { StatusCode = HttpStatusCode.ServiceUnavailable, Code = "UNAVAILABLE", ProviderMessage = "overloaded", IsInBand = true, IsRetryable = true });
        }
    }

    [Fact]
    [Trait("Law", "5")]
    public async Task Read_ErrorInPlaceOfTheArray_IsTheProvidersError()
    {
        var (_, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.GeminiJsonArray, """{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED"}}""");

        exception.Should().BeOfType<ProviderException>().Which.IsRetryable.Should().BeTrue();
    }

    [Fact]
    public async Task Read_ChunkThatIsNotJson_FailsAtItsPlace()
    {
        var (_, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.Gemini, "data: {\"a\": nope}\n\n");
        exception.Should().BeOfType<StreamProtocolException>().Which.Error.Should().Be(StreamProtocolError.InvalidJson);

        (_, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.Gemini, "data: 7\n\n");
        exception.Should().BeOfType<StreamProtocolException>().Which.Message.Should().Contain("a payload of kind Number");

        (_, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.GeminiJsonArray, "[{} {}]");
        exception.Should().BeOfType<StreamProtocolException>().Which.Should().BeEquivalentTo(new { Error = StreamProtocolError.InvalidFrame, ByteOffset = 4L });
    }

    [Theory]
    [InlineData("\"{\\\"a\\\":1}\"", "{\"a\":1}", "{\"a\":1}")]
    [InlineData("[1]", "[1]", null)]
    [InlineData("{\"a\":\"\\ud83d\"}", "{\"a\":\"\\ud83d\"}", null)]
    [Trait("Law", "3")]
    public async Task Read_ArgumentsOfAnotherKind_AreReadStrictly(string arguments, string text, string? expected)
    {
        var events = await GeminiWire.ReadAsync(GeminiWire.Parts($$$"""{"functionCall":{"name":"f","args":{{{arguments}}}}}"""), GeminiWire.Stop);

        var completed = events.OfType<ToolCallCompleted>().Single();
        (completed.ArgumentsText, completed.Arguments?.GetRawText(), completed.ParseError is null).Should().Be((text, expected, expected is not null));
    }

    [Theory]
    [InlineData(10, 100, 64, 9, "MaxEventBytes")]
    [InlineData(1000, 5, 64, 9, "MaxArgumentBytes")]
    [InlineData(1000, 100, 2, 9, "MaxArgumentDepth")]
    [InlineData(1000, 100, 64, 1, "MaxOpenBlocks")]
    [Trait("Law", "8")]
    public async Task Read_PastALimit_NamesIt(int eventBytes, int argumentBytes, int depth, int blocks, string name)
    {
        var options = new StreamReadOptions { MaxEventBytes = eventBytes, MaxArgumentBytes = argumentBytes, MaxArgumentDepth = depth, MaxOpenBlocks = blocks };
        string[] chunks =
            [GeminiWire.Parts("""{"functionCall":{"name":"f","args":{"a":{"b":{}}}}}"""), """{"candidates":[{"index":1,"content":{"parts":[{"text":"x"}]}}]}""", GeminiWire.Stop];

        foreach (var (protocol, body) in new[] { (StreamProtocols.Gemini, GeminiWire.Sse(chunks)), (StreamProtocols.GeminiJsonArray, GeminiWire.Array(chunks)) })
        {
            var (_, exception) = await WireRun.ReadAsync(protocol, Encoding.UTF8.GetBytes(body), options: options);
            exception.Should().BeOfType<StreamLimitException>().Which.LimitName.Should().BeOneOf(name, name == "MaxEventBytes" ? "MaxLineBytes" : name);
        }
    }

    [Fact]
    public async Task Read_ManySmallDeltasAndALargeOne_AreAllThere()
    {
        const int Count = 20_000;
        var large = new string('x', 10 * 1024 * 1024);
        string[] chunks = [.. Enumerable.Repeat(GeminiWire.Parts("""{"text":"é"}"""), Count), GeminiWire.Parts($$"""{"text":{{JsonSerializer.Serialize(large)}}}"""), GeminiWire.Stop];

        foreach (var (protocol, body) in new[] { (StreamProtocols.Gemini, GeminiWire.Sse(chunks)), (StreamProtocols.GeminiJsonArray, GeminiWire.Array(chunks)) })
        {
            var (events, exception) = await WireRun.ReadAsync(protocol, Encoding.UTF8.GetBytes(body), chunkSize: 1000);
            exception.Should().BeNull();
            (WireRun.Fold(events).Text == new string('é', Count) + large).Should().BeTrue();
        }
    }
}
