using System.IO.Pipelines;
using Streamline.Protocols;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols;

/// <summary>The door for applications with an HTTP stack of their own: a stream or a pipe of bytes in, events out.</summary>
public sealed class DecodingDoorTests
{
    private static readonly StreamEvent[] Answer =
    [
        new ResponseStarted { Provider = "another" },
        new ContentStarted { Index = 0, Kind = ContentKind.Text },
        new TextDelta { Index = 0, Text = "Hi é" },
        new ContentCompleted { Index = 0, Kind = ContentKind.Text },
        new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = new TokenUsage { InputTokens = 1, OutputTokens = 2 } },
    ];

    public static TheoryData<string> Wires => [.. typeof(StreamProtocols).GetProperties().Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task ReadAsync_StreamOrPipe_GivesTheSameEventsToTheEnd(string name)
    {
        var protocol = (StreamProtocol)typeof(StreamProtocols).GetProperty(name)!.GetValue(null)!;
        var body = WireRun.Encode(protocol, Answer);

        var fromStream = await protocol.ReadAsync(new MemoryStream(body)).CollectAsync();
        var fromPipe = await protocol.ReadAsync(PipeReader.Create(ChunkedStream.Every(body, 1))).CollectAsync();

        fromStream.OfType<TextDelta>().Should().ContainSingle().Which.Text.Should().Be("Hi é");
        fromStream[^1].Should().BeOfType<ResponseCompleted>().Which.FinishReason.Should().Be(FinishReason.Stop);
        fromPipe.ToLines().Should().Be(fromStream.ToLines());
    }

    [Theory]
    [MemberData(nameof(Wires))]
    [Trait("Law", "4")]
    public async Task ReadAsync_PipeThatEndsEarly_Throws(string name)
    {
        var protocol = (StreamProtocol)typeof(StreamProtocols).GetProperty(name)!.GetValue(null)!;
        var cut = WireRun.Encode(protocol, Answer[..4]);

        var (_, exception) = await protocol.ReadAsync(PipeReader.Create(new MemoryStream(cut))).CatchAsync();

        exception.Should().BeOfType<StreamInterruptedException>().Which.GetPartialResponse()!.Text.Should().Be("Hi é");
    }
}
