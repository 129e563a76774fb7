using System.Text;
using Streamline.Protocols;

namespace Streamline.Tests.Protocols.Gemini;

/// <summary>Models that give a finish reason with every chunk: only the end of the array tells that the answer is whole.</summary>
[Trait("Law", "4")]
public sealed class GeminiOpenArrayTests
{
    private const string First = """[{"candidates":[{"content":{"parts":[{"text":"one"}],"role":"model"},"finishReason":"STOP","index":0}]}""";
    private const string Second = """,{"candidates":[{"content":{"parts":[{"text":" two"}],"role":"model"},"finishReason":"STOP","index":0}]}""";

    [Theory]
    [InlineData(First)]
    [InlineData(First + ",")]
    [InlineData(First + Second)]
    public async Task Read_ArrayThatIsNotClosed_IsInterrupted(string body)
    {
        var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.GeminiJsonArray, Encoding.UTF8.GetBytes(body));

        exception.Should().BeOfType<StreamInterruptedException>().Which.Message.Should().Contain("without the end of its array");
        events.Should().NotContain(e => e is ResponseCompleted);
    }

    [Fact]
    public async Task Read_ArrayThatIsClosed_IsWhole()
    {
        var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.GeminiJsonArray, Encoding.UTF8.GetBytes(First + Second + "]"));

        exception.Should().BeNull();
        string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text)).Should().Be("one two");
    }
}
