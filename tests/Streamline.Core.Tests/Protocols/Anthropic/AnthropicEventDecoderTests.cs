using System.Text.Json;
using Streamline.TestSupport;
using static Streamline.Tests.Protocols.Anthropic.AnthropicPayloads;

namespace Streamline.Tests.Protocols.Anthropic;

public class AnthropicEventDecoderTests
{
    [Fact]
    public async Task Decode_TextAnswer_GivesTheCanonicalEvents()
    {
        var events = await ReadAsync(Start, TextStart, """{"type":"ping"}""", Words("On it."), BlockStop, End, Stop);

        var usage = new TokenUsage { InputTokens = 12, OutputTokens = 31, TotalTokens = 43 };
        events.ToLines().Should().Be(new StreamEvent[]
        {
            new ResponseStarted { Provider = "anthropic", ResponseId = "msg_1", Model = "claude-x" },
            new UsageUpdated { Usage = new TokenUsage { InputTokens = 12, OutputTokens = 1, TotalTokens = 13 } },
            new ContentStarted { Index = 0, Kind = ContentKind.Text },
            KeepAlive.Instance,
            new TextDelta { Index = 0, Text = "On it." },
            new ContentCompleted { Index = 0, Kind = ContentKind.Text },
            new UsageUpdated { Usage = usage },
            new ResponseCompleted { FinishReason = FinishReason.Stop, RawFinishReason = "end_turn", Usage = usage },
        }.ToLines());
    }

    [Fact]
    public async Task Decode_ToolCallWithoutArguments_IsAnEmptyObject()
    {
        var events = await ReadAsync(Start, ToolStart, Input(""), BlockStop, End, Stop);
        events.OfType<ToolInputDelta>().Should().BeEmpty();
        var call = events.OfType<ToolCallCompleted>().Should().ContainSingle().Which;
        call.Arguments!.Value.GetRawText().Should().Be("{}");
        call.ArgumentsText.Should().BeEmpty();
    }

    [Theory]
    [Trait("Law", "3")]
    [InlineData("max_tokens", false)]
    [InlineData("model_context_window_exceeded", false)]
    [InlineData("refusal", false)]
    [InlineData("tool_use", true)]
    [InlineData("end_turn", true)]
    public async Task Decode_CallThatEndsBeforeAnyArguments_IsWorthSomethingOnlyIfTheAnswerWasNotCut(string stopReason, bool isWhole)
    {
        var events = await ReadAsync(Start, ToolStart, Input(""), BlockStop, End.Replace("end_turn", stopReason, StringComparison.Ordinal), Stop);

        var call = events.OfType<ToolCallCompleted>().Should().ContainSingle().Which;
        (call.Arguments is not null).Should().Be(isWhole);
        (call.ParseError is null).Should().Be(isWhole);
    }

    [Fact]
    public async Task Decode_CallWithoutArguments_IsSealedWhenTheAnswerContinues()
    {
        var next = TextStart.Replace("\"index\":0", "\"index\":1", StringComparison.Ordinal);
        var events = await ReadAsync(Start, ToolStart, BlockStop, next, End, Stop);

        events.FindIndex(streamEvent => streamEvent is ToolCallCompleted).Should().BeLessThan(events.FindIndex(streamEvent => streamEvent is ContentStarted));
    }

    [Fact]
    public async Task Decode_MessageWithACall_EndsForTheCallWhateverItsWord()
    {
        var completed = (await ReadAsync(Start, ToolStart, Input("{}"), BlockStop, End, Stop)).OfType<ResponseCompleted>().Single();

        completed.FinishReason.Should().Be(FinishReason.ToolCalls);
        completed.RawFinishReason.Should().Be("end_turn");
    }

    [Fact]
    public async Task Decode_SignatureInADeltaOfThinking_SignsTheBlock()
    {
        var events = await ReadAsync(
            Start,
            """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"","signature":"S"}}""",
            BlockStop,
            End,
            Stop);

        events.OfType<ContentCompleted>().Single().Signature.Should().Be("S");
        events.Should().NotContain(streamEvent => streamEvent is ProviderMetadata);
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""")]
    [InlineData("{}", "")]
    [InlineData("null", "")]
    public async Task Decode_ToolCallWithInputInItsStart_TakesItWhenNoDeltasFollow(string input, string expected)
    {
        var start = ToolStart.Replace("\"input\":{}", "\"input\":" + input, StringComparison.Ordinal);
        var events = await ReadAsync(Start, start, BlockStop, End, Stop);
        events.OfType<ToolCallCompleted>().Single().ArgumentsText.Should().Be(expected);
        string.Concat(events.OfType<ToolInputDelta>().Select(delta => delta.Fragment)).Should().Be(expected);

        events = await ReadAsync(Start, start, Input("""{\"b\":2}"""), BlockStop, End, Stop);
        events.OfType<ToolCallCompleted>().Single().ArgumentsText.Should().Be("""{"b":2}""");
    }

    [Theory]
    [Trait("Law", "3")]
    [InlineData("""{\"path\": \"/tmp""")]
    [InlineData("""[1,2]""")]
    [InlineData("""{\"a\":1}{\"b\":2}""")]
    public async Task Decode_BadArguments_GivesTheErrorAndNoArguments(string partialJson)
    {
        var events = await ReadAsync(Start, ToolStart, Input(partialJson), BlockStop, End, Stop);
        var call = events.OfType<ToolCallCompleted>().Single();
        call.Arguments.Should().BeNull();
        call.ParseError.Should().Contain("expected").And.Contain("byte");
        events[^1].Should().BeOfType<ResponseCompleted>();
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task Decode_MessageStopWithinACall_GivesNoArgumentsEvenIfTheyParse()
    {
        var events = await ReadAsync(Start, ToolStart, Input("""{\"n\":1}"""), End.Replace("end_turn", "max_tokens", StringComparison.Ordinal), Stop);
        var call = events.OfType<ToolCallCompleted>().Single();
        call.Arguments.Should().BeNull();
        call.ParseError.Should().Contain("content_block_stop");
        call.ArgumentsText.Should().Be("""{"n":1}""");
        events[^1].Should().BeOfType<ResponseCompleted>().Which.Outcome.Should().Be(StreamOutcome.Truncated);
    }

    [Fact]
    public async Task Decode_SignedReasoning_KeepsTheLastSignatureVerbatim()
    {
        var events = await ReadAsync(
            Start,
            """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Compare"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":" both","estimated_tokens":7}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"b2xk"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln+/="}}""",
            BlockStop,
            """{"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"ENC"}}""",
            """{"type":"content_block_stop","index":1}""",
            End,
            Stop);

        string.Concat(events.OfType<ReasoningDelta>().Select(delta => delta.Text)).Should().Be("Compare both");
        var completed = events.OfType<ContentCompleted>().ToList();
        completed[0].Signature.Should().Be("c2ln+/=");
        completed[0].Kind.Should().Be(ContentKind.Reasoning);
        completed[1].Kind.Should().Be(ContentKind.RedactedReasoning);
        completed[1].Raw!.Value.GetRawText().Should().Be("""{"type":"redacted_thinking","data":"ENC"}""");
        events.OfType<ProviderMetadata>().Should().ContainSingle(metadata => metadata.Name == "estimated_tokens" && metadata.Index == 0);
    }

    [Theory]
    [InlineData("web_search_tool_result", ContentKind.ServerToolResult)]
    [InlineData("web_fetch_tool_result", ContentKind.ServerToolResult)]
    [InlineData("code_execution_tool_result", ContentKind.ServerToolResult)]
    [InlineData("bash_code_execution_tool_result", ContentKind.ServerToolResult)]
    [InlineData("text_editor_code_execution_tool_result", ContentKind.ServerToolResult)]
    [InlineData("tool_search_tool_result", ContentKind.ServerToolResult)]
    [InlineData("mcp_tool_result", ContentKind.ServerToolResult)]
    [InlineData("advisor_tool_result", ContentKind.ServerToolResult)]
    [InlineData("container_upload", ContentKind.Other)]
    [InlineData("fallback", ContentKind.Other)]
    [InlineData("from_the_future", ContentKind.Other)]
    public async Task Decode_BlockThatComesWhole_IsKeptVerbatim(string type, ContentKind kind)
    {
        var raw = $$"""{"type":"{{type}}", "x":[1.0,"\u00e9"]}""";
        var events = await ReadAsync(Start, $$$"""{"type":"content_block_start","index":3,"content_block":{{{raw}}}}""", """{"type":"content_block_stop","index":3}""", End, Stop);
        events.OfType<ContentStarted>().Single().Kind.Should().Be(kind);
        var completed = events.OfType<ContentCompleted>().Single();
        completed.Kind.Should().Be(kind);
        completed.Raw!.Value.GetRawText().Should().Be(raw);
    }

    [Theory]
    [InlineData(""" "caller":{"type":"direct"} """, false)]
    [InlineData(""" "caller":{"type":"direct"},"toolset_name":null """, false)]
    [InlineData(""" "caller":{"type":"direct","new":1} """, true)]
    [InlineData(""" "caller":{"type":"code_execution_20260120","tool_id":"s"} """, true)]
    [InlineData(""" "toolset_name":"t" """, true)]
    public async Task Decode_MoreOfACall_IsKeptUnlessItGoesWithoutSaying(string members, bool isKept)
    {
        var events = await ReadAsync(
            Start,
            $$$"""{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t1","name":"f","input":{},{{{members}}}}}""",
            BlockStop, End, Stop);

        events.OfType<ToolCallStarted>().Single().ProviderData.HasValue.Should().Be(isKept);
    }

    [Theory]
    [InlineData("server_tool_use")]
    [InlineData("mcp_tool_use")]
    public async Task Decode_CallOfAServerTool_IsMarkedAndKeepsItsBlock(string type)
    {
        var raw = $$$"""{"type":"{{{type}}}","id":"srv_1","name":"web_search","input":{},"caller":{"type":"direct"}}""";
        var events = await ReadAsync(
            Start, $$$"""{"type":"content_block_start","index":0,"content_block":{{{raw}}}}""", Input("""{\"query\":\"x\"}"""), BlockStop, End, Stop);
        var started = events.OfType<ToolCallStarted>().Single();
        started.IsProviderExecuted.Should().BeTrue();
        started.ProviderData!.Value.GetRawText().Should().Be(raw);
        var completed = events.OfType<ToolCallCompleted>().Single();
        completed.IsProviderExecuted.Should().BeTrue();
        completed.Arguments!.Value.GetProperty("query").GetString().Should().Be("x");
    }

    [Fact]
    public async Task Decode_Compaction_PutsItsDeltasIntoTheBlock()
    {
        var events = await ReadAsync(
            Start,
            """{"type":"content_block_start","index":0,"content_block":{"type":"compaction","content":null}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"compaction_delta","content":"Sum","encrypted_content":"E"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"compaction_delta","content":"mary","encrypted_content":null}}""",
            BlockStop,
            End.Replace("end_turn", "compaction", StringComparison.Ordinal),
            Stop);
        var raw = events.OfType<ContentCompleted>().Single().Raw!.Value;
        raw.GetProperty("content").GetString().Should().Be("Summary");
        raw.GetProperty("encrypted_content").GetString().Should().Be("E");
        events[^1].Should().BeOfType<ResponseCompleted>().Which.FinishReason.Should().Be(FinishReason.Pause);
    }

    [Fact]
    public async Task Decode_Citations_AreGivenVerbatim()
    {
        var citation = """{"type":"web_search_result_location","cited_text":"c","url":"https://example.com/","title":null,"encrypted_index":"E"}""";
        var events = await ReadAsync(
            Start,
            TextStart.Replace("\"text\":\"\"", "\"text\":\"Hi\",\"citations\":[" + citation + "]", StringComparison.Ordinal),
            $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":{{{citation}}}}}""",
            BlockStop,
            End,
            Stop);
        events.OfType<CitationAdded>().Select(added => added.Citation.GetRawText()).Should().Equal(citation, citation);
        events.OfType<TextDelta>().Single().Text.Should().Be("Hi");
    }

    [Fact]
    [Trait("Law", "1")]
    public async Task Decode_InterleavedBlocks_AreKeptApartByIndex()
    {
        string Call(int index) => ToolStart.Replace("\"index\":0", $"\"index\":{index}", StringComparison.Ordinal).Replace("toolu_1", $"toolu_{index}", StringComparison.Ordinal);
        string At(string payload, int index) => payload.Replace("\"index\":0", $"\"index\":{index}", StringComparison.Ordinal);
        var events = await ReadAsync(
            Start, TextStart, Call(1), Words("a"), At(Input("{\\\"n\\\""), 1), Call(2), At(Input("{\\\"m\\\":2"), 2), Words("b"), At(Input(":1}"), 1),
            At(Input("}"), 2), At(BlockStop, 2), Words("c"), At(BlockStop, 1), BlockStop, End, Stop);
        string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text)).Should().Be("abc");
        events.OfType<ToolCallCompleted>().Select(call => (call.CallId, call.ArgumentsText)).Should().Equal(("toolu_2", """{"m":2}"""), ("toolu_1", """{"n":1}"""));
    }

    [Fact]
    public async Task Decode_SurrogatePairOverTwoDeltas_ComesOutWhole()
    {
        var events = await ReadAsync(
            Start, TextStart, Words("""a\ud83d"""), """{"type":"ping"}""", Words(""), Words("""\ude00b"""), Words("""\ud83d"""), Words("c"), Words("""\ud83d"""), BlockStop, End, Stop);
        events.OfType<TextDelta>().Select(delta => delta.Text).Should().Equal("a", "😀b", "\uFFFDc", "\uFFFD");

        events = await ReadAsync(Start, ToolStart, Input("{\\\"a\\\":\\\"\\ud83d"), Input("\\ude00\\\"}"), BlockStop, End, Stop);
        events.OfType<ToolCallCompleted>().Single().Arguments!.Value.GetProperty("a").GetString().Should().Be("😀");
    }

    [Fact]
    public async Task Decode_Usage_ReplacesAndCountsTheCacheAsInput()
    {
        var events = await ReadAsync(
            Start.Replace("\"input_tokens\":12", "\"input_tokens\":12,\"cache_creation_input_tokens\":100,\"cache_read_input_tokens\":1000,\"cache_creation\":{\"ephemeral_5m_input_tokens\":100}", StringComparison.Ordinal),
            """{"type":"message_delta","delta":{"stop_reason":null},"usage":{"input_tokens":61,"output_tokens":9,"cache_read_input_tokens":null,"server_tool_use":{"web_search_requests":2}}}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":31,"output_tokens_details":{"thinking_tokens":5},"service_tier":"standard"}}""",
            """{"type":"message_delta","delta":{"stop_reason":null},"usage":{"output_tokens":31}}""",
            Stop);
        events.OfType<UsageUpdated>().Should().HaveCount(3);
        var usage = events.OfType<ResponseCompleted>().Single().Usage!;
        usage.Should().Be(new TokenUsage
        {
            InputTokens = 1161,
            OutputTokens = 31,
            TotalTokens = 1192,
            CachedInputTokens = 1000,
            CacheWriteTokens = 100,
            ReasoningTokens = 5,
            AdditionalCounts = new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["cache_creation.ephemeral_5m_input_tokens"] = 100,
                ["server_tool_use.web_search_requests"] = 2,
            },
        });
        events.OfType<ResponseCompleted>().Single().FinishReason.Should().Be(FinishReason.Stop);
    }

    [Theory]
    [InlineData("end_turn", FinishReason.Stop, StreamOutcome.Complete)]
    [InlineData("stop_sequence", FinishReason.Stop, StreamOutcome.Complete)]
    [InlineData("tool_use", FinishReason.ToolCalls, StreamOutcome.Complete)]
    [InlineData("max_tokens", FinishReason.Length, StreamOutcome.Truncated)]
    [InlineData("model_context_window_exceeded", FinishReason.Length, StreamOutcome.Truncated)]
    [InlineData("refusal", FinishReason.Refusal, StreamOutcome.Refused)]
    [InlineData("pause_turn", FinishReason.Pause, StreamOutcome.Complete)]
    [InlineData("compaction", FinishReason.Pause, StreamOutcome.Complete)]
    [InlineData("never_seen", FinishReason.Other, StreamOutcome.Complete)]
    [Trait("Law", "11")]
    public async Task Decode_StopReason_IsMappedAndKept(string raw, FinishReason reason, StreamOutcome outcome)
    {
        var completed = (await ReadAsync(Start, End.Replace("end_turn", raw, StringComparison.Ordinal), Stop)).OfType<ResponseCompleted>().Single();
        completed.FinishReason.Should().Be(reason);
        completed.RawFinishReason.Should().Be(raw);
        completed.Outcome.Should().Be(outcome);
    }

    [Fact]
    public async Task Decode_RefusalAndContainer_AreMetadata()
    {
        var events = await ReadAsync(
            Start,
            """{"type":"message_delta","delta":{"stop_reason":"refusal","stop_sequence":"END","stop_details":{"type":"refusal","category":"bio"},"container":{"id":"c"}},"context_management":{"applied_edits":[]}}""",
            Stop);
        events.OfType<ProviderMetadata>().Select(metadata => metadata.Name).Should().Equal("stop_details", "container", "context_management");
        events.OfType<ResponseCompleted>().Single().StopSequence.Should().Be("END");
    }

    [Fact]
    public async Task Decode_MessageThatStartsWithItsContent_GivesWholeBlocks()
    {
        var events = await ReadAsync(
            """
            {"type":"message_start","message":{"id":"msg_1","model":"m","stop_reason":"tool_use","container":{"id":"c"},"content":[{"type":"text","text":"Go"},{"type":"tool_use","id":"t1","name":"f","input":{"a":[1]},"caller":{"type":"code_execution_20250825","tool_id":"s"}}]}}
            """.Trim(),
            Stop);
        events.Select(e => e.GetType().Name).Should().Equal(
            "ResponseStarted", "ProviderMetadata", "ContentStarted", "TextDelta", "ContentCompleted", "ToolCallStarted", "ToolInputDelta", "ToolCallCompleted", "ResponseCompleted");
        events.OfType<ToolCallStarted>().Single().ProviderData!.Value.GetProperty("caller").GetProperty("tool_id").GetString().Should().Be("s");
        events.OfType<ToolCallCompleted>().Single().Arguments!.Value.GetRawText().Should().Be("""{"a":[1]}""");
        events.OfType<ResponseCompleted>().Single().FinishReason.Should().Be(FinishReason.ToolCalls);
    }

    [Fact]
    public async Task Decode_RepeatedStart_IsIgnoredAndAnotherIsAFault()
    {
        (await ReadAsync(Start, Start, TextStart, Start, Words("x"), BlockStop, End, Stop)).OfType<ResponseStarted>().Should().ContainSingle();

        var (events, exception) = await WireRun.ReadAsync(StreamProtocols.Anthropic, Frames(Start, TextStart, Words("x"), Start.Replace("msg_1", "msg_2", StringComparison.Ordinal)));
        events.OfType<TextDelta>().Should().ContainSingle();
        exception.Should().BeOfType<StreamProtocolException>().Which.Error.Should().Be(StreamProtocolError.UnexpectedEvent);
    }
}
