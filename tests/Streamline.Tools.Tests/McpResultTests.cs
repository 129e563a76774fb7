using Microsoft.Extensions.AI;

namespace Streamline.Tools.Tests;

/// <summary>What is an envelope of the Model Context Protocol, and what the model sees of it.</summary>
public sealed class McpResultTests
{
    [Theory]
    [InlineData("""{"content":[{"type":"text","text":"a"}],"structuredContent":"b"}""", "\"a\"")]
    [InlineData("""{"content":[{"type":"text","text":"a"}],"resultType":"complete","_meta":{}}""", "\"a\"")]
    [InlineData("""{"content":[{"type":"resource","resource":{"uri":"x:1","text":"a"}}]}""", """[{"type":"resource","resource":{"uri":"x:1","text":"a"}}]""")]
    [InlineData("""{"content":[{"type":"resource_link","uri":"x:1"},{"type":"text","text":"a"}]}""", """[{"type":"resource_link","uri":"x:1"},{"type":"text","text":"a"}]""")]
    [InlineData("""{"content":[{"type":"resource_link","uri":"x:1","text":"a"}]}""", """[{"type":"resource_link","uri":"x:1","text":"a"}]""")]
    [InlineData("""{"content":[{"type":"image","mimeType":"image/png"}]}""", """[{"type":"image","mimeType":"image/png"}]""")]
    [InlineData("""{"content":[{"type":"image","data":5,"mimeType":"image/png"}]}""", """[{"type":"image","data":5,"mimeType":"image/png"}]""")]
    [InlineData("""{"content":[{"type":"image","data":"?","mimeType":"image/png"}]}""", """[{"type":"image","data":"?","mimeType":"image/png"}]""")]
    [InlineData("""{"content":[{"type":"image","data":"AQID","mimeType":""}]}""", """[{"type":"image","data":"AQID","mimeType":""}]""")]
    [InlineData("""{"content":[],"_meta":{}}""", "[]")]
    public void Envelope_OfWhatCannotBeContent_IsTakenOff(string json, string result)
    {
        McpResult.TryRead(Wire.Json(json), out var outcome).Should().BeTrue();
        outcome!.Result.GetRawText().Should().Be(result);
        (outcome.Contents, outcome.Failure).Should().Be((null, null));
    }

    [Fact]
    public void Audio_IsContent()
    {
        McpResult.TryRead(Wire.Json("""{"content":[{"type":"audio","data":"AQID","mimeType":"audio/wav"}]}"""), out var outcome).Should().BeTrue();
        outcome!.Contents.Should().ContainSingle().Which.Should().BeOfType<DataContent>().Which.MediaType.Should().Be("audio/wav");
    }

    [Fact]
    public void Error_HasTheTextsOnly()
    {
        const string Json = """{"content":[{"type":"text","text":"a"},{"type":"resource_link","text":"b"},{"type":"text","text":"c"}],"isError":true}""";
        McpResult.TryRead(Wire.Json(Json), out var outcome).Should().BeTrue();
        (outcome!.Failure, outcome.Result.GetString()).Should().Be((ToolFailureKind.ToolError, "a\nc"));
    }

    [Theory]
    [InlineData("""{"content":[{"type":"video"}]}""")]
    [InlineData("""{"content":[{"type":"text","text":"a"},{"text":"b"}]}""")]
    [InlineData("""{"content":[]}""")]
    [InlineData("""{"isError":true}""")]
    [InlineData("[]")]
    public void AnyOtherValue_IsNoEnvelope(string json) => McpResult.TryRead(Wire.Json(json), out _).Should().BeFalse();
}
