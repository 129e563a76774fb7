using System.Text;
using System.Text.Json;
using Streamline.Protocols;
using Streamline.Protocols.OpenAIResponses;
using Streamline.TestSupport;
using static Streamline.Tests.Protocols.OpenAIResponses.OpenAIResponsesEventDecoderTests;
using static Streamline.Tests.Protocols.OpenAIResponses.OpenAIResponsesWire;

namespace Streamline.Tests.Protocols.OpenAIResponses;

/// <summary>What servers do that keep less to the specification, and what none should do.</summary>
public sealed class OpenAIResponsesServerTests
{
    private const string Call = """{"id":"fc","type":"function_call","call_id":"c","name":"f","arguments":"","status":"in_progress"}""";

    public static TheoryData<string, string[], string[]> Lenient => new()
    {
        { "no beginning of items and parts", [Delta("output_text", 0, "Hi")], ["start 0 Text", "text 0 Hi", "end 0 Text"] },
        { "no deltas, the text in its end",
            [Added(0, """{"type":"message"}"""), Event("output_text.done", 0, "\"text\":\"Hi\"")],
            ["start 0 Text", "text 0 Hi", "end 0 Text"] },
        { "no deltas, the text in the item",
            [Done(0, """{"type":"message","content":[{"type":"output_text","text":"Hi"},{"type":"output_text","text":"Ho"}]}""")],
            ["start 0 Text", "text 0 Hi", "end 0 Text", "start 1 Text", "text 1 Ho", "end 1 Text"] },
        { "a last delta that is missing",
            [Delta("output_text", 0, "Hi"), Event("output_text.done", 0, "\"text\":\"Hi there\"")],
            ["start 0 Text", "text 0 Hi", "text 0  there", "end 0 Text"] },
        { "an end that says otherwise",
            [Delta("output_text", 0, "Hi"), Event("output_text.done", 0, "\"text\":\"Hello\"")],
            ["start 0 Text", "text 0 Hi", "aside 0 text", "end 0 Text"] },
        { "an empty text without deltas",
            [Event("content_part.added", 0, """ "part":{"type":"output_text","text":""} """), Event("content_part.done", 0, """ "part":{"type":"output_text","text":""} """)],
            ["start 0 Text", "end 0 Text"] },
        { "text that begins with its part",
            [Event("content_part.added", 0, """ "part":{"type":"output_text","text":"H"} """), Delta("output_text", 0, "i")],
            ["start 0 Text", "text 0 H", "text 0 i", "end 0 Text"] },
        { "an id that changes with every event",
            [Added(0, """{"id":"a","type":"message"}"""), Delta("output_text", 0, "a").Replace("i_0", "b"), Delta("output_text", 0, "b").Replace("i_0", "cc"), Delta("output_text", 0, "c").Replace("i_0", "d")],
            ["start 0 Text", "text 0 a", "text 0 b", "text 0 c", "end 0 Text"] },
        { "reasoning in the clear",
            [Added(0, """{"id":"r","type":"reasoning","content":[],"summary":[]}"""), Delta("reasoning_text", 0, "hm"), Done(0, """{"id":"r","type":"reasoning","content":[{"type":"reasoning_text","text":"hm"}],"summary":[]}""")],
            ["start 0 Reasoning", "reasoning 0 hm", "end 0 Reasoning"] },
        { "a call without the end of its arguments",
            [Added(0, Call), Delta("function_call_arguments", 0, "{}"), Done(0, Call.Replace("\"\"", "\"{}\"").Replace("in_progress", "completed"))],
            ["call 0 c f", "input 0 {}", "called 0 {}"] },
        { "a call without deltas",
            [Added(0, Call), Event("function_call_arguments.done", 0, """ "arguments":"{}" """)],
            ["call 0 c f", "input 0 {}", "called 0 {}"] },
        { "a call that only ends", [Done(0, """{"type":"function_call","call_id":"c","name":"f","arguments":"{\"a\":1}"}""")], ["call 0 c f", "input 0 {\"a\":1}", "called 0 {\"a\":1}"] },
        { "a call whose name comes last",
            [Delta("function_call_arguments", 0, "{}"), Done(0, """{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}""")],
            ["call 0 c f", "input 0 {}", "called 0 {}"] },
        { "arguments whose end says otherwise",
            [Added(0, Call), Delta("function_call_arguments", 0, "{\"a\":"), Event("function_call_arguments.done", 0, """ "arguments":"{\"a\":1}" """)],
            ["call 0 c f", "input 0 {\"a\":", "called 0 {\"a\":1}"] },
        { "arguments that are a value",
            [Added(0, Call), Done(0, """{"type":"function_call","call_id":"c","name":"f","arguments":{"a":1}}""")],
            ["call 0 c f", "input 0 {\"a\":1}", "called 0 {\"a\":1}"] },
        { "a call without an id of the call", [Done(0, """{"id":"fc","type":"function_call","name":"f","arguments":""}""")], ["call 0 fc f", "called 0 "] },
        { "a call without any id", [Done(0, """{"type":"function_call","name":"f","arguments":""}""")], ["call 0 call_resp_1_0 f", "called 0 "] },
        { "a call that was cut", [Added(0, Call), Delta("function_call_arguments", 0, "{}"), Done(0, Call.Replace("in_progress", "incomplete"))], ["call 0 c f", "input 0 {}", "called 0 {} with an error"] },
        { "a call that is open at the end", [Added(0, Call), Delta("function_call_arguments", 0, "{}")], ["call 0 c f", "input 0 {}", "called 0 {} with an error"] },
        { "two calls one within the other",
            [Added(0, Call), Added(1, Call.Replace("\"c\"", "\"d\"")), Delta("function_call_arguments", 1, "{}"), Delta("function_call_arguments", 0, "[]"), Done(1, Call.Replace("\"c\"", "\"d\"").Replace("in_progress", "completed")), Done(0, Call.Replace("in_progress", "completed"))],
            ["call 0 c f", "call 1 d f", "input 1 {}", "input 0 []", "called 1 {}", "called 0 [] with an error"] },
        { "parts without a type", [Event("content_part.added", 0, "\"part\":{}"), Event("content_part.done", 0, "\"part\":{\"x\":1}")], ["start 0 Other", "end 0 Other"] },
        { "an event that does not fit its item", [Added(0, Call), Delta("output_text", 0, "x")], ["call 0 c f", "start 1 Text", "text 1 x", "called 0  with an error", "end 1 Text"] },
        { "deltas of nothing", [Event("output_text.delta", 0, "\"delta\":null"), Event("output_text.delta", 0, "")], ["start 0 Text", "unknown response.output_text.delta", "unknown response.output_text.delta", "end 0 Text"] },
    };

    [Theory]
    [MemberData(nameof(Lenient))]
    public async Task Decode_LenientServer_GivesTheAnswer(string what, string[] payloads, string[] expected) =>
        Describe(await DecodeAllWaysAsync(Response(payloads))).Should().Equal(expected, what);

    [Fact]
    public async Task Decode_OnlyTheWholeResponse_IsTheAnswer()
    {
        var events = await DecodeAllWaysAsync(Stream(
            Created,
            """{"type":"response.completed","response":{"status":"completed","output":[{"id":"m","type":"message","status":"completed","content":[{"type":"output_text","text":"Hi"}]},{"id":"fc","type":"function_call","call_id":"c","name":"f","arguments":"{}"}]}}"""));

        Describe(events).Should().Equal("start 0 Text", "text 0 Hi", "end 0 Text", "call 1 c f", "input 1 {}", "called 1 {}");
        events[^1].Should().BeOfType<ResponseCompleted>().Which.FinishReason.Should().Be(FinishReason.ToolCalls);
    }

    [Fact]
    public async Task Decode_AnItemThatOnlyTheEndCompletes_IsCompletedByIt()
    {
        var events = await DecodeAllWaysAsync(Stream(
            Created,
            Added(0, Call),
            """{"type":"response.completed","response":{"status":"completed","output":[{"id":"fc","type":"function_call","call_id":"c","name":"f","arguments":"{}","status":"completed"}]}}"""));

        Describe(events).Should().Equal("call 0 c f", "input 0 {}", "called 0 {}");
    }

    [Fact]
    public async Task Decode_ResumedStream_BringsWhatFollowsAndNothingTwice()
    {
        const string Item = """{"id":"m2","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"2 + 2 equals 4.","annotations":[]}]}""";
        string[] frames =
        [
            Numbered(0, Created),
            Numbered(1, Added(0, """{"id":"m1","type":"message"}""")),
            Numbered(2, Delta("output_text", 0, "Before.")),
            Numbered(3, Done(0, """{"id":"m1","type":"message","content":[{"type":"output_text","text":"Before."}]}""")),
            Numbered(4, Added(1, """{"id":"m2","type":"message","role":"assistant"}""")),
            Numbered(5, Event("content_part.added", 1, """ "part":{"type":"output_text","text":""} """)),
            Numbered(6, Delta("output_text", 1, "2 + 2")),
            Numbered(7, Delta("output_text", 1, " equals 4.")),
            Numbered(8, Event("output_text.done", 1, "\"text\":\"2 + 2 equals 4.\"")),
            Numbered(9, Event("content_part.done", 1, """ "part":{"type":"output_text","text":"2 + 2 equals 4."} """)),
            Numbered(10, Done(1, Item)),
            Numbered(11, Done(2, """{"id":"fc","type":"function_call","call_id":"c","name":"f","arguments":"{}"}""")),
            Numbered(12, $$$"""{"type":"response.completed","response":{"status":"completed","output":[{"id":"m1","type":"message","content":[{"type":"output_text","text":"Before."}]},{{{Item}}},{"id":"fc","type":"function_call","call_id":"c","name":"f","arguments":"{}"}]}}"""),
        ];
        for (var after = 0; after < frames.Length - 1; after++)
        {
            var first = (await WireRun.ReadAsync(StreamProtocols.OpenAIResponses, Stream(frames[..(after + 1)]))).Events;
            var rest = await DecodeAllWaysAsync(Stream(frames[(after + 1)..]));

            rest[0].Should().BeOfType<ResponseStarted>();
            string.Concat(first.Concat(rest).OfType<TextDelta>().Select(delta => delta.Text)).Should().Be("Before.2 + 2 equals 4.", "the stream was left after event {0}", after);
            first.Concat(rest).OfType<ToolCallCompleted>().Should().ContainSingle("the stream was left after event {0}", after);
            rest[^1].Should().BeOfType<ResponseCompleted>();
        }

        static string Numbered(int number, string payload) =>
            payload.Replace("\"sequence_number\":0,", "", StringComparison.Ordinal).Insert(1, $"\"sequence_number\":{number},");
    }

    [Fact]
    public async Task Decode_SurrogatePairSplitOverDeltas_IsWhole()
    {
        var events = await DecodeAllWaysAsync(Response(
            Added(0, """{"type":"message"}"""),
            """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"a\ud83d"}""",
            """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"\ude00b"}""",
            """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"\ud83d"}""",
            """{"type":"response.output_text.done","output_index":0,"content_index":0,"text":"a\ud83d\ude00b\ud83d"}"""));

        events.OfType<TextDelta>().Select(delta => delta.Text).Should().Equal("a", "😀b", "�");
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task Decode_ManyAndLargeDeltas_AreLinearAndWhole()
    {
        const int Deltas = 100_000;
        var delta = Delta("output_text", 0, "x");
        var body = Stream(Created, Added(0, """{"type":"message"}""")) + string.Concat(Enumerable.Repeat(Stream(delta), Deltas))
            + Stream(Delta("output_text", 0, new string('y', 10_000_000)), Completed);

        var (events, exception) = await WireRun.ReadAsync(StreamProtocols.OpenAIResponses, body);

        exception.Should().BeNull();
        events.OfType<TextDelta>().Sum(text => text.Text.Length).Should().Be(Deltas + 10_000_000);
    }

    public static TheoryData<string, string> Faults => new()
    {
        { "data: {\"type\":\n\n", "not JSON" },
        { "data: [1]\n\n", "of kind Array" },
        { Stream("""{"type":"response.output_item.added","output_index":0}"""), "'item'" },
        { Stream("""{"type":"response.output_item.done","output_index":0,"item":null}"""), "'item'" },
        { Stream(Done(0, """{"type":"function_call","call_id":"c"}""")), "without a name" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Decode_MalformedPayload_IsAProtocolErrorWithItsPlace(string body, string what)
    {
        var (events, exception) = await WireRun.ReadAsync(StreamProtocols.OpenAIResponses, Stream(Created) + body);

        exception.Should().BeOfType<StreamProtocolException>().Which.Message.Should().Contain(what);
        events.Should().ContainSingle(e => e is ResponseStarted).And.NotContain(e => e is ResponseCompleted);
    }

    [Theory]
    [Trait("Law", "8")]
    [InlineData(nameof(StreamReadOptions.MaxArgumentBytes))]
    [InlineData(nameof(StreamReadOptions.MaxArgumentDepth))]
    [InlineData(nameof(StreamReadOptions.MaxOpenBlocks))]
    public async Task Decode_PastALimit_NamesIt(string limit)
    {
        var options = new StreamReadOptions { MaxArgumentBytes = 8, MaxArgumentDepth = 3, MaxOpenBlocks = 2 };
        var payloads = limit switch
        {
            nameof(StreamReadOptions.MaxArgumentBytes) => [Added(0, Call), Delta("function_call_arguments", 0, "{\"a\":"), Delta("function_call_arguments", 0, "1234}")],
            nameof(StreamReadOptions.MaxArgumentDepth) => [Added(0, Call), Delta("function_call_arguments", 0, "[[[[")],
            _ => new[] { Added(0, Call), Added(1, Call), Added(2, Call) },
        };

        var (_, exception) = await WireRun.ReadAsync(StreamProtocols.OpenAIResponses, Encoding.UTF8.GetBytes(Response(payloads)), options: options);

        exception.Should().BeOfType<StreamLimitException>().Which.LimitName.Should().Be(limit);
    }

    [Fact]
    [Trait("Law", "4")]
    public async Task Complete_WithoutATerminalEvent_SaysWhere()
    {
        (await EndOf("")).Message.Should().Contain("without response.created");
        (await EndOf(Stream(Created))).Message.Should().Contain("without response.completed,");
        var cut = await EndOf(Stream(Created, Added(3, Call), Delta("function_call_arguments", 3, "{")));
        cut.Message.Should().Contain("within item 3");
        cut.PartialResponse!.Messages.Select(message => message.Contents.Count).Should().Equal(1, 1);

        static async Task<StreamInterruptedException> EndOf(string body) =>
            (await WireRun.ReadAsync(StreamProtocols.OpenAIResponses, body)).Exception.Should().BeOfType<StreamInterruptedException>().Subject;
    }

    [Fact]
    public async Task Decode_EventsAfterTheEnd_AreNotRead()
    {
        var events = await DecodeAllWaysAsync(Stream(Created, Completed, "{\"type\":\"error\"}"));

        events[^1].Should().BeOfType<ResponseCompleted>();
    }

    [Fact]
    public void SequenceNumber_OfPredictedAndParsedEvents_IsTheLast()
    {
        var decoder = new OpenAIResponsesEventDecoder(new StreamReadOptions(), requestId: null);
        decoder.SequenceNumber.Should().BeNull();
        for (var number = 7; number < 2000; number += 31)
        {
            var payload = $$"""{"type":"response.output_text.delta","sequence_number":{{number}},"output_index":0,"content_index":0,"delta":"x"}""";
            decoder.Decode(default, Encoding.UTF8.GetBytes(payload), byteOffset: 0);
            decoder.SequenceNumber.Should().Be(number);
        }
    }
}
