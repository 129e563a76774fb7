using Streamline.Protocols;

namespace Streamline.Tests.Protocols.OpenAIChat;

/// <summary>The table of quirks (reference of the wire, section 3.1): a row per deviation of a compatible server, split in every way.</summary>
public sealed class OpenAIChatToolCallTests
{
    /// <summary>Name of the deviation, the elements of <c>tool_calls</c> of one delta each, and the calls as <c>id name arguments</c>.</summary>
    public static TheoryData<string, string[], string[]> Deviations => new()
    {
        {
            "proper form",
            [
                """{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}""",
                """{"index":0,"function":{"arguments":"{\"x\":"}}""",
                """{"index":0,"function":{"arguments":"1}"}}""",
                """{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":""}}""",
                """{"index":1,"function":{"arguments":"{}"}}""",
            ],
            ["a f {\"x\":1}", "b g {}"]
        },
        {
            "interleaved pieces",
            [
                """{"index":0,"id":"a","function":{"name":"f","arguments":""}},{"index":1,"id":"b","function":{"name":"g","arguments":""}}""",
                """{"index":1,"function":{"arguments":"{\"y\":"}},{"index":0,"function":{"arguments":"{\"x\":"}}""",
                """{"index":0,"function":{"arguments":"1}"}}""",
                """{"index":1,"function":{"arguments":"2}"}}""",
            ],
            ["a f {\"x\":1}", "b g {\"y\":2}"]
        },
        {
            "whole call in one chunk (Groq, xAI, Mistral, Gemini, Ollama)",
            [
                """{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}""",
                """{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}""",
            ],
            ["a f {\"x\":1}", "b g {}"]
        },
        {
            "no index, no type (Mistral, Gemini)",
            [
                """{"id":"k1","function":{"name":"f","arguments":"{\"x\":1}"}},{"id":"k2","function":{"name":"f","arguments":"{\"x\":2}"}}""",
            ],
            ["k1 f {\"x\":1}", "k2 f {\"x\":2}"]
        },
        {
            "no index, pieces (SGLang)",
            [
                """{"id":"k1","function":{"name":"f","arguments":"{\"x\""}}""",
                """{"function":{"arguments":":1}"}}""",
                """{"id":"k2","function":{"name":"g","arguments":""}}""",
                """{"function":{"arguments":"{}"}}""",
            ],
            ["k1 f {\"x\":1}", "k2 g {}"]
        },
        {
            "index 0 for every call (Ollama, NVIDIA)",
            [
                """{"index":0,"id":"k1","function":{"name":"f","arguments":"{\"x\":1}"}}""",
                """{"index":0,"id":"k2","function":{"name":"f","arguments":"{\"x\":2}"}}""",
                """{"index":0,"id":"k3","function":{"name":"g","arguments":"{}"}}""",
            ],
            ["k1 f {\"x\":1}", "k2 f {\"x\":2}", "k3 g {}"]
        },
        {
            "index 0 for every call, and no id",
            [
                """{"index":0,"function":{"name":"f","arguments":"{\"x\":1}"}}""",
                """{"index":0,"function":{"name":"g","arguments":"{}"}}""",
            ],
            ["call_c1_0 f {\"x\":1}", "call_c1_1 g {}"]
        },
        {
            "continuation with an empty id (Qwen)",
            [
                """{"index":0,"id":"k1","type":"function","function":{"name":"f","arguments":"{\"x\":"}}""",
                """{"index":0,"id":"","type":"function","function":{"arguments":"1}"}}""",
            ],
            ["k1 f {\"x\":1}"]
        },
        {
            "continuation with an empty name (third-party models at Mistral)",
            [
                """{"index":0,"id":"k1","function":{"name":"f","arguments":"{\"x\":"}}""",
                """{"index":0,"function":{"name":"","arguments":"1}"}}""",
            ],
            ["k1 f {\"x\":1}"]
        },
        {
            "name repeated in every piece",
            [
                """{"index":0,"id":"k1","function":{"name":"f","arguments":"{\"x\":"}}""",
                """{"index":0,"function":{"name":"f","arguments":"1}"}}""",
            ],
            ["k1 f {\"x\":1}"]
        },
        {
            "id repeated in every piece",
            [
                """{"index":0,"id":"k1","function":{"name":"f","arguments":"{\"x\":"}}""",
                """{"index":0,"id":"k1","function":{"name":"f","arguments":"1"}}""",
                """{"index":0,"id":"k1","function":{"arguments":"}"}}""",
            ],
            ["k1 f {\"x\":1}"]
        },
        {
            "id repeated, calls interleaved at one index",
            [
                """{"index":0,"id":"k1","function":{"name":"f","arguments":"{\"x\":"}}""",
                """{"index":0,"id":"k2","function":{"name":"g","arguments":"{\"y\":"}}""",
                """{"index":0,"id":"k1","function":{"arguments":"1}"}}""",
                """{"index":0,"id":"k2","function":{"arguments":"2}"}}""",
            ],
            ["k1 f {\"x\":1}", "k2 g {\"y\":2}"]
        },
        {
            "a new id in every piece",
            [
                """{"index":0,"id":"k1","function":{"name":"f","arguments":"{\"x\":"}}""",
                """{"index":0,"id":"k2","function":{"arguments":"1"}}""",
                """{"index":0,"id":"k3","function":{"arguments":"}"}}""",
            ],
            ["k1 f {\"x\":1}"]
        },
        {
            "no id at all",
            [
                """{"index":0,"function":{"name":"f","arguments":"{\"x\":"}}""",
                """{"index":0,"function":{"arguments":"1}"}}""",
                """{"index":1,"function":{"name":"f","arguments":"{}"}}""",
            ],
            ["call_c1_0 f {\"x\":1}", "call_c1_1 f {}"]
        },
        {
            "neither id nor index",
            [
                """{"function":{"name":"f","arguments":"{\"x\":"}}""",
                """{"function":{"arguments":"1}"}}""",
                """{"function":{"name":"f","arguments":"{}"}}""",
            ],
            ["call_c1_0 f {\"x\":1}", "call_c1_1 f {}"]
        },
        {
            "an id only from the second call on, no index",
            [
                """{"function":{"name":"f","arguments":"{}"}}""",
                """{"id":"k2","function":{"name":"f","arguments":"{}"}}""",
            ],
            ["call_c1_0 f {}", "k2 f {}"]
        },
        {
            "an id only from the second call on, index 0 for both",
            [
                """{"index":0,"function":{"name":"f","arguments":"{}"}}""",
                """{"index":0,"id":"k2","function":{"name":"g","arguments":"{}"}}""",
            ],
            ["call_c1_0 f {}", "k2 g {}"]
        },
        {
            "id before the name",
            [
                """{"index":0,"id":"k1"}""",
                """{"index":0,"function":{"name":"f","arguments":"{}"}}""",
            ],
            ["k1 f {}"]
        },
        {
            "id after the arguments, with the name",
            [
                """{"index":0,"function":{"arguments":"{\"x\":1}"}}""",
                """{"index":0,"id":"k1","function":{"name":"f"}}""",
            ],
            ["k1 f {\"x\":1}"]
        },
        {
            "arguments null or absent at the beginning and the end (vLLM)",
            [
                """{"index":0,"id":"k1","function":{"name":"f","arguments":null}}""",
                """{"index":0,"function":{"arguments":"{\"x\":1}"}}""",
                """{"index":0,"function":{"arguments":null}}""",
                """{"index":0,"function":{}}""",
                """{"index":0}""",
            ],
            ["k1 f {\"x\":1}"]
        },
        {
            "arguments as an object",
            ["""{"index":0,"id":"k1","function":{"name":"f","arguments":{"x": [1, "ü"]}}}"""],
            ["k1 f {\"x\": [1, \"ü\"]}"]
        },
        {
            "arguments before the name (SGLang)",
            [
                """{"index":0,"id":"k1","function":{"arguments":"{\"x\":"}}""",
                """{"index":0,"function":{"arguments":"1"}}""",
                """{"index":0,"function":{"name":"f","arguments":"}"}}""",
            ],
            ["k1 f {\"x\":1}"]
        },
        {
            "no arguments",
            ["""{"index":0,"id":"k1","function":{"name":"f","arguments":""}}"""],
            ["k1 f "]
        },
        {
            "a place in the list in which nothing ever comes",
            [
                """{"index":0,"id":"k1","function":{"name":"f","arguments":"{}"}}""",
                """{"index":1}""",
            ],
            ["k1 f {}"]
        },
        {
            "a surrogate pair in two pieces",
            [
                """{"index":0,"id":"k1","function":{"name":"f","arguments":"{\"x\":\"\ud83d"}}""",
                """{"index":0,"function":{"arguments":"\ude00\"}"}}""",
            ],
            ["k1 f {\"x\":\"😀\"}"]
        },
        {
            "the index of the delta is not that of the call (Mistral)",
            [
                """{"index":0,"id":"k1","function":{"name":"f","arguments":"{}"}}],"index":7,"x":[{}""",
            ],
            ["k1 f {}"]
        },
        {
            "free-form tool",
            [
                """{"index":0,"id":"k1","type":"custom","custom":{"name":"f","input":"SELECT "}}""",
                """{"index":0,"custom":{"input":"1"}}""",
            ],
            ["k1 f SELECT 1"]
        },
    };

    [Theory]
    [Trait("Law", "1")]
    [MemberData(nameof(Deviations))]
    public async Task Decode_Deviation_GivesTheCalls(string deviation, string[] pieces, string[] calls)
    {
        var wire = OpenAIChatWire.Stream(
            [.. pieces.Select(piece => OpenAIChatWire.Delta($$""" "tool_calls":[{{piece}}] """)), OpenAIChatWire.Delta("", "tool_calls"), "[DONE]"]);

        var events = await OpenAIChatWire.DecodeAllWaysAsync(wire);

        events.OfType<ToolCallCompleted>().Select(call => $"{call.CallId} {call.Name} {call.ArgumentsText}").Should().Equal(calls, deviation);
        events.OfType<ToolCallStarted>().Select(call => call.CallId).Should().Equal(events.OfType<ToolCallCompleted>().Select(call => call.CallId), deviation);
        foreach (var completed in events.OfType<ToolCallCompleted>())
        {
            string.Concat(events.OfType<ToolInputDelta>().Where(delta => delta.CallId == completed.CallId).Select(delta => delta.Fragment))
                .Should().Be(completed.ArgumentsText, deviation);
        }
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task Decode_ArgumentsThatParseBeforeTheFinishReason_AreNotSealed()
    {
        var (events, exception) = await OpenAIChatWire.DecodeAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}] """),
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":1,"id":"b","function":{"name":"f","arguments":"{}"}}] """),
            OpenAIChatWire.Delta(""" "content":"still thinking" """)));

        events.Should().NotContain(streamEvent => streamEvent is ToolCallCompleted);
        exception.Should().BeOfType<StreamInterruptedException>();
    }

    [Theory]
    [Trait("Law", "3")]
    [InlineData("""{\"x\":1""")]
    [InlineData("""{\"x\":1}}""")]
    [InlineData("""{\"x\":1}{\"y\":2}""")]
    [InlineData("""{'x':1}""")]
    [InlineData("[1]")]
    [InlineData("12")]
    [InlineData("\\n")]
    public async Task Decode_ArgumentsThatAreNoObject_HaveAParseErrorAndNoArguments(string arguments)
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta($$$""" "tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{{{arguments}}}"}}] """, "tool_calls"),
            "[DONE]"));

        var call = events.OfType<ToolCallCompleted>().Single();
        call.Arguments.Should().BeNull();
        call.ParseError.Should().NotBeNullOrEmpty();
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task Decode_NoArguments_StandForAnEmptyObject()
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"id":"a","function":{"name":"f"}}] """, "tool_calls"), "[DONE]"));

        events.OfType<ToolCallCompleted>().Single().Arguments!.Value.GetRawText().Should().Be("{}");
    }

    [Fact]
    public async Task Decode_CallAfterTheFinishReason_IsSealedByTheNext()
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "content":"x","tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}] """, "tool_calls"),
            OpenAIChatWire.Delta(""" "content":"y","tool_calls":[{"index":1,"id":"b","function":{"name":"g","arguments":"{}"}}] """, "tool_calls"),
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":2,"id":"c","function":{"name":"h","arguments":"{}"}}] """),
            "[DONE]"));

        events.Select(streamEvent => streamEvent switch
        {
            ContentStarted started => $"+{started.Index}",
            ContentCompleted completed => $"-{completed.Index}",
            ToolCallStarted started => $"+{started.Index}:{started.CallId}",
            ToolCallCompleted completed => $"-{completed.Index}:{completed.CallId}",
            _ => "",
        }).Where(text => text.Length > 0).Should().Equal("+0", "-0", "+1:a", "-1:a", "+2", "-2", "+3:b", "-3:b", "+4:c", "-4:c");
        events.OfType<ResponseCompleted>().Single().FinishReason.Should().Be(FinishReason.ToolCalls);
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task Decode_MoreArgumentsAfterTheFinishReason_IsAnError()
    {
        var (events, exception) = await OpenAIChatWire.DecodeAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}] """, "tool_calls"),
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"function":{"arguments":""}}] """),
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"function":{"arguments":"{}"}}] """),
            "[DONE]"));

        exception.Should().BeOfType<StreamProtocolException>().Which.Error.Should().Be(StreamProtocolError.UnexpectedEvent);
        events.OfType<ToolCallCompleted>().Should().ContainSingle();
    }

    [Fact]
    public async Task Decode_FinishStopThoughCallsExist_MeansToolCalls()
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}] """),
            OpenAIChatWire.Delta("", "stop"),
            "[DONE]"));

        var completed = events.OfType<ResponseCompleted>().Single();
        completed.FinishReason.Should().Be(FinishReason.ToolCalls);
        completed.RawFinishReason.Should().Be("stop");
    }

    [Fact]
    public async Task Decode_CallWithArgumentsButWithoutAName_IsAnError()
    {
        var (_, exception) = await OpenAIChatWire.DecodeAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"id":"a","function":{"arguments":"{}"}}] """, "tool_calls"), "[DONE]"));

        exception.Should().BeOfType<StreamProtocolException>().Which.Error.Should().Be(StreamProtocolError.InvalidPayload);
    }

    [Fact]
    public async Task Decode_LegacyFunctionCall_IsACall()
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "function_call":{"name":"f","arguments":""} """),
            OpenAIChatWire.Delta(""" "function_call":{"arguments":"{\"x\":"} """),
            OpenAIChatWire.Delta(""" "function_call":{"arguments":"1}"} """),
            OpenAIChatWire.Delta("", "function_call"),
            "[DONE]"));

        var call = events.OfType<ToolCallCompleted>().Single();
        (call.CallId, call.Name, call.ArgumentsText).Should().Be(("call_c1_0", "f", "{\"x\":1}"));
        events.OfType<ResponseCompleted>().Single().FinishReason.Should().Be(FinishReason.ToolCalls);
    }

    [Fact]
    public async Task Decode_ThoughtSignatureOfGemini_IsKeptWithTheCall()
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"s"}}}] """, "tool_calls"),
            "[DONE]"));

        events.OfType<ToolCallStarted>().Single().ProviderData!.Value.GetRawText().Should().Be("""{"extra_content":{"google":{"thought_signature":"s"}}}""");
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task Decode_ArgumentsPastTheLimit_NameItAndTheFigure()
    {
        var options = new StreamReadOptions { MaxArgumentBytes = 4 };
        foreach (var name in new[] { "\"name\":\"f\",", "" })
        {
            var (_, exception) = await OpenAIChatWire.DecodeAsync(
                System.Text.Encoding.UTF8.GetBytes(OpenAIChatWire.Stream(
                    OpenAIChatWire.Delta($$$""" "tool_calls":[{"index":0,"id":"a","function":{{{{name}}}"arguments":"{\"x\":1}"}}] """), "[DONE]")),
                options: options);

            var limit = exception.Should().BeOfType<StreamLimitException>().Subject;
            (limit.LimitName, limit.Limit).Should().Be((nameof(StreamReadOptions.MaxArgumentBytes), 4L));
            limit.Actual.Should().BeGreaterThan(4);
        }
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task Decode_MoreOpenCallsThanTheLimit_NamesItAndTheFigure()
    {
        var wire = OpenAIChatWire.Stream([.. Enumerable.Range(0, 5).Select(i =>
            OpenAIChatWire.Delta($$$""" "tool_calls":[{"index":{{{i}}},"id":"k{{{i}}}","function":{"name":"f","arguments":"{}"}}] """))]);

        var (events, exception) = await OpenAIChatWire.DecodeAsync(System.Text.Encoding.UTF8.GetBytes(wire), options: new StreamReadOptions { MaxOpenBlocks = 3 });

        var limit = exception.Should().BeOfType<StreamLimitException>().Subject;
        (limit.LimitName, limit.Limit, limit.Actual).Should().Be((nameof(StreamReadOptions.MaxOpenBlocks), 3L, 4L));
        events.OfType<ToolCallStarted>().Should().HaveCount(3);
    }
}
