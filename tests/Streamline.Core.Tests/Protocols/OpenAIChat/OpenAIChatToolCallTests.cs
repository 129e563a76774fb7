using Streamline.Protocols;

namespace Streamline.Tests.Protocols.OpenAIChat;

/// <summary>When calls are sealed, and what they are worth then.</summary>
public sealed class OpenAIChatToolCallTests
{
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
    public async Task Decode_CallAfterTheFinishReason_IsSealedAtTheEnd()
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
        }).Where(text => text.Length > 0).Should().Equal("+0", "-0", "+1:a", "+2", "-2", "+3:b", "+4:c", "-1:a", "-3:b", "-4:c");
        events.OfType<ResponseCompleted>().Single().FinishReason.Should().Be(FinishReason.ToolCalls);
    }

    [Theory]
    [Trait("Law", "3")]
    [InlineData("stop")]
    [InlineData("length")]
    [InlineData("tool_calls")]
    public async Task Decode_FinishReasonWithEveryPiece_SealsNothingBeforeTheEnd(string reason)
    {
        // A gateway in front of vLLM.
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "reasoning_content":"h" """, reason),
            OpenAIChatWire.Delta(""" "reasoning_content":"m" """, reason),
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":""}}] """, reason),
            OpenAIChatWire.Delta("", reason),
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"function":{"arguments":"{\"x\":"}}] """, reason),
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"function":{"arguments":"1}"}}] """, reason),
            OpenAIChatWire.Delta("", "tool_calls"),
            "[DONE]"));

        events.OfType<ContentStarted>().Should().ContainSingle();
        events.OfType<ToolCallCompleted>().Single().Arguments!.Value.GetRawText().Should().Be("""{"x":1}""");
        events.OfType<ResponseCompleted>().Single().FinishReason.Should().Be(FinishReason.ToolCalls);
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task Decode_MoreArgumentsAfterTheCounts_IsAnError()
    {
        var (events, exception) = await OpenAIChatWire.DecodeAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}] """, "tool_calls"),
            """{"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}""",
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"function":{"arguments":""}}] """),
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"function":{"arguments":"{}"}}] """),
            "[DONE]"));

        exception.Should().BeOfType<StreamProtocolException>().Which.Error.Should().Be(StreamProtocolError.UnexpectedEvent);
        events.OfType<ToolCallCompleted>().Should().ContainSingle();
    }

    [Theory]
    [Trait("Law", "3")]
    [InlineData("")]
    [InlineData("""{\"b\":""")]
    public async Task Decode_RestOfACallUnderTheNextIndex_BelongsToTheCall(string head)
    {
        var rest = head.Length == 0 ? """{\"b\":2}""" : "2}";
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"id":"k1","function":{"name":"f","arguments":"{\"a\":1}"}}] """),
            OpenAIChatWire.Delta($$$""" "tool_calls":[{"index":0,"id":"k2","function":{"name":"g","arguments":"{{{head}}}"}}] """),
            OpenAIChatWire.Delta($$$""" "tool_calls":[{"index":1,"function":{"arguments":"{{{rest}}}"}}] """),
            OpenAIChatWire.Delta("", "tool_calls"),
            "[DONE]"));

        events.OfType<ToolCallCompleted>().Select(call => call.Name + call.ArgumentsText).Should().Equal("""f{"a":1}""", """g{"b":2}""");
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task Decode_ArgumentsThatBelongToNoCall_SealNone()
    {
        var (events, exception) = await OpenAIChatWire.DecodeAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"id":"k1","function":{"name":"f","arguments":"{}"}}] """),
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":1,"function":{"arguments":"{}"}}] """),
            OpenAIChatWire.Delta("", "tool_calls"),
            "[DONE]"));

        events.OfType<ToolCallCompleted>().Should().BeEmpty();
        exception.Should().BeOfType<StreamProtocolException>().Which.Error.Should().Be(StreamProtocolError.InvalidPayload);
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

    [Theory]
    [Trait("Law", "3")]
    [InlineData("""{"a":"\ud83d"}""")]
    [InlineData(""" "{\"a\":\"\\ud83d\"}" """)]
    [InlineData(""" "{\"a\":\"\ud83d\"}" """)]
    [InlineData(""" "{\"a\":1}\ud83d" """)]
    [InlineData(""" "{\"a\":\"\ude00\"}" """)]
    public async Task Decode_HalfSurrogateInArguments_IsAnErrorAndNoRepairedText(string arguments)
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta($$$""" "tool_calls":[{"index":0,"id":"k1","function":{"arguments":{{{arguments}}},"name":"f"}}] """),
            OpenAIChatWire.Delta("", "tool_calls"),
            "[DONE]"));

        var call = events.OfType<ToolCallCompleted>().Single();
        call.Arguments.Should().BeNull();
        call.ParseError.Should().NotBeNull();
    }
}
