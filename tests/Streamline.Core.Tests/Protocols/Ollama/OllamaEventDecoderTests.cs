using System.Net;
using System.Text;
using System.Text.Json;
using Streamline.Protocols;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.Ollama;

public class OllamaEventDecoderTests
{
    [Fact]
    public async Task Read_ThinkingTextAndTool_GivesTheirEvents()
    {
        var events = await OllamaWire.ReadAsync(
            OllamaWire.Message("\"content\":\"\",\"thinking\":\"Need \""),
            OllamaWire.Message("\"content\":\"\",\"thinking\":\"weather\""),
            OllamaWire.Content("\"Grüße\""),
            OllamaWire.Content("\" 😀\""),
            OllamaWire.Message("""
                "content":"","tool_calls":[{"id":"call_1","function":{"index":0,"name":"temp","arguments":{"city": "Ulm"}}},{"function":{"name":"now"}}]
                """.Trim()),
            OllamaWire.Stop);

        events.ToLines().Should().Be("""
            {"type":"responseStarted","provider":"ollama","protocol":"ollama","model":"q"}
            {"type":"contentStarted","index":0,"kind":"reasoning","choice":0}
            {"type":"reasoningDelta","index":0,"text":"Need "}
            {"type":"reasoningDelta","index":0,"text":"weather"}
            {"type":"contentCompleted","index":0,"kind":"reasoning","raw":{"type":"thinking"}}
            {"type":"contentStarted","index":1,"kind":"text","choice":0}
            {"type":"textDelta","index":1,"text":"Grüße"}
            {"type":"textDelta","index":1,"text":" \uD83D\uDE00"}
            {"type":"contentCompleted","index":1,"kind":"text"}
            {"type":"toolCallStarted","index":2,"callId":"call_1","name":"temp","isProviderExecuted":false,"choice":0}
            {"type":"toolInputDelta","index":2,"callId":"call_1","fragment":"{\u0022city\u0022: \u0022Ulm\u0022}"}
            {"type":"toolCallCompleted","index":2,"callId":"call_1","name":"temp","argumentsText":"{\u0022city\u0022: \u0022Ulm\u0022}","arguments":{"city":"Ulm"},"isProviderExecuted":false}
            {"type":"toolCallStarted","index":3,"callId":"call_202601010000001_3","name":"now","isProviderExecuted":false,"choice":0}
            {"type":"toolCallCompleted","index":3,"callId":"call_202601010000001_3","name":"now","argumentsText":"","arguments":{},"isProviderExecuted":false}
            {"type":"usageUpdated","usage":{"inputTokens":61,"outputTokens":24,"totalTokens":85}}
            {"type":"responseCompleted","finishReason":"toolCalls","rawFinishReason":"stop","usage":{"inputTokens":61,"outputTokens":24,"totalTokens":85},"outcome":"complete"}
            """);
    }

    [Fact]
    public async Task Read_LastLine_GivesCountsAndDurationsAndWhatIsLeftOutIsZero()
    {
        var events = await OllamaWire.ReadAsync(
            OllamaWire.Content("\"x\""),
            """{"model":"q","message":{"role":"assistant","content":"y"},"done":true,"done_reason":"length","total_duration":310000000,"load_duration":9,"eval_count":24}""");

        events.OfType<TextDelta>().Select(delta => delta.Text).Should().Equal("x", "y");
        var completed = events.OfType<ResponseCompleted>().Single();
        completed.Outcome.Should().Be(StreamOutcome.Truncated);
        completed.Usage.Should().Be(new TokenUsage
        {
            InputTokens = 0,
            OutputTokens = 24,
            TotalTokens = 24,
            AdditionalCounts = new Dictionary<string, long>(StringComparer.Ordinal) { ["total_duration"] = 310_000_000, ["load_duration"] = 9 },
        });
    }

    [Theory]
    [InlineData("\"done_reason\":\"stop\"", FinishReason.Stop, "stop")]
    [InlineData("\"done_reason\":\"length\"", FinishReason.Length, "length")]
    [InlineData("\"done_reason\":\"load\"", FinishReason.Other, "load")]
    [InlineData("\"done_reason\":\"unload\"", FinishReason.Other, "unload")]
    [InlineData("\"done_reason\":\"novel\"", FinishReason.Other, "novel")]
    [InlineData("\"done_reason\":\"\"", FinishReason.Other, null)]
    [InlineData("\"x\":null", FinishReason.Other, null)]
    [Trait("Law", "11")]
    public async Task Read_DoneReason_IsTranslatedAndKept(string member, FinishReason expected, string? raw)
    {
        var events = await OllamaWire.ReadAsync($$"""{"model":"q","message":{"role":"assistant","content":""},"done":true,{{member}}}""");

        var completed = events[^1].Should().BeOfType<ResponseCompleted>().Subject;
        (completed.FinishReason, completed.RawFinishReason, completed.Usage).Should().Be((expected, raw, null));
    }

    [Fact]
    public async Task Read_AnswerOfGenerate_IsReadAlike()
    {
        var events = await OllamaWire.ReadAsync(
            """{"model":"q","created_at":"t","response":"","thinking":"hm","done":false}""",
            """{"model":"q","created_at":"t","response":"Once","done":false}""",
            """{"model":"q","created_at":"t","response":"","done":true,"done_reason":"stop","context":[1,2]}""");

        events.OfType<ReasoningDelta>().Single().Text.Should().Be("hm");
        events.OfType<TextDelta>().Single().Text.Should().Be("Once");
        events.OfType<ProviderMetadata>().Single().Should().BeEquivalentTo(new { Name = "context", Index = (int?)null });
    }

    [Fact]
    [Trait("Law", "11")]
    public async Task Read_WhatIsNotKnown_ComesThrough()
    {
        var events = await OllamaWire.ReadAsync(
            """{"status":"pulling","completed":1}""",
            """{"model":"q","remote_model":"big","message":{"role":"assistant","content":"a","mood":"good"},"done":false,"logprobs":[{"token":"a"}]}""",
            """{"model":"q","remote_model":"big","message":{"role":"assistant","content":"b","images":["QUJD"],"tool_calls":[{"function":{}},{"function":{"name":"f","arguments":{},"signature":"s"},"extra":1}]},"done":false}""",
            OllamaWire.Stop);

        events.OfType<ProviderEvent>().Select(e => (e.Name, e.Data)).Should().Equal(
            ("pulling", """{"status":"pulling","completed":1}"""), ("tool_calls", """{"function":{}}"""));
        events.OfType<ProviderMetadata>().Select(e => (e.Name, e.Value.GetRawText(), e.Index)).Should().Equal(
            ("remote_model", "\"big\"", null), ("logprobs", """[{"token":"a"}]""", 0), ("message.mood", "\"good\"", null));
        events.OfType<ContentCompleted>().Single(e => e.Kind == ContentKind.Other).Raw!.Value.GetRawText().Should().Be("""{"images":["QUJD"]}""");
        events.OfType<ToolCallStarted>().Single().ProviderData!.Value.GetRawText().Should().Be("""{"extra":1,"function":{"signature":"s"}}""");
    }

    [Theory]
    [InlineData("\"{\\\"a\\\":1}\"", "{\"a\":1}", "{\"a\":1}")]
    [InlineData("[1]", "[1]", null)]
    [InlineData("\"not json\"", "not json", null)]
    [InlineData("{\"a\":\"\\ud83d\"}", "{\"a\":\"\\ud83d\"}", null)]
    [InlineData("null", "", "{}")]
    [Trait("Law", "3")]
    public async Task Read_ArgumentsOfAnotherKind_AreReadStrictly(string arguments, string text, string? expected)
    {
        var events = await OllamaWire.ReadAsync(
            OllamaWire.Message($$$"""
                "tool_calls":[{"id":"c","function":{"name":"f","arguments":{{{arguments}}}}}]
                """.Trim()), OllamaWire.Stop);

        var completed = events.OfType<ToolCallCompleted>().Single();
        (completed.ArgumentsText, completed.Arguments?.GetRawText(), completed.ParseError is null).Should().Be((text, expected, expected is not null));
    }

    [Theory]
    [InlineData("\"content\":{\"type\":\"text\",\"text\":\"12\"}")]
    [InlineData("\"content\":[{\"type\":\"text\",\"text\":\"1\"},\"2\"]")]
    [InlineData("\"content\":12")]
    [Trait("Law", "14")]
    public async Task Read_ContentOfAnotherKind_IsRead(string members)
    {
        var events = await OllamaWire.ReadAsync(OllamaWire.Message(members), """{"model":"q","message":{"content":"3"},"done":"true","done_reason":"stop"}""");

        WireRun.Fold(events).Text.Should().Be("123");
        events.OfType<ProviderMetadata>().Should().BeEmpty();
    }

    [Fact]
    [Trait("Law", "14")]
    public async Task Read_KnownMemberThatCannotBeRead_IsReported()
    {
        var events = await OllamaWire.ReadAsync(
            OllamaWire.Message("\"content\":[{\"image\":1}],\"images\":\"x\",\"tool_calls\":\"f()\",\"thinking\":{\"a\":1}"),
            """{"model":7,"message":"end","done":true,"done_reason":"stop","eval_count":2.0,"prompt_eval_count":"3","eval_duration":"1s"}""");

        events.OfType<ProviderMetadata>().Select(e => (e.Name, e.Value.GetRawText())).Should().Equal(
            ("message.content", """[{"image":1}]"""), ("message.images", "\"x\""), ("message.tool_calls", "\"f()\""), ("message.thinking", """{"a":1}"""),
            ("model", "7"), ("message", "\"end\""), ("eval_duration", "\"1s\""));
        events.OfType<ResponseCompleted>().Single().Usage.Should().Be(new TokenUsage { InputTokens = 3, OutputTokens = 2, TotalTokens = 5 });
    }

    [Fact]
    [Trait("Law", "14")]
    public async Task Read_ToolCallsAsOneObject_AreOneCall()
    {
        var events = await OllamaWire.ReadAsync(OllamaWire.Message("\"tool_calls\":{\"id\":7,\"function\":{\"name\":\"f\",\"arguments\":{}}}"), OllamaWire.Stop);

        events.OfType<ToolCallCompleted>().Single().CallId.Should().Be("7");
    }

    [Fact]
    public async Task Read_EventsOfAProxy_AreReadAsLines()
    {
        var events = await OllamaWire.ReadAsync(": comment", "data: " + OllamaWire.Content("\"a\""), ":", "null", OllamaWire.Content("\"b\""), "data: " + OllamaWire.Stop);

        WireRun.Fold(events).Text.Should().Be("ab");
        events.OfType<ProviderEvent>().Should().BeEmpty();
    }

    [Fact]
    public async Task Read_CallsWithOneId_AreToldApart()
    {
        var call = """{"id":"k","function":{"name":"f","arguments":{"a":1}}}""";
        var events = await OllamaWire.ReadAsync(OllamaWire.Message($"\"tool_calls\":[{call},{call.Replace("1}", "2}", StringComparison.Ordinal)},{call}]"), OllamaWire.Stop);

        events.OfType<ToolCallCompleted>().Select(e => (e.CallId, e.ArgumentsText)).Should().Equal(("k", """{"a":1}"""), ("k_1", """{"a":2}"""));
    }

    [Fact]
    public async Task Read_SurrogatePairSplitOverTwoDeltas_IsOneCharacter()
    {
        var events = await OllamaWire.ReadAsync(
            OllamaWire.Content("\"a\""), OllamaWire.Content("\"b\\ud83d\""), OllamaWire.Content("\"\\ude00c\""), OllamaWire.Content("\"\\ud83d\""), OllamaWire.Stop);

        events.OfType<TextDelta>().Select(delta => delta.Text).Should().Equal("a", "b", "😀c", "\uFFFD");
    }

    [Fact]
    [Trait("Law", "4")]
    public async Task Read_BodyThatEndsEarly_IsInterruptedWithWhatHadArrived()
    {
        var exception = await OllamaWire.FailAsync<StreamInterruptedException>(OllamaWire.Content("\"Grüße\""));

        exception.Message.Should().Be($"The stream ended without a line with \"done\": true, after {exception.BytesReceived} bytes.");
        exception.BytesReceived.Should().Be(Encoding.UTF8.GetByteCount(OllamaWire.Content("\"Grüße\"")) + 1);
        exception.PartialResponse!.Text.Should().Be("Grüße");
    }

    [Theory]
    [InlineData("""{"error":"llama runner process has terminated"}""", "llama runner process has terminated", 500, null, false)]
    [InlineData("""{"error":"busy","status":503,"code":"overloaded"}""", "busy", 503, "overloaded", true)]
    [InlineData("""{"error":{"message":"busy","type":"server"}}""", "busy", 500, "server", true)]
    [InlineData("""{"error":{"message":"busy","type":"novel"}}""", "busy", null, "novel", false)]
    [Trait("Law", "5")]
    public async Task Read_ErrorLine_IsTheProvidersError(string line, string message, int? status, string? code, bool isRetryable)
    {
        var exception = await OllamaWire.FailAsync<ProviderException>(OllamaWire.Content("\"So far\""), line, OllamaWire.Content("\"never\""));

        exception.Should().BeEquivalentTo(new
        {
            Provider = "ollama",
            ProviderMessage = message,
            StatusCode = (HttpStatusCode?)status,
            Code = code,
            IsRetryable = isRetryable,
            IsInBand = true,
        });
        exception.PartialResponse!.Text.Should().Be("So far");
    }

    [Fact]
    public async Task Read_LineThatIsNotJson_FailsAtItsPlace()
    {
        var first = OllamaWire.Content("\"a\"");
        var exception = await OllamaWire.FailAsync<StreamProtocolException>(first, "{\"model\": nope}", OllamaWire.Stop);

        exception.Error.Should().Be(StreamProtocolError.InvalidJson);
        exception.ByteOffset.Should().Be(first.Length + 1 + "{\"model\": n".Length);
    }

    [Fact]
    public async Task Read_LineThatIsNoObject_Fails() =>
        (await OllamaWire.FailAsync<StreamProtocolException>("[]")).Message.Should().Contain("a payload of kind Array");

    [Fact]
    public async Task Read_BytesThatAreNoUtf8_AreReplaced()
    {
        byte[] body = [.. Encoding.UTF8.GetBytes("{\"message\":{\"content\":\"a"), 0xFF, .. Encoding.UTF8.GetBytes("\"},\"done\":true}\n")];

        var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.Ollama, body);

        exception.Should().BeNull();
        events.OfType<TextDelta>().Single().Text.Should().Be("a\uFFFD");
    }

    [Theory]
    [InlineData(10, 100, 3, "MaxEventBytes")]
    [InlineData(1000, 5, 64, "MaxArgumentBytes")]
    [InlineData(1000, 100, 2, "MaxArgumentDepth")]
    [Trait("Law", "8")]
    public async Task Read_PastALimit_NamesIt(int eventBytes, int argumentBytes, int depth, string name)
    {
        var options = new StreamReadOptions { MaxEventBytes = eventBytes, MaxArgumentBytes = argumentBytes, MaxArgumentDepth = depth };
        var body = OllamaWire.Body(OllamaWire.Message("""
            "tool_calls":[{"function":{"name":"f","arguments":{"a":{"b":{}}}}}]
            """.Trim()), OllamaWire.Stop);

        var (_, exception) = await WireRun.ReadAsync(StreamProtocols.Ollama, Encoding.UTF8.GetBytes(body), options: options);

        exception.Should().BeOfType<StreamLimitException>().Which.LimitName.Should().Be(name);
    }

    [Fact]
    public async Task Read_ManySmallDeltas_AreAllThere()
    {
        const int Count = 100_000;
        var body = new StringBuilder();
        for (var i = 0; i < Count; i++)
        {
            body.Append(OllamaWire.Content("\"é\"")).Append('\n');
        }

        var (events, exception) = await WireRun.ReadAsync(StreamProtocols.Ollama, Encoding.UTF8.GetBytes(body.Append(OllamaWire.Stop).ToString()), chunkSize: 100);

        exception.Should().BeNull();
        WireRun.Fold(events).Text.Should().Be(new string('é', Count));
    }

    /// <summary>Blanks that change from line to line keep the decoder from predicting any, so that it parses each.</summary>
    [Fact]
    public async Task Read_LinesThatCannotBePredicted_GiveTheSameEvents()
    {
        string[] lines = [.. Enumerable.Range(0, 50).Select(i => OllamaWire.Content(JsonSerializer.Serialize($"{i}\\\"\n😀"))), OllamaWire.Stop];
        var predicted = await OllamaWire.ReadAsync(lines);

        var parsed = await OllamaWire.ReadAsync([.. lines.Select((line, i) => "{" + new string(' ', i % 2) + line[1..])]);

        parsed.ToLines().Should().Be(predicted.ToLines());
    }
}
