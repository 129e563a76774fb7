using static Streamline.Tests.Protocols.OpenAIResponses.OpenAIResponsesEventDecoderTests;
using static Streamline.Tests.Protocols.OpenAIResponses.OpenAIResponsesWire;

namespace Streamline.Tests.Protocols.OpenAIResponses;

/// <summary>Gateways that end an item and then say more of it.</summary>
public sealed class OpenAIResponsesLateEventTests
{
    private const string Message = """{"id":"msg_1","type":"message","status":"in_progress","content":[],"role":"assistant"}""";

    [Theory]
    [InlineData("1 2 3")]
    [InlineData(null)]
    [Trait("Law", "1")]
    [Trait("Law", "14")]
    public async Task Decode_TextAfterTheEndOfItsItem_IsAFurtherBlockOfIt(string? listed)
    {
        var events = await DecodeAllWaysAsync(Stream(
            Created,
            Added(0, Message),
            Delta("output_text", 0, "1"),
            Event("output_text.done", 0, """ "text":"1" """),
            Event("content_part.done", 0, """ "part":{"type":"output_text","text":"1"} """),
            Done(0, Whole("1")),
            Delta("output_text", 0, " 2"),
            Delta("output_text", 0, " 3"),
            CompletedWith(listed is null ? "" : Whole(listed))));

        Describe(events).Should().Equal("start 0 Text", "text 0 1", "end 0 Text", "start 1 Text", "text 1  2", "text 1  3", "end 1 Text");
        events.OfType<ContentCompleted>().Last().Raw!.Value.GetRawText().Should().Be("""{"id":"msg_1","type":"message","role":"assistant","status":"completed"}""");
        var input = NextRequest([Fold(events).ToChatMessage()])["input"]!.AsArray();
        input.Should().ContainSingle("both blocks are parts of one item");
        input[0]!["content"]!.AsArray().Select(part => part!["text"]!.GetValue<string>()).Should().Equal("1", " 2 3");
    }

    [Fact]
    [Trait("Law", "14")]
    public async Task Decode_ReasoningAfterTheEndOfItsItem_IsAFurtherBlockWithTheSameSeal()
    {
        var events = await DecodeAllWaysAsync(Response(
            Added(0, """{"id":"rs_1","type":"reasoning","summary":[]}"""),
            Delta("reasoning_summary_text", 0, "h"),
            Done(0, """{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"h"}],"encrypted_content":"E"}"""),
            Delta("reasoning_summary_text", 0, "m"),
            Added(1, Message),
            Delta("output_text", 1, "Hi"),
            Done(1, Whole("Hi"))));

        Describe(events).Should().Equal(
            "start 0 Reasoning", "reasoning 0 h", "end 0 Reasoning signed E", "start 1 Reasoning", "reasoning 1 m",
            "start 2 Text", "text 2 Hi", "end 2 Text", "end 1 Reasoning signed E");
        var reasoning = NextRequest([Fold(events).ToChatMessage()])["input"]![0]!;
        reasoning.ToJsonString().Should().Be("""{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"h"},{"type":"summary_text","text":"m"}],"encrypted_content":"E"}""");
    }

    [Theory]
    [InlineData("1 2", " 2")]
    [InlineData("1", null)]
    [InlineData("", null)]
    [Trait("Law", "14")]
    public async Task Decode_MoreTextInTheWholeResponseThanInItsItem_IsShown(string listed, string? rest)
    {
        var events = await DecodeAllWaysAsync(Stream(Created, Added(0, Message), Delta("output_text", 0, "1"), Done(0, Whole("1")), CompletedWith(Whole(listed))));

        Fold(events).Text.Should().Be("1" + rest);
        events.OfType<ProviderMetadata>().Should().BeEmpty();
    }

    [Fact]
    [Trait("Law", "14")]
    public async Task Decode_OtherTextInTheWholeResponse_IsReported()
    {
        var events = await DecodeAllWaysAsync(Stream(Created, Added(0, Message), Delta("output_text", 0, "1"), Done(0, Whole("1")), CompletedWith(Whole("other"))));

        Describe(events).Should().Equal("start 0 Text", "text 0 1", "end 0 Text", "aside 0 text");
    }

    [Fact]
    public async Task Decode_EventsThatRepeatAnEnd_AddNothing()
    {
        var events = await DecodeAllWaysAsync(Stream(
            Created,
            Added(0, Message),
            Delta("output_text", 0, "a\nb"),
            Done(0, Whole("a\\nb")),
            Event("output_text.done", 0, """ "text":"a\nb" """),
            Done(0, Whole("a\\nb")),
            CompletedWith(Whole("a\\u000Ab"))));

        Describe(events).Should().Equal("start 0 Text", "text 0 a\nb", "end 0 Text", "unknown response.output_text.done");
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task Decode_ArgumentsAfterTheEndOfTheirCall_ArePassedOn()
    {
        const string Call = """{"id":"fc_1","type":"function_call","call_id":"k","name":"f","arguments":"{}","status":"completed"}""";
        var events = await DecodeAllWaysAsync(Response(Added(0, Call), Done(0, Call), Delta("function_call_arguments", 0, "late")));

        Describe(events).Should().Equal("call 0 k f", "input 0 {}", "called 0 {}", "unknown response.function_call_arguments.delta");
    }

    private static string Whole(string text) =>
        $$"""{"id":"msg_1","type":"message","status":"completed","content":[{"type":"output_text","text":"{{text}}","annotations":[]}],"role":"assistant"}""";

    private static string CompletedWith(string items) => Completed.Replace("\"output\":[]", $"\"output\":[{items}]", StringComparison.Ordinal);
}
