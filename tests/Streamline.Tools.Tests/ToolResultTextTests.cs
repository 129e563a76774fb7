using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>Whatever a tool gives, its result can be read, sent and saved: half a surrogate pair or invalid UTF-8 becomes U+FFFD.</summary>
[Trait("Law", "13")]
public sealed class ToolResultTextTests
{
    private static readonly StreamEvent[] OneCall = Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "tool"));

    [Theory]
    [InlineData("""{"a":"x\ud83d"}""", """{"a":"x\ufffd"}""")]
    [InlineData("""{"a":"\uDE00\uD83Dx"}""", """{"a":"\ufffd\ufffdx"}""")]
    [InlineData("""{"\ud83d":1}""", """{"\ufffd":1}""")]
    [InlineData("\"caf\\ud83d\"", "\"caf\\ufffd\"")]
    [InlineData("""["\\ud83d","\ud83d\ude00","\n"]""", """["\\ud83d","\ud83d\ude00","\n"]""")]
    [InlineData("""{"content":[{"type":"text","text":"x"}],"structuredContent":{"a":"\ud83d"}}""", """{"a":"\ufffd"}""")]
    [InlineData("""{"content":[{"type":"text","text":"x\ud83d"}]}""", "\"x\\ufffd\"")]
    public async Task Element_WithHalfASurrogate_IsReplaced(string given, string sent)
    {
        var loop = Loop.Over([new TestTool("tool", JsonElement.Parse(given))], OneCall, Wire.Answer());
        var events = await loop.RunAsync();
        events.ResultOf("1").IsError.Should().BeFalse();
        events.ResultOf("1").Result.GetRawText().Should().Be(sent);
        CanBeReadAndSaved(events);
    }

    [Fact]
    public async Task Element_WithInvalidUtf8_IsReplaced()
    {
        var given = JsonElement.Parse([.. "{\"a\":\"x"u8, 0xFF, .. "y\\ud83d\"}"u8]);
        var events = await Loop.Over([new TestTool("tool", given)], OneCall, Wire.Answer()).RunAsync();
        events.ResultOf("1").Result.GetProperty("a").GetString().Should().Be("x\uFFFDy\uFFFD");
        CanBeReadAndSaved(events);
    }

    [Fact]
    public async Task Element_OfAnObject_IsReplacedOrAnError()
    {
        foreach (object given in (object[])[
            new Dictionary<string, JsonElement> { ["a"] = JsonElement.Parse("""{"b":"\ud83d"}""") },
            JsonNode.Parse("""{"b":"\ud83d"}""")!,
            new Dictionary<string, string> { ["a"] = "x\ud83d" },
            "x\ud83d",
            new TextContent("x\ud83d"),
            new List<AIContent> { new TextContent("x\ud83d"), new DataContent("data:image/png;base64,AA==") }])
        {
            var events = await Loop.Over([new TestTool("tool", given)], OneCall, Wire.Answer()).RunAsync();
            CanBeReadAndSaved(events);
        }
    }

    [Fact]
    public async Task ErrorOfAServer_WithHalfASurrogate_IsReplaced()
    {
        var given = JsonElement.Parse("""{"content":[{"type":"text","text":"no\ud83d"}],"isError":true}""");
        (await Loop.Over([new TestTool("tool", given)], OneCall, Wire.Answer()).RunAsync()).ErrorOf("1").Should().Be("no\uFFFD");
    }

    [Fact]
    public async Task Progress_WithHalfASurrogate_IsReplaced()
    {
        var tool = new TestTool("tool", (arguments, _) =>
        {
            arguments.ToolCall()!.Report(JsonElement.Parse("""{"a":"\ud83d"}"""));
            arguments.ToolCall()!.Report("x\ud83d");
            return ValueTask.FromResult<object?>("ok");
        });
        var events = await Loop.Over([tool], OneCall, Wire.Answer()).RunAsync();
        var reports = events.OfType<ToolProgress>().Select(progress => progress.Progress).ToList();
        reports[0].GetProperty("a").GetString().Should().Be("\uFFFD");
        reports[1].GetString().Should().Be("x\uFFFD");
        CanBeReadAndSaved(events);
    }

    [Fact]
    public async Task StreamedElements_WithHalfASurrogate_AreReplaced()
    {
        var tool = new ToolSet().Add(new TestTool("tool", (_, _) => ValueTask.FromResult<object?>(Elements())), o => o.StreamedResult = ToolStreamedResult.All);
        var events = await Loop.Over(tool, OneCall, Wire.Answer()).RunAsync();
        events.ResultOf("1").Result[0].GetString().Should().Be("\uFFFD");
        CanBeReadAndSaved(events);

        static async IAsyncEnumerable<JsonElement> Elements()
        {
            yield return JsonElement.Parse("\"\\ud83d\"");
            await Task.Yield();
            yield return JsonElement.Parse("1");
        }
    }

    [Fact]
    public void Own_OfUsualText_IsTheTextItself()
    {
        const string Json = """{ "a": "\u00e9 😀 \ud83d\ude00" }""";
        ToolJson.Own(JsonElement.Parse(Json), maxBytes: 100).GetRawText().Should().Be(Json);
    }

    [Fact]
    public async Task Session_AfterSuchAResult_GoesOnAndCanBeSaved()
    {
        var source = new FakeStreamClient(
            (_, _) => FakeStreamClient.Stream(OneCall),
            (_, _) => FakeStreamClient.Stream(Wire.Answer()),
            (_, _) => FakeStreamClient.Stream(Wire.Answer()));
        await using var session = new StreamSession(new StreamClientBuilder(source).UseTools(new TestTool("tool", JsonElement.Parse("\"caf\\ud83d\""))).Build());
        (await session.SendAsync("go").OrFail()).Failure.Should().BeNull();
        (await session.SendAsync("on").OrFail()).Failure.Should().BeNull();
        session.Save().ToString().Should().Contain("caf");
    }

    private static void CanBeReadAndSaved(List<StreamEvent> events)
    {
        foreach (var streamEvent in events)
        {
            StreamEventJson.Serialize(streamEvent).Should().NotBeEmpty();
        }

        foreach (var result in events.OfType<ToolResult>())
        {
            CanonicalJson.Write(result.Result).Should().NotBeEmpty();
        }
    }
}
