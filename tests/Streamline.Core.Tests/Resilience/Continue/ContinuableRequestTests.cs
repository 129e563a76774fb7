using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Streamline.Tests.Resilience.Continue;

public sealed class ContinuableRequestTests
{
    private const string Format = "the request forces a format";
    private const string Call = "the request forces a tool call";
    private const string Kept = "the provider keeps the conversation";

    [Theory]
    [InlineData("response_format", Format)]
    [InlineData("format", Format)]
    [InlineData("responseSchema", Format)]
    [InlineData("response_schema", Format)]
    [InlineData("responseJsonSchema", Format)]
    [InlineData("response_json_schema", Format)]
    [InlineData("responseMimeType", Format)]
    [InlineData("response_mime_type", Format)]
    [InlineData("guided_json", Format)]
    [InlineData("guided_regex", Format)]
    [InlineData("guided_choice", Format)]
    [InlineData("guided_grammar", Format)]
    [InlineData("structured_outputs", Format)]
    [InlineData("grammar", Format)]
    [InlineData("json_schema", Format)]
    [InlineData("RESPONSE_FORMAT", Format)]
    [InlineData("tool_choice", Call)]
    [InlineData("toolConfig", Call)]
    [InlineData("tool_config", Call)]
    [InlineData("messages", Kept)]
    [InlineData("input", Kept)]
    [InlineData("contents", Kept)]
    [InlineData("conversation", Kept)]
    [InlineData("prompt", Kept)]
    [InlineData("previous_response_id", Kept)]
    [InlineData("previous_interaction_id", Kept)]
    [InlineData("temperature", null)]
    public void FindObstacle_MemberOfTheBody_PreventsAContinuation(string member, string? obstacle) =>
        ContinuableRequest.FindObstacle(With(new JsonObject { [member] = new JsonObject() })).Should().Be(obstacle);

    [Theory]
    [InlineData("""{"a":{"format":1}}""", Format)]
    [InlineData("""{"a":{"b":{"format":1}}}""", Format)]
    [InlineData("""{"a":{"b":{"c":{"format":1}}}}""", null)]
    [InlineData("""{"a":{"messages":1}}""", null)]
    public void FindObstacle_FormatWithinOtherMembers_IsFoundInTheUpperThreeLevels(string body, string? obstacle) =>
        ContinuableRequest.FindObstacle(With(JsonNode.Parse(body)!.AsObject())).Should().Be(obstacle);

    [Fact]
    public void FindObstacle_Options_PreventAContinuation()
    {
        Find(new() { ResponseFormat = ChatResponseFormat.Json }).Should().Be(Format);
        Find(new() { ResponseFormat = ChatResponseFormat.Text }).Should().BeNull();
        Find(new() { ToolMode = ChatToolMode.RequireAny }).Should().Be(Call);
        Find(new() { ToolMode = ChatToolMode.Auto }).Should().BeNull();
        Find(new() { ContinuationToken = ResponseContinuationToken.FromBytes(new byte[] { 1 }) }).Should().Be("the request resumes an earlier response");
        Find(new() { ConversationId = "c" }).Should().Be(Kept);
        Find(new() { ConversationId = "" }).Should().BeNull();
        Find(null).Should().BeNull();

        static string? Find(ChatOptions? options) => ContinuableRequest.FindObstacle(With(null, options));
    }

    [Theory]
    [InlineData("thinking", true)]
    [InlineData("reasoning", true)]
    [InlineData("reasoning_effort", true)]
    [InlineData("enable_thinking", true)]
    [InlineData("chat_template_kwargs", true)]
    [InlineData("think", true)]
    [InlineData("additionalModelRequestFields", true)]
    [InlineData("temperature", false)]
    public void MayReason_MemberOfTheBody_Tells(string member, bool expected) => ContinuableRequest.MayReason(With(new JsonObject { [member] = 1 })).Should().Be(expected);

    [Theory]
    [InlineData(null, true)]
    [InlineData(ReasoningEffort.Low, true)]
    [InlineData(ReasoningEffort.None, false)]
    public void MayReason_Options_Tell(ReasoningEffort? effort, bool expected) =>
        ContinuableRequest.MayReason(With(null, new ChatOptions { Reasoning = new ReasoningOptions { Effort = effort } })).Should().Be(expected);

    [Fact]
    public void MayReason_NothingIsSaid_IsFalse()
    {
        ContinuableRequest.MayReason(With(null)).Should().BeFalse();
        ContinuableRequest.MayReason(With(null, new ChatOptions())).Should().BeFalse();
    }

    private static StreamRequest With(JsonObject? body, ChatOptions? options = null) => new() { Messages = [], ExtraBody = body, Options = options };
}
