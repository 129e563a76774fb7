using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streamline.Tests.Framing;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.Bedrock;

public class BedrockEventEncoderTests
{
    [Fact]
    public void Encode_CanonicalEvents_DecodesToTheSame()
    {
        var property = Prop.ForAll((from events in BedrockEventGenerator.Response from size in Gen.Choose(1, 300) select (events, size)).ToArbitrary(), sample =>
        {
            var bytes = WireRun.Encode(StreamProtocols.BedrockConverse, sample.events);
            var (decoded, exception) = WireRun.ReadAsync(StreamProtocols.BedrockConverse, bytes, sample.size).GetAwaiter().GetResult();
            exception.Should().BeNull();
            decoded.ToLines().Should().Be(sample.events.ToLines(), "of the wire form {0}", Encoding.UTF8.GetString(bytes));
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(31, 5), property);
    }

    [Fact]
    public async Task Encode_AnswerOfAnotherWire_WritesWhatThisOneHas()
    {
        StreamEvent[] events =
        [
            new ResponseStarted { Provider = "anthropic", ResponseId = "msg_1", Model = "claude" },
            new UsageUpdated { Usage = new TokenUsage { InputTokens = 1 } },
            KeepAlive.Instance,
            new ContentStarted { Index = 0, Kind = ContentKind.Reasoning },
            new ReasoningDelta { Index = 0, Text = "h" },
            new ContentCompleted { Index = 0, Kind = ContentKind.Reasoning, Signature = "s" },
            new ContentStarted { Index = 1, Kind = ContentKind.Text },
            new TextDelta { Index = 1, Text = "Hé\n" },
            new ContentCompleted { Index = 1, Kind = ContentKind.Text },
            new ContentStarted { Index = 2, Kind = ContentKind.Refusal },
            new RefusalDelta { Index = 2, Text = "No." },
            new ContentCompleted { Index = 2, Kind = ContentKind.Refusal },
            new ToolCallStarted { Index = 3, CallId = "k", Name = "f", ProviderData = JsonElement.Parse("""{"type":"tool_use"}""") },
            new ToolCallCompleted { Index = 3, CallId = "k", Name = "f", ArgumentsText = "{\"a\":1}", Arguments = JsonElement.Parse("{\"a\":1}") },
            new ToolCallStarted { Index = 4, CallId = "s", Name = "web_search", IsProviderExecuted = true },
            new ToolCallCompleted { Index = 4, CallId = "s", Name = "web_search", ArgumentsText = "", Arguments = JsonElement.Parse("{}"), IsProviderExecuted = true },
            new ContentStarted { Index = 5, Kind = ContentKind.ServerToolResult },
            new ContentCompleted { Index = 5, Kind = ContentKind.ServerToolResult, Raw = JsonElement.Parse("""{"type":"web_search_tool_result"}""") },
            new ProviderEvent { Name = "novel", Data = "{}" },
            new ProviderMetadata { Name = "container", Value = JsonElement.Parse("1") },
            new ResponseCompleted { FinishReason = FinishReason.Refusal, RawFinishReason = "refusal", Usage = new TokenUsage { InputTokens = 13, OutputTokens = 4, CachedInputTokens = 3, AdditionalCounts = new Dictionary<string, long>(StringComparer.Ordinal) { ["server_tool_use.web_search_requests"] = 1 } } },
        ];

        var frames = await FrameRun.ReadAsync(Streamline.Framing.FrameFormat.EventStream, WireRun.Encode(StreamProtocols.BedrockConverse, events), int.MaxValue);

        frames.Frames.Select(frame => frame[(frame.IndexOf("Message", StringComparison.Ordinal) + 8)..]).Should().Equal(
            """messageStart: {"role":"assistant"}""",
            """contentBlockDelta: {"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"h"}}}""",
            """contentBlockDelta: {"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"s"}}}""",
            """contentBlockStop: {"contentBlockIndex":0}""",
            """contentBlockDelta: {"contentBlockIndex":1,"delta":{"text":"Hé\n"}}""",
            """contentBlockStop: {"contentBlockIndex":1}""",
            """contentBlockDelta: {"contentBlockIndex":2,"delta":{"text":"No."}}""",
            """contentBlockStop: {"contentBlockIndex":2}""",
            """contentBlockStart: {"contentBlockIndex":3,"start":{"toolUse":{"toolUseId":"k","name":"f"}}}""",
            """contentBlockDelta: {"contentBlockIndex":3,"delta":{"toolUse":{"input":"{\"a\":1}"}}}""",
            """contentBlockStop: {"contentBlockIndex":3}""",
            """messageStop: {"stopReason":"content_filtered"}""",
            """metadata: {"usage":{"inputTokens":10,"outputTokens":4,"totalTokens":17,"cacheReadInputTokens":3,"server_tool_use":{"web_search_requests":1}}}""");
    }

    [Fact]
    public void Encode_EventThatCannotComeHere_Throws()
    {
        var encoder = StreamProtocols.BedrockConverse.CreateEncoder();
        var output = new ArrayBufferWriter<byte>();
        encoder.Encode(new ResponseStarted { Provider = "bedrock" }, output);
        encoder.Invoking(e => e.Encode(new TextDelta { Index = 5, Text = "x" }, output)).Should().Throw<InvalidOperationException>().WithMessage("*Block 5*");
        encoder.Encode(new ContentStarted { Index = 0, Kind = ContentKind.Text }, output);
        encoder.Invoking(e => e.Encode(new ContentStarted { Index = 0, Kind = ContentKind.Text }, output)).Should().Throw<InvalidOperationException>();
        encoder.Invoking(e => e.Encode(new ReasoningDelta { Index = 0, Text = "x" }, output)).Should().Throw<InvalidOperationException>().WithMessage("*kind Text*");
        encoder.Invoking(e => e.Encode(new ResponseCompleted { FinishReason = FinishReason.Stop }, output)).Should().Throw<InvalidOperationException>().WithMessage("*open*");
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task Encode_CallThatWasNotSealed_IsNotSealedAgain()
    {
        var events = new List<StreamEvent>
        {
            new ResponseStarted { Provider = "anthropic" },
            new ToolCallStarted { Index = 0, CallId = "k", Name = "f" },
            new ToolCallCompleted { Index = 0, CallId = "k", Name = "f", ArgumentsText = "{}", ParseError = "cut" },
            new ResponseCompleted { FinishReason = FinishReason.Length },
        };

        var (decoded, _) = await WireRun.ReadAsync(StreamProtocols.BedrockConverse, WireRun.Encode(StreamProtocols.BedrockConverse, events));

        decoded.OfType<ToolCallCompleted>().Single().Arguments.Should().BeNull();
    }
}
