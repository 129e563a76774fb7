using System.Text.Json;

namespace Streamline.Tests.Protocols.Gemini;

/// <summary>Arguments that come in pieces with paths (Vertex AI).</summary>
public class GeminiStreamedCallTests
{
    [Fact]
    public async Task Read_PiecesOfArguments_GrowIntoTheirText()
    {
        var events = await GeminiWire.ReadAsync(Chunks(
            """{"functionCall":{"name":"find","willContinue":true},"thoughtSignature":"s"}""",
            Piece("""{"jsonPath":"$.q","stringValue":"red","willContinue":true}"""),
            Piece("""{"jsonPath":"$.q","stringValue":" \"car\ud83d","willContinue":true}"""),
            Piece("""{"jsonPath":"$.q","stringValue":"\ude00","willContinue":true}"""),
            Piece("""{"jsonPath":"$.q","stringValue":""}"""),
            """{"functionCall":{"willContinue":true}}""",
            Piece("""{"jsonPath":"$.n","numberValue":2.50}"""),
            """{"functionCall":{}}"""));

        events.OfType<ToolCallStarted>().Single().ProviderData!.Value.GetRawText().Should().Be("""{"thoughtSignature":"s","functionCall":{"name":"find"}}""");
        events.OfType<ToolInputDelta>().Select(delta => delta.Fragment).Should().Equal("{\"q\":\"red", " \\\"car", "\\uD83D\\uDE00", "\"", ",\"n\":2.50", "}");
        var completed = events.OfType<ToolCallCompleted>().Single();
        completed.ArgumentsText.Should().Be("{\"q\":\"red \\\"car\\uD83D\\uDE00\",\"n\":2.50}");
        completed.Arguments!.Value.GetProperty("q").GetString().Should().Be("red \"car😀");
    }

    [Fact]
    public async Task Read_NestedValues_OpenAndCloseTheirObjectsAndArrays()
    {
        var events = await GeminiWire.ReadAsync(Chunks(
            """{"functionCall":{"name":"f","willContinue":true}}""",
            Piece("""{"jsonPath":"$.a.b[0].c","stringValue":"x"},{"jsonPath":"$.a.b[0].d","boolValue":false}"""),
            Piece("""{"jsonPath":"$.a.b[1].c","nullValue":"NULL_VALUE"},{"jsonPath":"$.a.b[2][0]","numberValue":-1e5},{"jsonPath":"$.a.b[2][1]","boolValue":true}"""),
            Piece("""{"jsonPath":"$.a['k.]y']","stringValue":"z\n"},{"jsonPath":"$.e","stringValue":""}"""),
            """{"functionCall":{}}"""));

        events.OfType<ToolCallCompleted>().Single().ArgumentsText.Should().Be(
            """{"a":{"b":[{"c":"x","d":false},{"c":null},[-1e5,true]],"k.]y":"z\n"},"e":""}""");
    }

    [Theory]
    [InlineData("""{"functionCall":{"name":"f","willContinue":true}}|{"functionCall":{}}""", "{}", "")]
    [InlineData("""{"functionCall":{"name":"f","willContinue":true}}|{"functionCall":{"partialArgs":[{"jsonPath":"$.a","numberValue":1}]}}""", "{\"a\":1}", "{\"a\":1}")]
    [InlineData("""{"functionCall":{"name":"f","willContinue":true}}|{"functionCall":{"partialArgs":[{"jsonPath":"$.a","numberValue":1}],"willContinue":true}}""", "{\"a\":1}", "{\"a\":1}")]
    [InlineData("""{"functionCall":{"name":"f","partialArgs":[{"jsonPath":"$.a","numberValue":1}],"willContinue":true}}|{"text":"then"}""", "{\"a\":1}", "{\"a\":1}")]
    [InlineData("""{"functionCall":{"name":"f","willContinue":true}}|{"functionCall":{"partialArgs":[{"jsonPath":"$.a","stringValue":"x","willContinue":true},{"jsonPath":"$.b","boolValue":true}],"willContinue":true}}|{"functionCall":{}}|{"functionCall":{}}""", "{\"a\":\"x\",\"b\":true}", "{\"a\":\"x\",\"b\":true}")]
    public async Task Read_EndsOfACall_SealIt(string parts, string arguments, string text)
    {
        var events = await GeminiWire.ReadAsync(Chunks(parts.Split('|')));

        var completed = events.OfType<ToolCallCompleted>().Single();
        (completed.Arguments?.GetRawText(), completed.ArgumentsText).Should().Be((arguments, text));
    }

    [Fact]
    public async Task Read_CallsOneAfterTheOther_AreToldApart()
    {
        var events = await GeminiWire.ReadAsync(Chunks(
            """{"functionCall":{"name":"f","id":"1","willContinue":true}}""",
            Piece("""{"jsonPath":"$.a","numberValue":1}"""),
            """{"functionCall":{"name":"g","id":"2","willContinue":true}}""",
            Piece("""{"jsonPath":"$.a","numberValue":2}"""),
            """{"functionCall":{"name":"h","id":"3"}}"""));

        events.OfType<ToolCallCompleted>().Select(call => (call.CallId, call.Arguments!.Value.GetRawText())).Should().Equal(("1", "{\"a\":1}"), ("2", "{\"a\":2}"), ("3", "{}"));
    }

    [Theory]
    [InlineData("""{"jsonPath":"$.a","numberValue":1},{"jsonPath":"$.a","numberValue":2}""", "order")]
    [InlineData("""{"jsonPath":"$.a.b","numberValue":1},{"jsonPath":"$.c","numberValue":2},{"jsonPath":"$.a.d","numberValue":3}""", "order")]
    [InlineData("""{"jsonPath":"$.a[1]","numberValue":1}""", "order")]
    [InlineData("""{"jsonPath":"$[0]","numberValue":1}""", "order")]
    [InlineData("""{"jsonPath":"$","numberValue":1}""", "path")]
    [InlineData("""{"jsonPath":"$.a[x]","numberValue":1}""", "path")]
    [InlineData("""{"jsonPath":"$.a[","numberValue":1}""", "path")]
    [InlineData("""{"jsonPath":"$.a['","numberValue":1}""", "path")]
    [InlineData("""{"jsonPath":"$..a","numberValue":1}""", "path")]
    [InlineData("""{"numberValue":1}""", "path")]
    [InlineData("""{"jsonPath":"$.a"}""", "value")]
    [InlineData("""{"jsonPath":"$.a","stringValue":"\ud83d"}""", "surrogate")]
    [InlineData("""{"jsonPath":"$.a","stringValue":"x","willContinue":true}""", "inside a string")]
    [Trait("Law", "3")]
    public async Task Read_PiecesThatMakeNoArguments_AreNeverUsed(string pieces, string why)
    {
        var events = await GeminiWire.ReadAsync(Chunks("""{"functionCall":{"name":"f","willContinue":true}}""", Piece(pieces), """{"functionCall":{}}"""));

        var completed = events.OfType<ToolCallCompleted>().Single();
        completed.Arguments.Should().BeNull();
        completed.ParseError.Should().NotBeNullOrEmpty();
        (completed.ParseError!.Contains(why, StringComparison.Ordinal) || completed.ParseError.Contains("JSON", StringComparison.Ordinal)
            || completed.ParseError.Contains("byte", StringComparison.OrdinalIgnoreCase)).Should().BeTrue(completed.ParseError);
        completed.ArgumentsText.Should().Be(string.Concat(events.OfType<ToolInputDelta>().Select(delta => delta.Fragment)));
        events[^1].Should().BeOfType<ResponseCompleted>();
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task Read_ResponseThatIsCutByALimit_SealsNothing()
    {
        var events = await GeminiWire.ReadAsync(
            GeminiWire.Parts("""{"functionCall":{"name":"f","partialArgs":[{"jsonPath":"$.a","numberValue":1}],"willContinue":true}}"""),
            """{"candidates":[{"finishReason":"MAX_TOKENS"}]}""");

        events.OfType<ToolCallCompleted>().Single().Arguments.Should().BeNull();
    }

    [Fact]
    [Trait("Law", "11")]
    public async Task Read_PieceOfNoCall_ComesThrough()
    {
        var events = await GeminiWire.ReadAsync(Chunks(Piece("""{"jsonPath":"$.a","numberValue":1}""")));

        events.OfType<ProviderEvent>().Should().ContainSingle().Which.Name.Should().Be("functionCall");
        events.Should().NotContain(e => e is ToolCallStarted);
    }

    private static string Piece(string pieces) => $$$"""{"functionCall":{"partialArgs":[{{{pieces}}}],"willContinue":true}}""";

    private static string[] Chunks(params string[] parts) => [.. parts.Select(GeminiWire.Parts), GeminiWire.Stop];
}
