using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.Gemini;

public class GeminiEventEncoderTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Encode_CanonicalEvents_DecodesToTheSame(bool isArray)
    {
        var protocol = isArray ? StreamProtocols.GeminiJsonArray : StreamProtocols.Gemini;
        var property = Prop.ForAll((from events in GeminiEventGenerator.Response from size in Gen.Choose(1, 200) select (events, size)).ToArbitrary(), sample =>
        {
            var bytes = WireRun.Encode(protocol, sample.events);
            var (decoded, exception) = WireRun.ReadAsync(protocol, bytes, sample.size).GetAwaiter().GetResult();
            exception.Should().BeNull();
            decoded.ToLines().Should().Be(sample.events.ToLines(), "of the wire form {0}", Encoding.UTF8.GetString(bytes));
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(21, 5), property);
    }

    [Fact]
    public void Encode_AnswerOfAnotherWire_WritesWhatThisOneHas()
    {
        StreamEvent[] events =
        [
            new ResponseStarted { Provider = "anthropic", ResponseId = "msg_1", Model = "claude" },
            new ContentStarted { Index = 0, Kind = ContentKind.Reasoning },
            new ReasoningDelta { Index = 0, Text = "h" },
            new ReasoningDelta { Index = 0, Text = "m" },
            new ContentCompleted { Index = 0, Kind = ContentKind.Reasoning, Signature = "s\"" },
            new ContentStarted { Index = 1, Kind = ContentKind.Text },
            new TextDelta { Index = 1, Text = "Hé\n" },
            new ContentCompleted { Index = 1, Kind = ContentKind.Text },
            new ToolCallStarted { Index = 2, CallId = "k", Name = "f", ProviderData = JsonElement.Parse("""{"type":"tool_use"}""") },
            new ToolInputDelta { Index = 2, CallId = "k", Fragment = "{\"a\":1}" },
            new ToolCallCompleted { Index = 2, CallId = "k", Name = "f", ArgumentsText = "{\"a\":1}" },
            new ToolCallStarted { Index = 3, CallId = "s", Name = "web_search", IsProviderExecuted = true },
            new ToolCallCompleted { Index = 3, CallId = "s", Name = "web_search", ArgumentsText = "{}", IsProviderExecuted = true },
            new ContentStarted { Index = 4, Kind = ContentKind.ServerToolResult, Choice = 1 },
            new ContentCompleted { Index = 4, Kind = ContentKind.ServerToolResult, Raw = JsonElement.Parse("{}") },
            new ProviderEvent { Name = "novel", Data = "{}" },
            new ProviderMetadata { Name = "container", Value = JsonElement.Parse("1") },
            new ResponseCompleted { FinishReason = FinishReason.ToolCalls, RawFinishReason = "tool_use", Usage = new TokenUsage { InputTokens = 3, OutputTokens = 4, ReasoningTokens = 1 } },
        ];
        const string Tail = ""","modelVersion":"claude","responseId":"msg_1"}""";
        static string Part(string part) => $$$"""{"candidates":[{"content":{"parts":[{{{part}}}],"role":"model"}}]{{{Tail}}}""";
        string[] chunks =
        [
            """{"modelVersion":"claude","responseId":"msg_1"}""",
            Part("""{"text":"h","thought":true}"""),
            Part("""{"text":"m","thought":true}"""),
            Part("""{"text":"","thought":true,"thoughtSignature":"s\""}"""),
            Part("""{"text":"Hé\n"}"""),
            Part("""{"functionCall":{"name":"f","id":"k","args":{"a":1}}}"""),
            """{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":3,"thoughtsTokenCount":1}""" + Tail,
            """{"candidates":[{"finishReason":"STOP","index":1}]""" + Tail,
        ];

        Encoding.UTF8.GetString(WireRun.Encode(StreamProtocols.GeminiJsonArray, events)).Should().Be($"[{string.Join(",\n", chunks)}]");
        Encoding.UTF8.GetString(WireRun.Encode(StreamProtocols.Gemini, events)).Should().Be(string.Concat(chunks.Select(chunk => $"data: {chunk}\n\n")));
    }

    [Fact]
    public void Encode_KeepAlive_HoldsNothing()
    {
        Encoding.UTF8.GetString(WireRun.Encode(StreamProtocols.Gemini, [KeepAlive.Instance])).Should().Be(": keep-alive\n\n");
        Encoding.UTF8.GetString(WireRun.Encode(StreamProtocols.GeminiJsonArray, [KeepAlive.Instance])).Should().Be("\n");
    }

    [Fact]
    public void Encode_DeltaThatCannotComeHere_Throws()
    {
        var encoder = StreamProtocols.Gemini.CreateEncoder();
        var output = new ArrayBufferWriter<byte>();
        encoder.Invoking(e => e.Encode(new TextDelta { Index = 0, Text = "x" }, output)).Should().Throw<InvalidOperationException>();
        encoder.Invoking(e => e.Encode(new UsageUpdated { Usage = new TokenUsage() }, output)).Should().Throw<InvalidOperationException>();
        encoder.Encode(new ResponseStarted { Provider = "gemini" }, output);
        encoder.Invoking(e => e.Encode(new TextDelta { Index = 5, Text = "x" }, output)).Should().Throw<InvalidOperationException>().WithMessage("*block 5*");
    }
}
