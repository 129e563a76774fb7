using System.Text;
using Streamline.Protocols;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.OpenAIChat;

public sealed class OpenAIChatEventDecoderTests
{
    [Fact]
    public async Task Decode_PlainAnswer_GivesTheExactEvents()
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "role":"assistant","content":"" """),
            """{"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}],"usage":null,"obfuscation":"x9"}""",
            OpenAIChatWire.Delta(""" "content":" you" """),
            OpenAIChatWire.Delta("", "stop"),
            """{"id":"c1","choices":[],"usage":{"prompt_tokens":4,"completion_tokens":1,"total_tokens":5}}""",
            "[DONE]"));

        events.ToLines().Should().Be(string.Join('\n',
            """{"type":"responseStarted","provider":"openai","responseId":"c1","model":"m","createdAt":"1970-01-01T00:00:01+00:00"}""",
            """{"type":"contentStarted","index":0,"kind":"text","choice":0}""",
            """{"type":"textDelta","index":0,"text":"Hi"}""",
            """{"type":"textDelta","index":0,"text":" you"}""",
            """{"type":"contentCompleted","index":0,"kind":"text"}""",
            """{"type":"usageUpdated","usage":{"inputTokens":4,"outputTokens":1,"totalTokens":5}}""",
            """{"type":"responseCompleted","finishReason":"stop","rawFinishReason":"stop","usage":{"inputTokens":4,"outputTokens":1,"totalTokens":5},"outcome":"complete"}"""));
    }

    [Fact]
    public async Task Decode_TextAroundReasoningAndCalls_OpensABlockEach()
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "reasoning_content":"r" """),
            OpenAIChatWire.Delta(""" "content":"a" """),
            OpenAIChatWire.Delta(""" "reasoning_content":"s" """),
            OpenAIChatWire.Delta(""" "content":"b" """),
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"id":"k","function":{"name":"f","arguments":"{"}}] """),
            OpenAIChatWire.Delta(""" "content":"c" """),
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"function":{"arguments":"}"}}] """),
            OpenAIChatWire.Delta(""" "content":"d" """),
            OpenAIChatWire.Delta(""" "refusal":"no" """, "stop"),
            "[DONE]"));

        Shape(events).Should().Equal("+0Reasoning", "r", "-0", "+1Text", "a", "-1", "+2Reasoning", "s", "-2", "+3Text", "b", "-3", "call", "+5Text", "c", "d", "-5",
            "+6Refusal", "no", "-6", "called");
    }

    public static TheoryData<string, string[], string, string?> ReasoningForms => new()
    {
        { "DeepSeek, Qwen, Kimi, xAI, SGLang", [""" "content":null,"reasoning_content":"a" """, """ "reasoning_content":"b" """], "ab", """{"type":"reasoning_content"}""" },
        { "Groq, newer vLLM, Ollama", [""" "reasoning":"a","channel":"analysis" """, """ "reasoning":"b" """], "ab", """{"type":"reasoning"}""" },
        { "both, the same text", [""" "reasoning":"a","reasoning_content":"a" """, """ "reasoning":"b","reasoning_content":"b" """], "ab", """{"type":"reasoning_content"}""" },
        {
            "OpenRouter",
            [
                """ "content":"","reasoning":"a","reasoning_details":[{"type":"reasoning.text","text":"a","format":"anthropic-claude-v1","index":0}] """,
                """ "content":"","reasoning":"b","reasoning_details":[{"type":"reasoning.text","text":"b","format":"anthropic-claude-v1","index":0}] """,
                """ "content":"","reasoning":null,"reasoning_details":[{"type":"reasoning.text","signature":"sig","format":"anthropic-claude-v1","index":0}] """,
            ],
            "ab",
            """{"type":"reasoning.text","format":"anthropic-claude-v1","index":0}"""
        },
        {
            "OpenRouter, summary",
            [""" "reasoning":"ab","reasoning_details":[{"type":"reasoning.summary","summary":"ab","format":"openai-responses-v1","index":0}] """],
            "ab",
            """{"type":"reasoning.summary","format":"openai-responses-v1","index":0}"""
        },
        {
            "Mistral",
            [
                """ "content":[{"type":"thinking","thinking":[{"type":"text","text":"a"}]}] """,
                """ "content":[{"type":"thinking","thinking":[{"type":"text","text":"b"}]},{"type":"text","text":"T"}] """,
            ],
            "ab",
            """{"type":"thinking"}"""
        },
    };

    [Theory]
    [MemberData(nameof(ReasoningForms))]
    public async Task Decode_Reasoning_IsTakenOnceAndRemembersItsForm(string server, string[] deltas, string text, string? raw)
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(
            OpenAIChatWire.Stream([.. deltas.Select(delta => OpenAIChatWire.Delta(delta)), OpenAIChatWire.Delta("", "stop"), "[DONE]"]));

        string.Concat(events.OfType<ReasoningDelta>().Select(delta => delta.Text)).Should().Be(text, server);
        var completed = events.OfType<ContentCompleted>().Single(block => block.Kind == ContentKind.Reasoning);
        completed.Raw?.GetRawText().Should().Be(raw, server);
        completed.Signature.Should().Be(server == "OpenRouter" ? "sig" : null);
    }

    [Fact]
    public async Task Decode_EncryptedReasoning_IsKeptVerbatim()
    {
        const string Detail = """{"type":"reasoning.encrypted","data":"AAA=","id":"rs_1","format":"openai-responses-v1","index":1}""";
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta($$""" "reasoning":"seen","reasoning_details":[{{Detail}}] """), OpenAIChatWire.Delta("", "stop"), "[DONE]"));

        events.OfType<ContentCompleted>().Single(block => block.Kind == ContentKind.RedactedReasoning).Raw!.Value.GetRawText().Should().Be(Detail);
        events.OfType<ReasoningDelta>().Single().Text.Should().Be("seen");
    }

    [Fact]
    public async Task Decode_ReasoningDetailsOfAnotherIndex_AreABlockEach()
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "reasoning_details":[{"type":"reasoning.summary","summary":"a","index":0},{"type":"reasoning.summary","summary":"b","index":1}] """),
            OpenAIChatWire.Delta("", "stop"), "[DONE]"));

        Shape(events).Should().Equal("+0Reasoning", "a", "-0", "+1Reasoning", "b", "-1");
    }

    [Fact]
    public async Task Decode_SeveralChoices_KeepTheirBlocksApart()
    {
        static string Chunk(int choice, string text, string finish = "null") =>
            $$$"""{"id":"c1","model":"m","choices":[{"index":{{{choice}}},"delta":{"content":"{{{text}}}"},"finish_reason":{{{finish}}}}]}""";
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            Chunk(1, "B"), Chunk(0, "A"), Chunk(1, "b"), Chunk(0, "a", "\"stop\""), Chunk(1, "!", "\"length\""), "[DONE]"));

        var state = OpenAIChatWire.Fold(events);
        (state.ToChatMessage(0).Text, state.ToChatMessage(1).Text).Should().Be(("Aa", "Bb!"));
        events.OfType<ResponseCompleted>().Single().FinishReason.Should().Be(FinishReason.Stop);
        events.OfType<ProviderMetadata>().Single().Should().BeEquivalentTo(new { Name = "choices[1].finish_reason" });
    }

    [Fact]
    [Trait("Law", "4")]
    public async Task Complete_OneOfTwoChoicesWithoutAFinishReason_IsInterrupted()
    {
        var (_, exception) = await OpenAIChatWire.DecodeAsync(OpenAIChatWire.Stream(
            """{"id":"c","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"},{"index":1,"delta":{"content":"b"}}]}"""));

        exception.Should().BeOfType<StreamInterruptedException>();
    }

    [Theory]
    [Trait("Law", "4")]
    [InlineData("", false)]
    [InlineData("data: [DONE]\n\n", true)]
    [InlineData("data:  [DONE] \n\n", true)]
    public async Task Complete_WithoutAFinishReason_NeedsDone(string tail, bool isWhole)
    {
        var (events, exception) = await OpenAIChatWire.DecodeAsync(OpenAIChatWire.Stream(OpenAIChatWire.Delta(""" "content":"a" """)) + tail);

        events.OfType<ResponseCompleted>().Any().Should().Be(isWhole);
        if (!isWhole)
        {
            exception.Should().BeOfType<StreamInterruptedException>().Which.BytesReceived.Should().BePositive();
        }
    }

    [Fact]
    [Trait("Law", "4")]
    public async Task Complete_AfterAFinishReasonWithoutDone_IsAProperEnd()
    {
        var (events, exception) = await OpenAIChatWire.DecodeAsync(OpenAIChatWire.Stream(OpenAIChatWire.Delta(""" "content":"a" """, "stop")));

        exception.Should().BeNull();
        events.OfType<ResponseCompleted>().Should().ContainSingle();
    }

    [Fact]
    [Trait("Law", "4")]
    public async Task Complete_EmptyBody_IsInterrupted()
    {
        var (events, exception) = await OpenAIChatWire.DecodeAsync("");

        events.Should().BeEmpty();
        exception.Should().BeOfType<StreamInterruptedException>().Which.BytesReceived.Should().Be(0);
    }

    [Theory]
    [Trait("Law", "11")]
    [InlineData("\"stop\"", FinishReason.Stop, "stop")]
    [InlineData("\"length\"", FinishReason.Length, "length")]
    [InlineData("\"tool_calls\"", FinishReason.ToolCalls, "tool_calls")]
    [InlineData("\"function_call\"", FinishReason.ToolCalls, "function_call")]
    [InlineData("\"content_filter\"", FinishReason.ContentFilter, "content_filter")]
    [InlineData("\"model_length\"", FinishReason.Length, "model_length")]
    [InlineData("\"aborted\"", FinishReason.Other, "aborted")]
    [InlineData("\"\"", FinishReason.Other, null)]
    [InlineData("null", FinishReason.Other, null)]
    [InlineData("17", FinishReason.Other, null)]
    public async Task Decode_FinishReason_IsMappedAndKept(string word, FinishReason reason, string? raw)
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            $$$"""{"id":"c","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":{{{word}}}}]}""", "[DONE]"));

        var completed = events.OfType<ResponseCompleted>().Single();
        (completed.FinishReason, completed.RawFinishReason).Should().Be((reason, raw));
    }

    [Fact]
    public async Task Decode_RefusalThatStops_IsRefused()
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "refusal":"I can" """), OpenAIChatWire.Delta(""" "refusal":"not." """), OpenAIChatWire.Delta("", "stop"), "[DONE]"));

        string.Concat(events.OfType<RefusalDelta>().Select(delta => delta.Text)).Should().Be("I cannot.");
        events.OfType<ResponseCompleted>().Single().Outcome.Should().Be(StreamOutcome.Refused);
    }

    [Fact]
    public async Task Decode_WhatStandsInEveryChunk_IsPassedOnOnce()
    {
        static string Chunk(string text, string fingerprint) =>
            $$$$"""{"id":"c","system_fingerprint":"{{{{fingerprint}}}}","service_tier":null,"provider":"P","novel":{"a":[1]},"choices":[{"index":0,"delta":{"content":"{{{{text}}}}"},"logprobs":{"content":null,"refusal":null},"content_filter_results":{"hate":{"filtered":false}}}]}""";
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(Chunk("a", "f1"), Chunk("b", "f1"), Chunk("c", "f2"), "[DONE]"));

        events.OfType<ProviderMetadata>().Select(metadata => $"{metadata.Name}={metadata.Value.GetRawText()}").Should().Equal(
            "system_fingerprint=\"f1\"", "provider=\"P\"", "novel={\"a\":[1]}", "content_filter_results={\"hate\":{\"filtered\":false}}", "system_fingerprint=\"f2\"");
    }

    [Fact]
    public async Task Decode_LogProbs_ArePassedOnWithEveryDelta()
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            """{"id":"c","choices":[{"index":0,"delta":{"content":"a"},"logprobs":{"content":[{"token":"a","logprob":-1,"bytes":null,"top_logprobs":[]}]}}]}""",
            """{"id":"c","choices":[{"index":0,"delta":{"content":"a"},"logprobs":{"content":[{"token":"a","logprob":-1,"bytes":null,"top_logprobs":[]}]}}]}""",
            "[DONE]"));

        events.OfType<ProviderMetadata>().Where(metadata => metadata is { Name: "logprobs", Index: 0 }).Should().HaveCount(2);
    }

    [Fact]
    public async Task Decode_FirstChunkOfAzure_WaitsForTheNext()
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            """{"id":"","created":0,"model":"","object":"","choices":[],"prompt_filter_results":[{"prompt_index":0}]}""",
            OpenAIChatWire.Delta(""" "content":"a" """, "stop"),
            """{"choices":[{"content_filter_offsets":{"check_offset":1},"content_filter_results":{"hate":{"filtered":false}},"finish_reason":null,"index":0}],"created":0,"id":"","model":"","object":""}""",
            """{"choices":[{"content_filter_offsets":{"check_offset":1},"finish_reason":null,"index":0}],"created":0,"id":"","model":"","object":""}""",
            "[DONE]"));

        events[0].Should().BeOfType<ResponseStarted>().Which.ResponseId.Should().Be("c1");
        events.OfType<ResponseStarted>().Should().ContainSingle();
        events.OfType<ProviderMetadata>().Select(metadata => metadata.Name).Should().Equal("prompt_filter_results", "content_filter_offsets", "content_filter_results");
        events.OfType<ResponseCompleted>().Single().RawFinishReason.Should().Be("stop");
    }

    [Fact]
    public async Task Decode_FilterThatEndsAChoiceWithoutADelta_IsContentFilter()
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "content":"a" """),
            """{"id":"c1","choices":[{"index":0,"finish_reason":"content_filter","content_filter_results":{"hate":{"filtered":true}}}]}""",
            "[DONE]"));

        events.OfType<ResponseCompleted>().Single().FinishReason.Should().Be(FinishReason.ContentFilter);
    }

    [Fact]
    public async Task Decode_Annotations_AreCitationsOfTheText()
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "content":"","annotations":[{"type":"url_citation","url_citation":{"url":"https://x"}}] """),
            OpenAIChatWire.Delta(""" "content":[{"type":"text","text":"T"},{"type":"reference","reference_ids":[1]}] """, "stop"),
            "[DONE]"));

        events.OfType<CitationAdded>().Select(citation => citation.Index).Should().Equal(0, 0);
        OpenAIChatWire.Fold(events).Blocks.Single().Text.Should().Be("T");
    }

    [Fact]
    public async Task Decode_WholeMessageInAStream_IsRead()
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            """{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"all"},"finish_reason":"stop"}]}""", "[DONE]"));

        OpenAIChatWire.Fold(events).Text.Should().Be("all");
    }

    [Fact]
    [Trait("Law", "11")]
    public async Task Decode_UnknownFields_ComeThroughOnceAndAgainWhenTheyChange()
    {
        static string Chunk(int top, string choice, string delta) =>
            $$$"""{"id":"c1","model":"m","top":{{{top}}},"choices":[{"index":0,"word":"{{{choice}}}","none":null,"delta":{"role":"assistant","index":0,"flag":{{{delta}}},"content":"a"},"finish_reason":null}]}""";
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            Chunk(1, "x", "true"), Chunk(1, "x", "true"), Chunk(1, "x", "true"), Chunk(2, "y", "false"), OpenAIChatWire.Delta("", "stop"), "[DONE]"));

        events.OfType<ProviderMetadata>().Select(metadata => $"{metadata.Name}={metadata.Value.GetRawText()}").Should().Equal(
            "top=1", "delta.flag=true", "choices[0].word=\"x\"", "top=2", "delta.flag=false", "choices[0].word=\"y\"");
        OpenAIChatWire.Fold(events).Text.Should().Be("aaaa");
    }

    [Fact]
    [Trait("Law", "11")]
    public async Task Decode_UnknownEverything_IsNotFatal()
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(
            OpenAIChatWire.Stream(
                """{"type":"ping"}""",
                "[1,2]",
                "{\"error\":null,\"choices\":[null,1,{\"index\":\"x\",\"delta\":\"y\"},{\"index\":-1,\"delta\":{\"content\":7,\"tool_calls\":[null,1],\"refusal\":{},\"reasoning\":[1],\"new\":{\"a\":1},\"scalar\":5}}]}",
                OpenAIChatWire.Delta(""" "content":[{"type":"novel","x":1},"plain",5] """))
            + "event: heartbeat\ndata: now\n\nevent: note\ndata: {\"a\":1}\n\ndata:\n\n"
            + OpenAIChatWire.Stream(OpenAIChatWire.Delta("", "stop"), "[DONE]"));

        events.OfType<ProviderEvent>().Select(unknown => $"{unknown.Name}={unknown.Data}").Should().Equal(
            "message=[1,2]", "heartbeat=now", "note={\"a\":1}");
        events.OfType<ProviderMetadata>().Select(metadata => metadata.Name).Should().Equal("delta.new", "delta.scalar", "delta.content", "delta.content");
        OpenAIChatWire.Fold(events).Text.Should().Be("7plain");
    }

    [Fact]
    public async Task Decode_SurrogatePairInTwoDeltas_IsNotSplit()
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "content":"a\ud83d" """),
            OpenAIChatWire.Delta(""" "content":"\ude00b" """),
            OpenAIChatWire.Delta(""" "content":"\ud83d" """),
            OpenAIChatWire.Delta("", "stop"),
            "[DONE]"));

        events.OfType<TextDelta>().Select(delta => delta.Text).Should().Equal("a", "😀b", "\uFFFD");
    }

    [Theory]
    [InlineData("{\"id\":}]}", 6)]
    [InlineData("{", 1)]
    [InlineData("{} {}", 3)]
    [InlineData("{\"choices\":[{\"delta\":{\"content\":\"\\x\"}}]}", 33)]
    public async Task Decode_MalformedPayload_KeepsWhatCameBeforeAndTellsTheByte(string payload, long offset)
    {
        var before = OpenAIChatWire.Stream(OpenAIChatWire.Delta(""" "content":"a" """), OpenAIChatWire.Delta(""" "content":"b" """));
        foreach (var size in OpenAIChatWire.ChunkSizes)
        {
            var (events, exception) = await OpenAIChatWire.DecodeAsync(before + OpenAIChatWire.Stream(payload, "[DONE]"), size);

            events.OfType<TextDelta>().Select(delta => delta.Text).Should().Equal("a", "b");
            var fault = exception.Should().BeOfType<StreamProtocolException>().Subject;
            fault.Error.Should().Be(StreamProtocolError.InvalidJson);
            fault.ByteOffset.Should().BeInRange(before.Length, before.Length + "data: ".Length + offset);
        }
    }

    [Theory]
    [InlineData("upstream connect error", "upstream connect error")]
    [InlineData("<html><body>502 Bad Gateway</body></html>", "502 Bad Gateway")]
    [Trait("Law", "5")]
    public async Task Decode_WordsInPlaceOfAPayload_AreTheProvidersError(string payload, string words)
    {
        var before = OpenAIChatWire.Stream(OpenAIChatWire.Delta(""" "content":"a" """));
        foreach (var size in OpenAIChatWire.ChunkSizes)
        {
            var (events, exception) = await OpenAIChatWire.DecodeAsync(before + OpenAIChatWire.Stream(payload, "[DONE]"), size);

            events.OfType<TextDelta>().Select(delta => delta.Text).Should().Equal("a");
            exception.Should().BeOfType<ProviderException>().Which.ProviderMessage.Should().Contain(words);
        }
    }

    [Fact]
    public async Task Decode_AfterDone_ReadsNoMore()
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(OpenAIChatWire.Delta(""" "content":"a" """, "stop"), "[DONE]", "garbage"));

        events[^1].Should().BeOfType<ResponseCompleted>();
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task Decode_MoreChoicesThanTheLimit_NamesItAndTheFigure()
    {
        var wire = OpenAIChatWire.Stream([.. Enumerable.Range(0, 4).Select(i => $$$"""{"id":"c","choices":[{"index":{{{i}}},"delta":{}}]}""")]);

        var (_, exception) = await OpenAIChatWire.DecodeAsync(Encoding.UTF8.GetBytes(wire), options: new StreamReadOptions { MaxOpenBlocks = 3 });

        exception.Should().BeOfType<StreamLimitException>().Which.Actual.Should().Be(4);
    }

    private static IEnumerable<string> Shape(IEnumerable<StreamEvent> events) => events.Select(streamEvent => streamEvent switch
    {
        ContentStarted started => $"+{started.Index}{started.Kind}",
        ContentCompleted completed => $"-{completed.Index}",
        TextDelta delta => delta.Text,
        ReasoningDelta delta => delta.Text,
        RefusalDelta delta => delta.Text,
        ToolCallStarted => "call",
        ToolCallCompleted => "called",
        _ => "",
    }).Where(text => text.Length > 0);
}
