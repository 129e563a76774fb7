using Streamline.Protocols;
using Streamline.Resilience;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols;

/// <summary>A stream that is read with the protocol of another provider: an error that says so, and no further attempt.</summary>
[Trait("Law", "14")]
public sealed class ProtocolMarksTests
{
    private static readonly (StreamProtocol Protocol, string Body)[] Streams =
    [
        (StreamProtocols.Anthropic, "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"content\":[]}}\n\nevent: ping\ndata: {\"type\":\"ping\"}\n\n"),
        (StreamProtocols.OpenAIChat, "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\ndata: [DONE]\n\n"),
        (StreamProtocols.OpenAIResponses, "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"r\",\"status\":\"in_progress\",\"output\":[]}}\n\n"),
        (StreamProtocols.Gemini, "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}],\"role\":\"model\"}}]}\n\n"),
        (StreamProtocols.GeminiInteractions, "data: {\"event_type\":\"interaction.created\",\"interaction\":{\"id\":\"i\",\"status\":\"in_progress\"}}\n\n"),
        (StreamProtocols.Cohere, "event: message-start\ndata: {\"type\":\"message-start\",\"id\":\"c\",\"delta\":{\"message\":{\"role\":\"assistant\"}}}\n\n"),
        (StreamProtocols.Ollama, "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"done\":false}\n{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true}\n"),
    ];

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var (written, _) in Streams)
            {
                foreach (var (read, _) in Streams.Where(stream => stream.Protocol != written))
                {
                    pairs.Add(written.Name, read.Name);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Read_StreamOfAnotherProtocol_NamesBoth(string written, string read)
    {
        var (events, exception) = await WireRun.ReadAllWaysAsync(ProtocolOf(read), BodyOf(written));

        var error = exception.Should().BeOfType<StreamProtocolException>().Subject;
        error.Error.Should().Be(StreamProtocolError.UnexpectedEvent);
        error.Message.Should().StartWith($"Found an event of the protocol '{written}', expected one of the protocol in use, '{read}', at byte ");
        events.OfType<ResponseCompleted>().Should().BeEmpty();
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("openai")]
    [InlineData("ollama")]
    public async Task Read_FramesOfBedrock_NamesIt(string read)
    {
        byte[] frame = [0, 0, 0, 129, 0, 0, 0, 82, 1, 2, 3, 4, 11, .. ":event-type"u8, 7, 0, 12, .. "messageStart"u8, .. "{\"role\":\"assistant\"}"u8, 5, 6, 7, 8];

        var (_, exception) = await WireRun.ReadAsync(ProtocolOf(read), frame);

        exception.Should().BeOfType<StreamProtocolException>().Which.Message.Should().Contain("'bedrock'");
    }

    [Theory]
    [MemberData(nameof(Own))]
    public async Task Read_OwnStreamThatIsCut_IsInterrupted(string name)
    {
        var (_, exception) = await WireRun.ReadAllWaysAsync(ProtocolOf(name), BodyOf(name).Split("\n\n")[0][..^4]);

        exception.Should().BeAssignableTo<StreamlineException>().Which.Message.Should().NotContain("the protocol in use");
    }

    public static TheoryData<string> Own => [.. Streams.Select(stream => stream.Protocol.Name)];

    [Fact]
    public async Task Retry_StreamOfAnotherProtocol_SendsOneRequest()
    {
        var requests = 0;
        var source = new FakeStreamClient((_, token) =>
        {
            requests++;
            return StreamProtocols.Anthropic.ReadAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(BodyOf("openai"))), cancellationToken: token);
        });

        var (_, exception) = await new StreamClientBuilder(source).UseRetry().Build().StreamAsync("Hi").CatchAsync();

        exception.Should().BeOfType<StreamProtocolException>();
        requests.Should().Be(1);
    }

    private static StreamProtocol ProtocolOf(string name) => Streams.Single(stream => stream.Protocol.Name == name).Protocol;

    private static string BodyOf(string name) => Streams.Single(stream => stream.Protocol.Name == name).Body;
}
