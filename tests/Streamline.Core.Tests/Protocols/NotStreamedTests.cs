using Streamline.Protocols;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols;

/// <summary>Servers that ignore <c>stream: true</c> answer with one object. Nothing of it is taken for an error of the provider's own.</summary>
[Trait("Law", "14")]
public sealed class NotStreamedTests
{
    public static TheoryData<StreamProtocol, string> Bodies => new()
    {
        { StreamProtocols.OpenAIChat, """{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}]}""" },
        { StreamProtocols.OpenAIResponses, """{"id":"resp_1","object":"response","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"Hello"}]}]}""" },
        { StreamProtocols.Anthropic, """{"id":"msg_1","type":"message","role":"assistant","content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn"}""" },
        { StreamProtocols.Cohere, """{"id":"c","finish_reason":"COMPLETE","message":{"role":"assistant","content":[{"type":"text","text":"Hello"}]}}""" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Read_WholeAnswerInPlaceOfAStream_SaysSo(StreamProtocol protocol, string body)
    {
        var (events, exception) = await WireRun.ReadAllWaysAsync(protocol, body + "\n");

        events.OfType<ResponseCompleted>().Should().BeEmpty();
        var error = exception.Should().BeOfType<ProviderException>().Subject;
        (error.Code, error.IsRetryable).Should().Be((StreamEnd.NotStreamed, false));
        error.Message.Should().Contain("Hello", "the answer was paid for");
    }
}
