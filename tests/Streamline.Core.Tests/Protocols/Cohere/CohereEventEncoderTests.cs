using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streamline.TestSupport;
using static Streamline.Tests.Protocols.Cohere.CohereWire;

namespace Streamline.Tests.Protocols.Cohere;

public sealed class CohereEventEncoderTests
{
    // begin: encode
    [Fact]
    public void Encode_CanonicalEvents_DecodesToTheSame()
    {
        var property = Prop.ForAll((from events in CohereEventGenerator.Response from size in Gen.Choose(1, 200) select (events, size)).ToArbitrary(), sample =>
        {
            var bytes = WireRun.Encode(StreamProtocols.Cohere, sample.events);
            var (decoded, exception) = WireRun.ReadAsync(StreamProtocols.Cohere, bytes, sample.size).GetAwaiter().GetResult();
            exception.Should().BeNull();
            decoded.ToLines().Should().Be(sample.events.ToLines(), "of the body {0}", Encoding.UTF8.GetString(bytes));
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(11, 5), property);
    }
    // end: encode

    [Fact]
    public async Task Encode_WholeResponses_AreReadAsTheyWere()
    {
        foreach (var body in CohereBodies.All)
        {
            var (events, exception) = await WireRun.ReadAsync(StreamProtocols.Cohere, body);
            var output = new ArrayBufferWriter<byte>();
            var encoder = StreamProtocols.Cohere.CreateEncoder();
            events.ForEach(streamEvent => encoder.Encode(streamEvent, output));
            if (exception is ProviderException error)
            {
                encoder.EncodeError(error, output);
            }

            var (again, sameException) = await WireRun.ReadAsync(StreamProtocols.Cohere, output.WrittenMemory);

            again.ToLines().Should().Be(events.ToLines(), "of {0}", body);
            sameException?.Message.Should().Be(exception?.Message);
        }
    }

    [Fact]
    public void Encode_Answer_IsInTheFormOfTheProvider()
    {
        StreamEvent[] events =
        [
            new ResponseStarted { Provider = "anthropic", ResponseId = "m1", Model = "claude" },
            new ContentStarted { Index = 0, Kind = ContentKind.Reasoning },
            new ReasoningDelta { Index = 0, Text = "Hm" },
            new ContentCompleted { Index = 0, Kind = ContentKind.Reasoning, Signature = "sig" },
            new ContentStarted { Index = 1, Kind = ContentKind.Text },
            new TextDelta { Index = 1, Text = "Hé" },
            new CitationAdded { Index = 1, Citation = JsonElement.Parse("{}") },
            new ContentCompleted { Index = 1, Kind = ContentKind.Text },
            new ToolCallStarted { Index = 2, CallId = "now_1", Name = "now", ProviderData = JsonElement.Parse("""{"type":"tool_use"}""") },
            new ToolInputDelta { Index = 2, CallId = "now_1", Fragment = "{\"a\":1}" },
            new ToolCallCompleted { Index = 2, CallId = "now_1", Name = "now", ArgumentsText = "{\"a\":1}", Arguments = JsonElement.Parse("{\"a\":1}") },
            new ToolCallStarted { Index = 3, CallId = "s", Name = "web_search", IsProviderExecuted = true },
            new ToolCallCompleted { Index = 3, CallId = "s", Name = "web_search", ArgumentsText = "{}", IsProviderExecuted = true },
            new ProviderEvent { Name = "novel", Data = "{}" },
            new ProviderMetadata { Name = "container", Value = JsonElement.Parse("1") },
            new UsageUpdated { Usage = new TokenUsage { InputTokens = 3, OutputTokens = 4, AdditionalCounts = new Dictionary<string, long> { ["iterations"] = 1 } } },
            new ResponseCompleted { FinishReason = FinishReason.ToolCalls, RawFinishReason = "tool_use" },
        ];

        Encoding.UTF8.GetString(WireRun.Encode(StreamProtocols.Cohere, events)).Should().Be(Frames(
            """{"type":"message-start","id":"m1","delta":{"message":{"role":"assistant","content":[],"tool_plan":"","tool_calls":[],"citations":[]}}}""",
            ThinkingStart, Thinking("Hm"), ContentEnd,
            TextStart.Replace(":0", ":1", StringComparison.Ordinal), Words("Hé", 1), ContentEnd.Replace(":0", ":1", StringComparison.Ordinal),
            CallStart(), Input("""{\"a\":1}"""), CallEnd,
            """{"type":"message-end","delta":{"finish_reason":"TOOL_CALL","usage":{"tokens":{"input_tokens":3,"output_tokens":4}}}}""").Replace("data: [DONE]\n\n", "", StringComparison.Ordinal), "message-end is the end");
    }

    [Theory]
    [InlineData(FinishReason.Stop, "end_turn", "COMPLETE")]
    [InlineData(FinishReason.Length, "length", "MAX_TOKENS")]
    [InlineData(FinishReason.ToolCalls, null, "TOOL_CALL")]
    [InlineData(FinishReason.Refusal, "refusal", "ERROR_TOXIC")]
    [InlineData(FinishReason.Other, "novel", "novel")]
    [InlineData(FinishReason.Other, "error", null)]
    [InlineData(FinishReason.Other, "timeout", null)]
    public async Task Encode_FinishReasonOfAnotherProtocol_IsAWordOfThisOneThatIsNoFailure(FinishReason reason, string? raw, string? expected)
    {
        var body = WireRun.Encode(StreamProtocols.Cohere, [new ResponseStarted { Provider = "x" }, new ResponseCompleted { FinishReason = reason, RawFinishReason = raw }]);

        var (events, exception) = await WireRun.ReadAsync(StreamProtocols.Cohere, body);

        exception.Should().BeNull();
        events[^1].Should().BeOfType<ResponseCompleted>().Which.RawFinishReason.Should().Be(expected);
    }

    [Theory]
    [Trait("Law", "5")]
    [InlineData(429, null, "Slow down.")]
    [InlineData(503, "overloaded", "")]
    [InlineData(400, "INVALID_TOOL_GENERATION", "no valid call")]
    [InlineData(null, "novel", "words")]
    public async Task EncodeError_AnyError_IsReadAsItWas(int? status, string? code, string words)
    {
        var error = new ProviderException("cohere", (HttpStatusCode?)status, code, words);
        var output = new ArrayBufferWriter<byte>();
        StreamProtocols.Cohere.CreateEncoder().EncodeError(error, output);

        var (_, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.Cohere, output.WrittenMemory);

        var read = exception.Should().BeOfType<ProviderException>().Subject;
        ((int?)read.StatusCode, read.ProviderMessage ?? "", read.IsInBand).Should().Be((status, words, true));
        read.Code.Should().Be(code);
    }
}
