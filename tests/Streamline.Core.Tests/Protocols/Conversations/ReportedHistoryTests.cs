using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.TestSupport.Conversations;

namespace Streamline.Tests.Protocols.Conversations;

/// <summary>Histories that users of other libraries report as refused, sent to every provider.</summary>
[Trait("Law", "13")]
public sealed class ReportedHistoryTests
{
    private static readonly ChatMessage Question = new(ChatRole.User, "What is the weather?");

    public static TheoryData<string> Names => [.. ProviderRules.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Finding", "B1")]
    public void Call_WithoutItsResult_GetsOne(string name)
    {
        var body = Accepted(name, [Question, Calls("abcdefgh1"), Question]);
        Count(body, "abcdefgh1").Should().NotBe(1, "a call goes out with a result or not at all");
    }

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Finding", "B2")]
    public void Text_OfWhiteSpaceOnly_IsNotSent(string name)
    {
        var body = Accepted(name, [Question, new(ChatRole.Assistant, [new TextContent("\n\n"), new FunctionCallContent("abcdefgh1", "weather")]), Result("abcdefgh1"), new(ChatRole.Assistant, " "), Question]);
        Strings(body).Should().NotContain(text => text == "\n\n" || text == " ");
    }

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Finding", "B3")]
    public void ToolName_ThatTheProviderRefuses_IsMadeFit(string name)
    {
        var body = Accepted(
            name,
            [
                Question,
                new(ChatRole.Assistant, [new FunctionCallContent("abcdefgh1", "multi_tool_use.parallel"), new FunctionCallContent("abcdefgh2", " weather"), new FunctionCallContent("abcdefgh3", "")]),
                new(ChatRole.Tool, [new FunctionResultContent("abcdefgh1", "x"), new FunctionResultContent("abcdefgh2", "y"), new FunctionResultContent("abcdefgh3", "z")]),
                Question,
            ]);
        Strings(body).Should().NotContain(" weather");
    }

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Finding", "B4")]
    public void Id_ThatRepeatsInEveryRound_GoesOutOncePerCall(string name)
    {
        ChatMessage[] messages = [Question, Calls("abcdefgh1"), Result("abcdefgh1", "first"), Calls("abcdefgh1"), Result("abcdefgh1", "second"), Question];
        var texts = Strings(Accepted(name, messages)).ToList();
        texts.Should().Contain(text => text.Contains("first")).And.Contain(text => text.Contains("second"));
        texts.Count(text => text == "abcdefgh1").Should().BeLessThanOrEqualTo(2, "one call and its result keep the id");
    }

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Finding", "B6")]
    public void Window_ThatBeginsWithAToolResult_IsAccepted(string name)
    {
        Accepted(name, [Result("abcdefgh1"), new(ChatRole.Assistant, "It rains."), Question]);
        Accepted(name, [new(ChatRole.System, "Be brief."), Result("abcdefgh1"), Calls("abcdefgh2"), Result("abcdefgh2"), Question]);
    }

    private static JsonObject Accepted(string name, IReadOnlyList<ChatMessage> messages)
    {
        var (protocol, model, check) = ProviderRules.All[name];
        var body = RequestBody.Write(protocol, messages, new ChatOptions { Tools = [RequestBody.Weather] }, model: model);
        check(body);
        return body;
    }

    private static ChatMessage Calls(string id) => new(ChatRole.Assistant, [new FunctionCallContent(id, "weather")]);

    private static ChatMessage Result(string id, string text = "18 °C") => new(ChatRole.Tool, [new FunctionResultContent(id, text)]);

    private static int Count(JsonNode body, string text) => Strings(body).Count(found => found == text);

    private static IEnumerable<string> Strings(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Strings(member.Value)),
        JsonArray items => items.SelectMany(Strings),
        JsonValue value when value.TryGetValue(out string? text) => [text],
        _ => [],
    };
}
