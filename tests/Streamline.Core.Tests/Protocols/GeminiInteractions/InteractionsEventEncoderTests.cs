using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streamline.TestSupport;
using static Streamline.Tests.Protocols.GeminiInteractions.InteractionsEvents;

namespace Streamline.Tests.Protocols.GeminiInteractions;

public class InteractionsEventEncoderTests
{
    [Fact]
    [Trait("Law", "11")]
    public void Encode_CanonicalEvents_DecodesToTheSame()
    {
        var property = Prop.ForAll((from events in InteractionsEventGenerator.Response from size in Gen.Choose(1, 200) select (events, size)).ToArbitrary(), sample =>
        {
            var bytes = WireRun.Encode(StreamProtocols.GeminiInteractions, sample.events);
            var (decoded, exception) = WireRun.ReadAsync(StreamProtocols.GeminiInteractions, bytes, sample.size).GetAwaiter().GetResult();
            exception.Should().BeNull();
            decoded.ToLines().Should().Be(sample.events.ToLines(), "of the body {0}", Encoding.UTF8.GetString(bytes));
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(11, 5), property);
    }

    [Fact]
    public void Encode_AnswerOfAnotherProtocol_WritesWhatThisOneHas()
    {
        StreamEvent[] events =
        [
            new ResponseStarted { Provider = "anthropic", ResponseId = "msg_1", Model = "claude" },
            new ContentStarted { Index = 0, Kind = ContentKind.Reasoning },
            new ReasoningDelta { Index = 0, Text = "hm" },
            new ContentCompleted { Index = 0, Kind = ContentKind.Reasoning, Signature = "sig", Raw = JsonElement.Parse("""{"type":"thinking"}""") },
            new ContentStarted { Index = 1, Kind = ContentKind.Text },
            new TextDelta { Index = 1, Text = "Hi" },
            new CitationAdded { Index = 1, Citation = JsonElement.Parse("{}") },
            new ContentCompleted { Index = 1, Kind = ContentKind.Text },
            new ToolCallStarted { Index = 2, CallId = "k", Name = "f", ProviderData = JsonElement.Parse("""{"type":"tool_use"}""") },
            new ToolInputDelta { Index = 2, CallId = "k", Fragment = "{\"a\":1}" },
            new ToolCallCompleted { Index = 2, CallId = "k", Name = "f", ArgumentsText = "{\"a\":1}", Arguments = JsonElement.Parse("{\"a\":1}") },
            new ToolCallStarted { Index = 3, CallId = "s", Name = "web_search", IsProviderExecuted = true },
            new ToolCallCompleted { Index = 3, CallId = "s", Name = "web_search", ArgumentsText = "{}", IsProviderExecuted = true },
            new ProviderEvent { Name = "novel", Data = "{}" },
            new UsageUpdated { Usage = new TokenUsage { InputTokens = 3, OutputTokens = 4 } },
            new ResponseCompleted { FinishReason = FinishReason.ToolCalls, RawFinishReason = "tool_use" },
        ];

        Encoding.UTF8.GetString(WireRun.Encode(StreamProtocols.GeminiInteractions, events)).Should().Be(Body(
            """{"interaction":{"id":"msg_1","status":"in_progress","object":"interaction","model":"claude"},"event_type":"interaction.created"}""",
            """{"index":0,"step":{"type":"thought"},"event_type":"step.start"}""",
            """{"index":0,"delta":{"content":{"text":"hm","type":"text"},"type":"thought_summary"},"event_type":"step.delta"}""",
            Stop(0),
            """{"index":1,"step":{"type":"model_output"},"event_type":"step.start"}""",
            Words(1, "Hi"),
            Stop(1),
            """{"index":2,"step":{"type":"function_call","id":"k","name":"f","arguments":{}},"event_type":"step.start"}""",
            """{"index":2,"delta":{"arguments":"{\"a\":1}","type":"arguments_delta"},"event_type":"step.delta"}""",
            Stop(2),
            """{"interaction":{"id":"msg_1","status":"requires_action","object":"interaction","model":"claude","usage":{"total_input_tokens":3,"total_output_tokens":4}},"event_type":"interaction.completed"}""")
            + "event: done\ndata: [DONE]\n\n");
    }
}
