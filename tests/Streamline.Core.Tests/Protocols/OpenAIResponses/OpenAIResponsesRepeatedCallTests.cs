using static Streamline.Tests.Protocols.OpenAIResponses.OpenAIResponsesEventDecoderTests;
using static Streamline.Tests.Protocols.OpenAIResponses.OpenAIResponsesWire;

namespace Streamline.Tests.Protocols.OpenAIResponses;

/// <summary>Servers that send one call as several items, or run a call themselves.</summary>
public sealed class OpenAIResponsesRepeatedCallTests
{
    private static readonly string[] OneCall = ["call 0 k f", """input 0 {"a":1}""", """called 0 {"a":1}"""];

    [Theory]
    [InlineData("")]
    [InlineData("""{"a":1}""")]
    [InlineData("""{ "a" : 1 }""")]
    [Trait("Law", "7")]
    public async Task Decode_CallThatIsSentAgain_IsOneCall(string again)
    {
        var first = Call("fc_1", """{"a":1}""");
        var second = Call("fc_2", again);
        var events = await DecodeAllWaysAsync(Response(
            Added(0, Call("fc_1", "")), Done(0, first), Added(1, Call("fc_2", "")), Event("function_call_arguments.done", 1, $"\"arguments\":{Quote(again)}"), Done(1, second)));
        var listed = await DecodeAllWaysAsync(Stream(Created, Added(0, Call("fc_1", "")), Done(0, first), CompletedWith(first, second)));
        var ended = await DecodeAllWaysAsync(Response(Added(0, Call("fc_1", "")), Done(0, first), Done(1, second)));

        Describe(events).Should().Equal(OneCall);
        Describe(listed).Should().Equal(OneCall);
        Describe(ended).Should().Equal(OneCall);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [Trait("Law", "7")]
    public async Task Decode_CallThatEndsUnderAnotherItem_IsOneCall(int index)
    {
        var whole = """{"a":1}""";
        var events = await DecodeAllWaysAsync(Stream(Created, Added(0, Call("A", "")), Done(index, Call("B", whole)), CompletedWith(Call("C", whole))));
        var deltas = await DecodeAllWaysAsync(Stream(
            Created,
            Added(0, Call("A", "")),
            $$"""{"type":"response.function_call_arguments.delta","item_id":"B","output_index":1,"delta":{{Quote(whole)}}}""",
            Done(1, Call("B", whole)),
            CompletedWith(Call("C", whole))));

        Describe(events).Should().Equal(OneCall);
        Describe(deltas).Should().Equal(OneCall);
        events[^1].Should().BeOfType<ResponseCompleted>().Which.FinishReason.Should().Be(FinishReason.ToolCalls);
    }

    [Theory]
    [InlineData("""{"a":2}""")]
    [InlineData("""{"a":" 1"}""")]
    [Trait("Law", "1")]
    [Trait("Law", "7")]
    public async Task Decode_OtherArgumentsUnderTheSameCallId_AreTwoCalls(string other)
    {
        var events = await DecodeAllWaysAsync(Response(Added(0, Call("A", "")), Added(1, Call("B", "")), Done(1, Call("B", other)), Done(0, Call("A", """{"a":"1"}"""))));

        events.OfType<ToolCallCompleted>().Select(call => call.ArgumentsText).Should().Equal(other, """{"a":"1"}""");
        events.OfType<ToolCallCompleted>().Select(call => call.CallId).Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Law", "3")]
    public async Task Decode_AnotherCallAtThePlaceOfOneThatNeverEnded_DoesNotCompleteIt(bool isListed)
    {
        var other = Call("B", """{"a":1}""").Replace("\"k\"", "\"k2\"", StringComparison.Ordinal);
        var events = await DecodeAllWaysAsync(Stream([Created, Added(0, Call("A", "")), .. isListed ? [] : new[] { Done(0, other) }, CompletedWith(other)]));

        events.OfType<ToolCallCompleted>().Select(call => (call.CallId, IsWhole: call.ParseError is null)).Should().BeEquivalentTo([("k", false), ("k2", true)]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Law", "7")]
    [Trait("Law", "13")]
    public async Task Decode_CallThatTheServerAnswered_HasItsResultAndWaitsForNobody(bool isListed)
    {
        var call = Call("fc_1", "{}");
        const string Output = """{"type":"function_call_output","id":"fco_1","call_id":"k","output":"18"}""";
        const string Message = """{"id":"msg_1","type":"message","status":"completed","content":[{"type":"output_text","text":"Hi","annotations":[]}],"role":"assistant"}""";
        var events = await DecodeAllWaysAsync(isListed
            ? Stream(Created, CompletedWith(call, Output, Message))
            : Response(Added(0, call), Done(0, call), Added(1, Output), Done(1, Output), Added(2, Message), Done(2, Message)));

        events.OfType<ToolResult>().Should().ContainSingle().Which.Should().Match<ToolResult>(result => result.CallId == "k" && result.Name == "f" && result.Result.GetString() == "18");
        events[^1].Should().BeOfType<ResponseCompleted>().Which.FinishReason.Should().Be(FinishReason.Stop);

        var input = NextRequest(Fold(events).ToChatResponse().Messages)["input"]!.AsArray();
        input.Select(item => item!["type"]!.GetValue<string>()).Should().Equal("function_call", "function_call_output", "message");
        input[1]!.ToJsonString().Should().Be(Output);
    }

    [Fact]
    [Trait("Law", "13")]
    public async Task Decode_ResultBeforeTheEndOfItsCall_AnswersItThen()
    {
        const string Output = """{"type":"function_call_output","call_id":"k","output":[1]}""";
        var events = await DecodeAllWaysAsync(Response(Added(0, Call("fc_1", "")), Done(1, Output), Done(0, Call("fc_1", "{}"))));

        events.Select(streamEvent => streamEvent.GetType()).Should().ContainInOrder(typeof(ToolCallCompleted), typeof(ToolResult), typeof(ResponseCompleted));
        events.OfType<ToolResult>().Single().Result.GetRawText().Should().Be("[1]");
    }

    [Fact]
    [Trait("Law", "7")]
    public async Task Decode_OneOfTwoCallsAnswered_StillWaitsForTheOther()
    {
        var events = await DecodeAllWaysAsync(Response(
            Done(0, Call("fc_1", "{}")),
            Done(1, Call("fc_2", "{}").Replace("\"k\"", "\"k2\"", StringComparison.Ordinal)),
            Done(2, """{"type":"function_call_output","call_id":"k","output":"18"}"""),
            Done(3, """{"type":"function_call_output","call_id":"of an earlier response","output":"18"}""")));

        events.OfType<ToolResult>().Select(result => result.CallId).Should().Equal("k");
        events[^1].Should().BeOfType<ResponseCompleted>().Which.FinishReason.Should().Be(FinishReason.ToolCalls);
    }

    private static string Call(string id, string arguments) =>
        $$"""{"id":"{{id}}","type":"function_call","call_id":"k","name":"f","arguments":{{Quote(arguments)}},"status":"completed"}""";

    private static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static string CompletedWith(params string[] items) => Completed.Replace("\"output\":[]", $"\"output\":[{string.Join(',', items)}]", StringComparison.Ordinal);
}
