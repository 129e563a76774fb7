using System.Net;
using System.Text;
using Streamline.Protocols;
using Streamline.TestSupport;
using static Streamline.Tests.Protocols.Anthropic.AnthropicPayloads;

namespace Streamline.Tests.Protocols.Anthropic;

/// <summary>What a decoder does with streams that break off, fail, are malformed, hold what is not known, or are too much.</summary>
public class AnthropicDecoderFaultTests
{
    [Fact]
    [Trait("Law", "4")]
    public async Task Decode_BodyWithoutTerminalEvent_IsInterruptedUnlessTheStopReasonHasCome()
    {
        var (events, none) = await WireRun.ReadAsync(StreamProtocols.Anthropic, Frames(Start, TextStart, Words("Hel"), BlockStop, End));
        none.Should().BeNull();
        events[^1].Should().BeOfType<ResponseCompleted>().Which.RawFinishReason.Should().Be("end_turn");

        var (_, exception) = await WireRun.ReadAsync(StreamProtocols.Anthropic, Frames(Start, TextStart, Words("Hel"), BlockStop));
        var interrupted = exception.Should().BeOfType<StreamInterruptedException>().Which;
        interrupted.Message.Should().Contain("message_stop");
        interrupted.PartialResponse!.Text.Should().Be("Hel");

        (_, exception) = await WireRun.ReadAsync(StreamProtocols.Anthropic, Frames(Start, TextStart));
        exception.Should().BeOfType<StreamInterruptedException>().Which.Message.Should().Contain("within block 0");

        (_, exception) = await WireRun.ReadAsync(StreamProtocols.Anthropic, "");
        exception.Should().BeOfType<StreamInterruptedException>().Which.Message.Should().Contain("without message_start");
    }

    [Theory]
    [Trait("Law", "5")]
    [InlineData("overloaded_error", 529, true)]
    [InlineData("api_error", 500, true)]
    [InlineData("timeout_error", 504, true)]
    [InlineData("rate_limit_error", 429, true)]
    [InlineData("invalid_request_error", 400, false)]
    [InlineData("authentication_error", 401, false)]
    [InlineData("billing_error", 402, false)]
    [InlineData("permission_error", 403, false)]
    [InlineData("not_found_error", 404, false)]
    [InlineData("request_too_large", 413, false)]
    [InlineData("new_error", null, false)]
    public async Task Decode_ErrorInsideTheStream_IsClassifiedAsItsStatus(string type, int? status, bool isRetryable)
    {
        var error = $$"""{"type":"error","error":{"type":"{{type}}","message":"busy"},"request_id":"req_2"}""";
        var (events, exception) = await WireRun.ReadAsync(
            StreamProtocols.Anthropic, Encoding.UTF8.GetBytes(Frames(Start, TextStart, Words("Hi"), error)), requestId: "req_1");
        events.OfType<TextDelta>().Should().ContainSingle();
        var provider = exception.Should().BeOfType<ProviderException>().Which;
        provider.StatusCode.Should().Be((HttpStatusCode?)status);
        provider.Code.Should().Be(type);
        provider.ProviderMessage.Should().Be("busy");
        provider.IsRetryable.Should().Be(isRetryable);
        provider.IsInBand.Should().BeTrue();
        provider.RequestId.Should().Be("req_2");
        provider.PartialResponse!.Text.Should().Be("Hi");
    }

    [Theory]
    [Trait("Law", "5")]
    [InlineData("""{"error":{"type":"overloaded_error","message":"busy"}}""")]
    [InlineData("data: {\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}\n\n")]
    [InlineData("event: error\ndata: {\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}\n\n")]
    public async Task Decode_ErrorThatIsNoProperEvent_IsAnErrorAllTheSame(string body)
    {
        var (_, exception) = await WireRun.ReadAsync(StreamProtocols.Anthropic, body);
        exception.Should().BeOfType<ProviderException>().Which.StatusCode.Should().Be((HttpStatusCode)529);
    }

    [Fact]
    [Trait("Law", "11")]
    public async Task Decode_UnknownThings_ArePassedOnAndChangeNothing()
    {
        var future = """{"type":"from_the_future","x":1}""";
        var delta = """{"type":"content_block_delta","index":0,"delta":{"type":"glow_delta","glow":"x"}}""";
        var textForUnknownBlock = Words("x").Replace("\"index\":0", "\"index\":1", StringComparison.Ordinal);
        var events = await ReadAsync(
            Start, future, TextStart, delta, Words("a"), BlockStop,
            """{"type":"content_block_start","index":1,"content_block":{"type":"hologram"}}""", textForUnknownBlock, """{"type":"content_block_stop","index":1}""",
            End, Stop);
        events.OfType<ProviderEvent>().Select(e => (e.Name, e.Data)).Should().Equal(
            ("from_the_future", future), ("content_block_delta/glow_delta", delta), ("content_block_delta/text_delta", textForUnknownBlock));
        events.OfType<TextDelta>().Single().Text.Should().Be("a");
    }

    [Fact]
    public async Task Decode_NameOfTheFrameDiffers_ThePayloadCounts()
    {
        var body = Frames(Start, TextStart, Words("a"), BlockStop, End, Stop).Replace("event: content_block_delta", "event: ping", StringComparison.Ordinal);
        var (events, exception) = await WireRun.ReadAsync(StreamProtocols.Anthropic, body);
        exception.Should().BeNull();
        events.OfType<TextDelta>().Single().Text.Should().Be("a");
    }

    [Theory]
    [InlineData("""{"type":"content_block_delta","index":0,""")]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\q"}}""")]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}}}""")]
    [InlineData("""{"type":"message_delta" "delta":{}}""")]
    public async Task Decode_MalformedPayload_NamesTheByteAndDeliversWhatCameBefore(string payload)
    {
        var before = Frames(Start, TextStart, Words("before"));
        var (events, exception) = await WireRun.ReadAsync(StreamProtocols.Anthropic, before + Frames(payload) + Frames(Stop));
        events.OfType<TextDelta>().Single().Text.Should().Be("before");
        var fault = exception.Should().BeOfType<StreamProtocolException>().Which;
        fault.Error.Should().Be(StreamProtocolError.InvalidJson);
        fault.ByteOffset.Should().BeInRange(Encoding.UTF8.GetByteCount(before), Encoding.UTF8.GetByteCount(before + Frames(payload)));
        fault.PartialResponse!.Text.Should().Be("before");
    }

    [Theory]
    [InlineData("42")]
    [InlineData("""{"type":"message_start"}""")]
    [InlineData("""{"type":"message_start","message":"x"}""")]
    [InlineData("""{"type":"content_block_start","content_block":{"type":"text"}}""")]
    [InlineData("""{"type":"content_block_start","index":5}""")]
    [InlineData("""{"type":"content_block_start","index":5,"content_block":{"type":"tool_use","id":"t"}}""")]
    [InlineData("""{"type":"content_block_delta","index":0}""")]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"citations_delta"}}""")]
    public Task Decode_MissingMember_IsAnInvalidPayload(string payload) => FaultAsync(StreamProtocolError.InvalidPayload, Start, TextStart, payload);

    [Theory]
    [InlineData("""{"type":"content_block_delta","delta":{"type":"text_delta","text":"x"}}""", "x")]
    [InlineData("""{"type":"content_block_delta","index":"0","delta":{"type":"text_delta","text":"x"}}""", "x")]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"text":"x"}}""", "x")]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":5}}""", "5")]
    [InlineData("""{"type":"content_block_stop","index":1}""", "")]
    [InlineData("""{"type":"content_block_stop"}""", "")]
    [InlineData("not json at all", null)]
    [Trait("Law", "14")]
    public async Task Decode_LenientServer_LosesNothing(string payload, string? text)
    {
        var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.Anthropic, Encoding.UTF8.GetBytes(Frames(Start, TextStart, payload) + Frames(End, Stop)));

        if (text is null)
        {
            exception.Should().BeOfType<ProviderException>().Which.ProviderMessage.Should().Be(payload);
        }
        else
        {
            exception.Should().BeNull();
            string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text)).Should().Be(text);
        }
    }

    [Theory]
    [InlineData("""{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"x"}}""")]
    [InlineData("""{"type":"content_block_delta","index":1,"delta":{"type":"signature_delta","signature":"x"}}""")]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"x"}}""")]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"x"}}""")]
    [InlineData(TextStart)]
    public Task Decode_EventOutOfPlace_IsUnexpected(string payload) => FaultAsync(StreamProtocolError.UnexpectedEvent, Start, TextStart, payload);

    [Theory]
    [InlineData(TextStart)]
    [InlineData(End)]
    [InlineData(Stop)]
    public Task Decode_EventBeforeTheStart_IsUnexpected(string payload) => FaultAsync(StreamProtocolError.UnexpectedEvent, payload);

    [Fact]
    public Task Decode_PredictedDeltaOfAClosedBlock_IsUnexpected() =>
        FaultAsync(StreamProtocolError.UnexpectedEvent, Start, TextStart, Words("a"), Words("b"), BlockStop, Words("c"));

    [Fact]
    [Trait("Law", "8")]
    public async Task Decode_MoreOpenBlocksThanAllowed_NamesLimitAndFigure()
    {
        var starts = Enumerable.Range(0, 3).Select(i => TextStart.Replace("\"index\":0", $"\"index\":{i}", StringComparison.Ordinal));
        var (_, exception) = await WireRun.ReadAsync(
            StreamProtocols.Anthropic, Encoding.UTF8.GetBytes(Frames([Start, .. starts])), options: new StreamReadOptions { MaxOpenBlocks = 2 });
        var limit = exception.Should().BeOfType<StreamLimitException>().Which;
        limit.LimitName.Should().Be("MaxOpenBlocks");
        limit.Limit.Should().Be(2);
        limit.Actual.Should().Be(3);
    }

    [Fact]
    [Trait("Law", "8")]
    public void Decode_OneHundredThousandDeltas_TakesSpaceInProportion()
    {
        var decoder = StreamProtocols.Anthropic.CreateDecoder(new StreamReadOptions(), requestId: null);
        decoder.Decode([], Encoding.UTF8.GetBytes(Start), 0);
        decoder.Decode([], Encoding.UTF8.GetBytes(ToolStart), 0);
        var open = Encoding.UTF8.GetBytes(Input("{\\\"a\\\":\\\""));
        var delta = Encoding.UTF8.GetBytes(Input("x"));
        decoder.Decode([], open, 0);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100_000; i++)
        {
            decoder.Decode([], delta, 0);
            while (decoder.TryTake(out _))
            {
            }
        }

        // Some hundred bytes per event; reading the arguments anew with each would be some ten gigabytes.
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(100_000L * 400);
    }

    [Fact]
    [Trait("Law", "8")]
    public void Decode_PredictedText_AllocatesTheEventAndItsTextOnly()
    {
        var decoder = StreamProtocols.Anthropic.CreateDecoder(new StreamReadOptions(), requestId: null);
        decoder.Decode([], Encoding.UTF8.GetBytes(Start), 0);
        decoder.Decode([], Encoding.UTF8.GetBytes(TextStart), 0);
        var delta = Encoding.UTF8.GetBytes(Words(" word"));
        Run(1000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(10_000);
        ((GC.GetAllocatedBytesForCurrentThread() - before) / 10_000).Should().BeLessThanOrEqualTo(90);

        void Run(int count)
        {
            for (var i = 0; i < count; i++)
            {
                decoder.Decode([], delta, 0);
                while (decoder.TryTake(out _))
                {
                }
            }
        }
    }

    [Fact]
    public async Task Decode_HalfSurrogatesInRawBlocks_LeaveEventsThatCanBeWritten()
    {
        var events = await ReadAsync(
            Start, """{"type":"content_block_start","index":0,"content_block":{"type":"web_search_tool_result","content":"\ud83d"}}""", BlockStop, End, Stop);
        events.OfType<ContentCompleted>().Single().Raw!.Value.GetProperty("content").GetString().Should().Be("\uFFFD");
        events.ToLines().Should().NotBeEmpty();
    }

    [Theory]
    [Trait("Law", "3")]
    [InlineData("the whole arguments at the start", """{"a":"\ud83d"}""", null)]
    [InlineData("in the text of the deltas", "{}", """{\"a\":\"\\ud83d\"}""")]
    [InlineData("in the string that holds the text", "{}", """{\"a\":\"\ud83d\"}""")]
    [InlineData("at the end of the text", "{}", """{\"a\":1}\ud83d""")]
    [InlineData("the second half alone", "{}", """{\"a\":\"\ude00\"}""")]
    public async Task Decode_HalfSurrogateInArguments_IsAnErrorAndNoRepairedText(string place, string startInput, string? delta)
    {
        var start = $$$"""{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t1","name":"f","input":{{{startInput}}}}}""";
        string[] payloads = [Start, start, .. delta is null ? [] : new[] { Input(delta) }, BlockStop, End, Stop];

        var call = (await ReadAsync(payloads)).OfType<ToolCallCompleted>().Single();

        call.Arguments.Should().BeNull(place);
        call.ParseError.Should().NotBeNull(place);
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task Decode_WholeArgumentsAtTheStart_KeepTheirTextBesideHalvesElsewhere()
    {
        var events = await ReadAsync(
            Start,
            """ {"type":"content_block_start","x":"\ud83d","index":0,"content_block":{"type":"tool_use","id":"t1","name":"f","input":{"a" : "\ud83d\ude00"}}}""",
            BlockStop, End, Stop);

        events.OfType<ToolCallCompleted>().Single().ArgumentsText.Should().Be("""{"a" : "\ud83d\ude00"}""");
    }

    private static async Task FaultAsync(StreamProtocolError error, params string[] payloads)
    {
        var (_, exception) = await WireRun.ReadAsync(StreamProtocols.Anthropic, Frames(payloads));
        var fault = exception.Should().BeOfType<StreamProtocolException>().Which;
        fault.Error.Should().Be(error);
        fault.ByteOffset.Should().BeGreaterThanOrEqualTo(Encoding.UTF8.GetByteCount(Frames(payloads[..^1])));
        fault.Message.Should().Contain("ound").And.Contain("expected");
    }
}
