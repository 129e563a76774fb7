using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.Ollama;

public class OllamaEventEncoderTests
{
    [Fact]
    public void Encode_CanonicalEvents_DecodesToTheSame()
    {
        var property = Prop.ForAll((from events in OllamaEventGenerator.Response from size in Gen.Choose(1, 200) select (events, size)).ToArbitrary(), sample =>
        {
            var bytes = WireRun.Encode(StreamProtocols.Ollama, sample.events);
            var (decoded, exception) = WireRun.ReadAsync(StreamProtocols.Ollama, bytes, sample.size).GetAwaiter().GetResult();
            exception.Should().BeNull();
            decoded.ToLines().Should().Be(sample.events.ToLines(), "of the wire form {0}", Encoding.UTF8.GetString(bytes));
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(11, 5), property);
    }

    [Fact]
    public void Encode_AnswerOfAnotherWire_WritesWhatThisOneHas()
    {
        StreamEvent[] events =
        [
            new ResponseStarted { Provider = "anthropic", ResponseId = "msg_1", Model = "claude" },
            new ContentStarted { Index = 0, Kind = ContentKind.Reasoning },
            new ReasoningDelta { Index = 0, Text = "hm" },
            new ContentCompleted { Index = 0, Kind = ContentKind.Reasoning, Signature = "sig" },
            new ContentStarted { Index = 1, Kind = ContentKind.Text },
            new TextDelta { Index = 1, Text = "Hé\n" },
            new CitationAdded { Index = 1, Citation = JsonElement.Parse("{}") },
            new ContentCompleted { Index = 1, Kind = ContentKind.Text },
            new ToolCallStarted { Index = 2, CallId = "k", Name = "f", ProviderData = JsonElement.Parse("""{"type":"tool_use"}""") },
            new ToolInputDelta { Index = 2, CallId = "k", Fragment = "{\n\"a\":1}" },
            new ToolCallCompleted { Index = 2, CallId = "k", Name = "f", ArgumentsText = "{\n\"a\":1}" },
            new ToolCallStarted { Index = 3, CallId = "s", Name = "web_search", IsProviderExecuted = true },
            new ToolCallCompleted { Index = 3, CallId = "s", Name = "web_search", ArgumentsText = "{}", IsProviderExecuted = true },
            new ProviderEvent { Name = "novel", Data = "{}" },
            new ProviderMetadata { Name = "container", Value = JsonElement.Parse("1") },
            new UsageUpdated { Usage = new TokenUsage { InputTokens = 3, OutputTokens = 4 } },
            new ResponseCompleted { FinishReason = FinishReason.ToolCalls, RawFinishReason = "tool_use" },
        ];
        const string Head = """{"model":"claude","created_at":"1970-01-01T00:00:00Z","message":{"role":"assistant","content":""";

        Encoding.UTF8.GetString(WireRun.Encode(StreamProtocols.Ollama, events)).Should().Be(OllamaWire.Body(
            Head + """ ""},"done":false}""".TrimStart(),
            Head + """ "","thinking":"hm"},"done":false}""".TrimStart(),
            Head + """ "Hé\n"},"done":false}""".TrimStart(),
            Head + """ "","tool_calls":[{"id":"k","function":{"index":0,"name":"f","arguments":{ "a":1}}}]},"done":false}""".TrimStart(),
            Head + """ ""},"done":true,"done_reason":"stop","prompt_eval_count":3,"eval_count":4}""".TrimStart()));
    }

    [Fact]
    public void Encode_KeepAlive_IsABlankLine() =>
        Encoding.UTF8.GetString(WireRun.Encode(StreamProtocols.Ollama, [KeepAlive.Instance])).Should().Be("\n");

    [Fact]
    public void Encode_DeltaThatCannotComeHere_Throws()
    {
        var encoder = StreamProtocols.Ollama.CreateEncoder();
        var output = new ArrayBufferWriter<byte>();
        encoder.Invoking(e => e.Encode(new TextDelta { Index = 0, Text = "x" }, output)).Should().Throw<InvalidOperationException>();
        encoder.Encode(new ResponseStarted { Provider = "ollama" }, output);
        encoder.Invoking(e => e.Encode(new TextDelta { Index = 5, Text = "x" }, output)).Should().Throw<InvalidOperationException>().WithMessage("*block 5*");
    }
}
