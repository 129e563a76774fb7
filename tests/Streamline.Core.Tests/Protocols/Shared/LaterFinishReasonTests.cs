using System.Text;
using Streamline.Protocols;

namespace Streamline.Tests.Protocols.Shared;

/// <summary>Servers that give several reasons: an answer that was cut does not become whole by a stop that follows.</summary>
[Trait("Law", "3")]
public sealed class LaterFinishReasonTests
{
    [Theory]
    [InlineData("max_tokens", "end_turn", FinishReason.Length)]
    [InlineData("refusal", "end_turn", FinishReason.Refusal)]
    [InlineData("end_turn", "max_tokens", FinishReason.Length)]
    public async Task Anthropic_SeveralReasons_ACutCounts(string first, string second, FinishReason expected)
    {
        var reason = (string word) => $$$"""{"type":"message_delta","delta":{"stop_reason":"{{{word}}}"}}""";
        (await ReasonOfAsync(StreamProtocols.Anthropic, """{"type":"message_start","message":{"id":"m","content":[]}}""", reason(first), reason(second), """{"type":"message_stop"}""")).Should().Be(expected);
    }

    [Theory]
    [InlineData("MAX_TOKENS", "STOP", FinishReason.Length)]
    [InlineData("SAFETY", "STOP", FinishReason.ContentFilter)]
    [InlineData("STOP", "MAX_TOKENS", FinishReason.Length)]
    public async Task Gemini_SeveralReasons_ACutCounts(string first, string second, FinishReason expected)
    {
        var reason = (string word) => $$$"""{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"{{{word}}}"}]}""";
        (await ReasonOfAsync(StreamProtocols.Gemini, reason(first), reason(second))).Should().Be(expected);
    }

    [Theory]
    [InlineData("""{"id":"r","error":"over capacity"}""", null)]
    [InlineData("""{"id":"r","error":{"message":"over capacity"}}""", "stop")]
    [Trait("Law", "5")]
    public async Task OpenAIChat_ErrorOfGroq_IsAnErrorAfterItsContent(string error, string? reason)
    {
        var body = Body("""{"choices":[{"index":0,"delta":{"content":"Hi"}}]}""", $$"""{"choices":[{"index":0,"delta":{},"finish_reason":{{(reason is null ? "null" : $"\"{reason}\"")}}}],"x_groq":{{error}}}""", "[DONE]");

        var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.OpenAIChat, body);

        exception.Should().BeOfType<ProviderException>().Which.Message.Should().Contain("over capacity");
        events.OfType<TextDelta>().Should().NotBeEmpty();
        events.OfType<ResponseCompleted>().Should().BeEmpty();
    }

    private static async Task<FinishReason?> ReasonOfAsync(StreamProtocol protocol, params string[] payloads)
    {
        var (events, exception) = await WireRun.ReadAllWaysAsync(protocol, Body(payloads));
        exception.Should().BeNull();
        return events.OfType<ResponseCompleted>().Single().FinishReason;
    }

    private static string Body(params string[] payloads) => payloads.Aggregate(new StringBuilder(), (body, payload) => body.Append("data: ").Append(payload).Append("\n\n")).ToString();
}
