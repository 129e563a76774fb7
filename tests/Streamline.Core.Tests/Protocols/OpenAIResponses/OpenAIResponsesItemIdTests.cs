using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using static Streamline.Tests.Protocols.OpenAIResponses.OpenAIResponsesWire;

namespace Streamline.Tests.Protocols.OpenAIResponses;

/// <summary>Which ids of items go back, and which items.</summary>
public sealed class OpenAIResponsesItemIdTests
{
    private const string Reasoning = """{"id":"rs_1","type":"reasoning","summary":[],"encrypted_content":"E"}""";
    private const string Message = """{"id":"msg_1","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hi","annotations":[]}]}""";
    private const string Call = """{"id":"fc_1","type":"function_call","call_id":"k","name":"f","arguments":"{}","status":"completed"}""";

    [Theory]
    [InlineData(Message, "msg_1")]
    [InlineData(Call, "fc_1")]
    [InlineData("""{"id":"ctc_1","type":"custom_tool_call","call_id":"k","name":"sql","input":"1","status":"completed"}""", "ctc_1")]
    [InlineData("""{"id":"ws_1","type":"web_search_call","status":"completed","action":{"type":"search"}}""", "ws_1")]
    [Trait("Law", "13")]
    public async Task Write_IdOfAnItem_GoesBackWhenTheProviderTakesIt(string item, string id)
    {
        (await SentIdAsync(item)).Should().Be(id);
        (await SentIdAsync(WithId(item, id, "chatcmpl-1"))).Should().BeNull("it does not begin as the ids of the type do");
        (await SentIdAsync(WithId(item, id, id.PadRight(65, 'x')))).Should().BeNull("it is longer than 64 characters");
        (await SentIdAsync(WithId(item, id, id.PadRight(64, 'x')))).Should().NotBeNull("it is 64 characters long");
    }

    [Theory]
    [InlineData("""{"id":"ci_1","type":"code_interpreter_call","status":"completed","container_id":"c","code":"1","outputs":[]}""", "ci_1")]
    [InlineData("""{"id":"mcp_1","type":"mcp_call","status":"completed","name":"ask","server_label":"s","arguments":"{}","output":"o"}""", "mcp_1")]
    [InlineData("""{"id":"ref_1","type":"item_reference"}""", "ref_1")]
    [Trait("Law", "13")]
    public async Task Write_IdThatIsRequired_GoesBackInAnyCase(string item, string id)
    {
        var other = "chatcmpl".PadRight(65, 'x');

        (await SentIdAsync(WithId(item, id, other))).Should().Be(other);
    }

    [Theory]
    [InlineData("chatcmpl-1")]
    [InlineData("rs_1234567890123456789012345678901234567890123456789012345678901234567890")]
    [Trait("Law", "13")]
    public async Task Write_EncryptedReasoningWithAnIdThatIsRefused_GoesBackWithoutItAndSoDoesWhatItLedTo(string id)
    {
        var input = await SendAsync(WithId(Reasoning, "rs_1", id), Message);

        input[0]!.ToJsonString().Should().Be("""{"type":"reasoning","summary":[],"encrypted_content":"E"}""");
        input[1]!["id"].Should().BeNull("its reasoning cannot be found by an id");
    }

    [Fact]
    [Trait("Law", "13")]
    public async Task Write_ReasoningThatOnlyItsIdNames_KeepsIt()
    {
        var input = await SendAsync("""{"id":"of-another-server","type":"reasoning","summary":[]}""", Message);

        input.Select(item => (string?)item!["id"]).Should().Equal("of-another-server", "msg_1", null);
    }

    [Fact]
    [Trait("Law", "13")]
    public async Task Write_ItemsWhoseReasoningIsNotInTheHistory_GoBackWithoutIds()
    {
        var answer = await AnswerAsync(Reasoning, Call, Message);
        ChatMessage result = new(ChatRole.Tool, [new FunctionResultContent("k", "1")]);

        Ids(NextRequest([answer, result])).Should().Equal("rs_1", "fc_1", "msg_1", null);

        answer.Contents.RemoveAt(0);
        Ids(NextRequest([answer, result])).Should().Equal(null, null, null);
    }

    [Fact]
    [Trait("Law", "13")]
    public async Task Write_ReasoningOfAnEarlierTurn_SaysNothingOfTheNextOne()
    {
        ChatMessage[] messages = [await AnswerAsync(Reasoning, Message), new(ChatRole.User, "And?"), await AnswerAsync(Message.Replace("msg_1", "msg_2", StringComparison.Ordinal))];

        Ids(NextRequest(messages)).Should().Equal("rs_1", "msg_1", null, null);
    }

    [Fact]
    [Trait("Law", "13")]
    public async Task Write_MessageThatAGatewayOnlyEnded_IsLeftOut()
    {
        var empty = Message.Replace("Hi", "", StringComparison.Ordinal);

        (await SendAsync(Reasoning, Call, empty)).Select(item => (string?)item!["type"]).Should().Equal("reasoning", "function_call", "function_call_output", "message");
        (await SendAsync(empty)).Select(item => (string?)item!["role"]).Should().Equal("user");
    }

    private static async Task<string?> SentIdAsync(string item) => (string?)(await SendAsync(Reasoning, item))[1]!["id"];

    private static async Task<JsonArray> SendAsync(params string[] items)
    {
        ChatMessage answer = await AnswerAsync(items);
        var results = answer.Contents.OfType<FunctionCallContent>().Select(AIContent (call) => new FunctionResultContent(call.CallId, "1")).ToList();
        return NextRequest([answer, .. results.Count > 0 ? [new ChatMessage(ChatRole.Tool, results)] : Array.Empty<ChatMessage>(), new(ChatRole.User, "Go on.")])["input"]!.AsArray();
    }

    private static async Task<ChatMessage> AnswerAsync(params string[] items) => Fold(await DecodeAllWaysAsync(Response(items.Select((item, index) => Done(index, item))))).ToChatMessage();

    private static IEnumerable<string?> Ids(JsonObject request) => request["input"]!.AsArray().Select(item => (string?)item!["id"]);

    private static string WithId(string item, string id, string other) => item.Replace($"\"{id}\"", JsonSerializer.Serialize(other), StringComparison.Ordinal);
}
