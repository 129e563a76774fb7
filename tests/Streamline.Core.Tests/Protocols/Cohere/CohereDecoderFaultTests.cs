using System.Net;
using System.Text;
using Streamline.Protocols;
using Streamline.TestSupport;
using static Streamline.Tests.Protocols.Cohere.CohereWire;

namespace Streamline.Tests.Protocols.Cohere;

/// <summary>What a decoder does with streams that break off, fail, are malformed, contain what is not known, or are too much.</summary>
public sealed class CohereDecoderFaultTests
{
    [Theory]
    [Trait("Law", "4")]
    [InlineData(0, "without message-start")]
    [InlineData(1, "message-end")]
    [InlineData(3, "message-end")]
    [InlineData(4, "message-end")]
    public async Task Decode_BodyWithoutMessageEnd_IsInterrupted(int count, string expected)
    {
        string[] payloads = [Start, TextStart, Words("Hel"), ContentEnd];
        var body = string.Concat(payloads.Take(count).Select(payload => $"data: {payload}\n\n"));

        var (_, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.Cohere, body);

        var interrupted = exception.Should().BeOfType<StreamInterruptedException>().Which;
        interrupted.Message.Should().Contain(expected);
        (interrupted.PartialResponse?.Text ?? "").Should().Be(count > 2 ? "Hel" : "");
    }

    [Fact]
    [Trait("Law", "5")]
    public async Task Decode_EndThatSaysError_IsAnErrorWithWhatHadCome()
    {
        var body = Frames(Start, TextStart, Words("Hi"), End(""" "finish_reason":"ERROR","usage":{},"error":"no valid call","error_type":"INVALID_TOOL_GENERATION" """));
        var (events, exception) = await WireRun.ReadAsync(StreamProtocols.Cohere, Encoding.UTF8.GetBytes(body), requestId: "req_1");

        events.OfType<TextDelta>().Should().ContainSingle();
        var error = exception.Should().BeOfType<ProviderException>().Which;
        error.Should().BeEquivalentTo(new { StatusCode = (HttpStatusCode?)HttpStatusCode.BadRequest, Code = "INVALID_TOOL_GENERATION", ProviderMessage = "no valid call", IsRetryable = false, IsInBand = true, RequestId = "req_1" });
        error.PartialResponse!.Text.Should().Be("Hi");
    }

    [Theory]
    [Trait("Law", "5")]
    [InlineData(""" "finish_reason":"ERROR" """, null, "ERROR", true)]
    [InlineData(""" "finish_reason":"ERROR","error":"broken" """, null, "ERROR", true)]
    [InlineData(""" "finish_reason":"TIMEOUT" """, 504, "TIMEOUT", true)]
    [InlineData(""" "finish_reason":"TIMEOUT","error":"too slow" """, 504, "TIMEOUT", true)]
    [InlineData(""" "finish_reason":"COMPLETE","error":"broken" """, null, "COMPLETE", false)]
    [InlineData(""" "error":{"message":"broken","code":"overloaded"} """, 503, "overloaded", true)]
    public async Task Decode_EndThatFailed_IsAnError(string end, int? status, string code, bool isRetryable)
    {
        var error = await FailAsync<ProviderException>(Start, TextStart, Words("Hi"), ContentEnd, End(end));

        ((int?)error.StatusCode, error.Code, error.IsRetryable).Should().Be((status, code, isRetryable));
    }

    [Theory]
    [Trait("Law", "5")]
    [InlineData("data: {\"id\":\"r\",\"message\":\"invalid api token\"}\n\n", "invalid api token")]
    [InlineData("{\"id\":\"r\",\"message\":\"invalid api token\"}", "invalid api token")]
    [InlineData("event: error\ndata: {\"message\":\"too many requests\"}\n\n", "too many requests")]
    [InlineData("data: {\"error\":{\"message\":\"busy\"}}\n\n", "busy")]
    [InlineData("data: upstream connect error\n\n", "upstream connect error")]
    public async Task Decode_ErrorThatIsNoEventOfTheProtocol_IsAnErrorAllTheSame(string body, string message)
    {
        var (_, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.Cohere, body);

        exception.Should().BeOfType<ProviderException>().Which.ProviderMessage.Should().Be(message);
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task Decode_RepeatedStarts_ChangeNothing()
    {
        var events = await ReadAsync(Start, Start, TextStart, Words("a"), ContentEnd, ContentEnd, CallStart(), CallStart(), Input("{}"), CallEnd, CallEnd, Stop, Stop);

        events.OfType<ResponseStarted>().Should().ContainSingle();
        WireRun.Fold(events).Blocks.Select(block => block.Text).Should().Equal("a", "{}");
        (await FailAsync<StreamProtocolException>(Start, Start.Replace("m1", "m2", StringComparison.Ordinal), Stop)).Error.Should().Be(StreamProtocolError.UnexpectedEvent);
    }

    [Fact]
    public async Task Decode_StartAtAnOpenIndex_EndsWhatIsOpen()
    {
        var events = await ReadAsync(Start, TextStart, Words("a"), TextStart, Words("b"), CallStart(0, "x"), Input("{}"), CallStart(0, "y"), Input("{}"), CallEnd, Stop);

        WireRun.Fold(events).Blocks.Where(block => block.Kind == ContentKind.Text).Select(block => block.Text).Should().Equal("a", "b");
        events.OfType<ToolCallCompleted>().Select(call => (call.CallId, call.Arguments is not null)).Should().Equal(("x", false), ("y", true));
    }

    [Theory]
    [Trait("Law", "14")]
    [InlineData("""{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":{"a":1}}}}}""")]
    [InlineData("""{"type":"tool-plan-delta","delta":{"message":{"tool_plan":["x"]}}}""")]
    [InlineData("""{"type":"tool-call-start","index":0,"delta":{"message":{"tool_calls":"x"}}}""")]
    [InlineData("""{"type":"tool-call-delta","index":7,"delta":{"message":{"tool_calls":{"function":{"arguments":"{}"}}}}}""")]
    [InlineData("""{"type":"citation-start","index":0,"delta":{"message":{"citations":"x"}}}""")]
    [InlineData("""{"type":"debug","prompt":"x"}""")]
    public async Task Decode_WhatIsNotUnderstood_IsPassedThrough(string payload)
    {
        var events = await ReadAsync(Start, TextStart, Words("Hi"), payload, ContentEnd, Stop);

        events.OfType<ProviderEvent>().Should().ContainSingle().Which.Data.Should().Be(payload);
        WireRun.Fold(events).Blocks.Should().ContainSingle().Which.Text.Should().Be("Hi");
    }

    [Theory]
    [InlineData("""{"type":"tool-call-start","index":0,"delta":{"message":{"tool_calls":{"id":"a","function":{}}}}}""", "function.name")]
    [InlineData("""["a"]""", "an object")]
    [InlineData("""{"type":"content-delta",""", "JSON")]
    public async Task Decode_MalformedPayload_SaysWhatWasExpectedAndWhere(string payload, string expected)
    {
        var error = await FailAsync<StreamProtocolException>(Start, TextStart, Words("Hi"), payload, Stop);

        error.Message.Should().Contain("ound").And.Contain("expected").And.Contain(expected);
        error.ByteOffset.Should().BeGreaterThan(0);
        error.PartialResponse!.Text.Should().Be("Hi");
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task Decode_PastALimit_NamesIt()
    {
        string[] contents = [.. Enumerable.Range(0, 4).Select(index => TextStart.Replace("\"index\":0", $"\"index\":{index}", StringComparison.Ordinal))];
        string[] calls = [.. Enumerable.Range(0, 4).Select(index => CallStart(index, "c" + index))];
        foreach (var payloads in new[] { contents, calls })
        {
            var (_, blocks) = await WireRun.ReadAsync(StreamProtocols.Cohere, Encoding.UTF8.GetBytes(Frames([Start, .. payloads])), options: new StreamReadOptions { MaxOpenBlocks = 3 });
            blocks.Should().BeOfType<StreamLimitException>().Which.LimitName.Should().Be(nameof(StreamReadOptions.MaxOpenBlocks));
        }

        var (_, arguments) = await WireRun.ReadAsync(
            StreamProtocols.Cohere, Encoding.UTF8.GetBytes(Frames(Start, CallStart(), Input(new string('1', 50)))), options: new StreamReadOptions { MaxArgumentBytes = 40 });
        arguments.Should().BeOfType<StreamLimitException>().Which.LimitName.Should().Be(nameof(StreamReadOptions.MaxArgumentBytes));
    }

    [Fact]
    [Trait("Law", "4")]
    public async Task Decode_BodyCutAnywhere_KeepsWhatHadCome()
    {
        var body = Encoding.UTF8.GetBytes(Frames(Start, Plan("I look."), CallStart(), Input("""{\"a\":1}"""), CallEnd, TextStart, Words("Hel"), Words("lo"), ContentEnd, Stop));
        for (var length = 0; length < body.Length; length++)
        {
            var (events, exception) = await WireRun.ReadAsync(StreamProtocols.Cohere, body.AsMemory(0, length));

            exception.Should().BeOneOf([null, exception as StreamInterruptedException], "the body ends at {0}", length);
            "Hello".Should().StartWith(string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text)));
            (exception is null).Should().Be(events is [.., ResponseCompleted], "the body ends at {0}", length);
        }
    }
}
