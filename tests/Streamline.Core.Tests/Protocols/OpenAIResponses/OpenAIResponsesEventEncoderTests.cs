using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.OpenAIResponses;

public sealed class OpenAIResponsesEventEncoderTests
{
    [Fact]
    public void Decode_OfEncode_GivesTheSameEvents()
    {
        var property = Prop.ForAll(OpenAIResponsesEventGenerator.Response.ToArbitrary(), events =>
        {
            var (decoded, exception) = WireRun.ReadAsync(StreamProtocols.OpenAIResponses, WireRun.Encode(StreamProtocols.OpenAIResponses, events)).GetAwaiter().GetResult();
            exception.Should().BeNull();
            decoded.ToLines().Should().Be(events.ToLines());
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(600).WithReplay(20, 27), property);
    }

    [Fact]
    public void Encode_Answer_IsTheExactWire()
    {
        var events = new StreamEvent[]
        {
            new ResponseStarted { Provider = "anthropic", ResponseId = "r", Model = "m" },
            new ContentStarted { Index = 0, Kind = ContentKind.Text },
            new TextDelta { Index = 0, Text = "Hi" },
            new ContentCompleted { Index = 0, Kind = ContentKind.Text },
            new ToolCallStarted { Index = 1, CallId = "k1", Name = "f" },
            new ToolInputDelta { Index = 1, CallId = "k1", Fragment = "{}" },
            new ToolCallCompleted { Index = 1, CallId = "k1", Name = "f", ArgumentsText = "{}", Arguments = JsonElement.Parse("{}") },
            new ResponseCompleted { FinishReason = FinishReason.ToolCalls, RawFinishReason = "tool_use", Usage = new TokenUsage { InputTokens = 4, OutputTokens = 1 } },
        };
        const string Response = """{"id":"r","object":"response","created_at":0,"status":"STATUS","error":null,"incomplete_details":null,"instructions":null,"metadata":{},"model":"m","output":OUTPUT,"parallel_tool_calls":true,"temperature":null,"tool_choice":"auto","tools":[],"top_p":null,"usage":USAGE}""";
        const string Message = """{"id":"msg_0","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hi","annotations":[]}]}""";
        const string Call = """{"id":"fc_1","type":"function_call","call_id":"k1","name":"f","arguments":"{}","status":"completed"}""";
        var begun = Response.Replace("STATUS", "in_progress").Replace("OUTPUT", "[]").Replace("USAGE", "null");
        var ended = Response.Replace("STATUS", "completed").Replace("OUTPUT", $"[{Message},{Call}]")
            .Replace("USAGE", """{"input_tokens":4,"input_tokens_details":{},"output_tokens":1,"output_tokens_details":{},"total_tokens":5}""");

        Encoding.UTF8.GetString(WireRun.Encode(StreamProtocols.OpenAIResponses, events)).Should().Be(OpenAIResponsesWire.Stream(
            $$"""{"type":"response.created","sequence_number":0,"response":{{begun}}}""",
            $$"""{"type":"response.in_progress","sequence_number":1,"response":{{begun}}}""",
            """{"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"msg_0","type":"message","role":"assistant","status":"in_progress","content":[]}}""",
            """{"type":"response.content_part.added","sequence_number":3,"item_id":"msg_0","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[]}}""",
            """{"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_0","output_index":0,"content_index":0,"delta":"Hi","logprobs":[]}""",
            """{"type":"response.output_text.done","sequence_number":5,"item_id":"msg_0","output_index":0,"content_index":0,"text":"Hi","logprobs":[]}""",
            """{"type":"response.content_part.done","sequence_number":6,"item_id":"msg_0","output_index":0,"content_index":0,"part":{"type":"output_text","text":"Hi","annotations":[]}}""",
            $$"""{"type":"response.output_item.done","sequence_number":7,"output_index":0,"item":{{Message}}}""",
            """{"type":"response.output_item.added","sequence_number":8,"output_index":1,"item":{"id":"fc_1","type":"function_call","call_id":"k1","name":"f","arguments":"","status":"in_progress"}}""",
            """{"type":"response.function_call_arguments.delta","sequence_number":9,"item_id":"fc_1","output_index":1,"delta":"{}"}""",
            """{"type":"response.function_call_arguments.done","sequence_number":10,"item_id":"fc_1","output_index":1,"arguments":"{}","name":"f"}""",
            $$"""{"type":"response.output_item.done","sequence_number":11,"output_index":1,"item":{{Call}}}""",
            $$"""{"type":"response.completed","sequence_number":12,"response":{{ended}}}"""));
    }

    [Fact]
    public async Task Encode_AnswerOfAnotherWire_SaysOnlyWhatThisOneCan()
    {
        var wire = WireRun.Encode(StreamProtocols.OpenAIResponses,
        [
            new ResponseStarted { Provider = "anthropic", ResponseId = "msg", Model = "claude" },
            new ContentStarted { Index = 0, Kind = ContentKind.Reasoning },
            new ReasoningDelta { Index = 0, Text = "hm" },
            new ContentCompleted { Index = 0, Kind = ContentKind.Reasoning, Signature = "sig" },
            new ToolCallStarted { Index = 1, CallId = "s", Name = "web_search", IsProviderExecuted = true },
            new ToolInputDelta { Index = 1, CallId = "s", Fragment = "{}" },
            new ToolCallCompleted { Index = 1, CallId = "s", Name = "web_search", ArgumentsText = "{}", IsProviderExecuted = true },
            new ContentStarted { Index = 2, Kind = ContentKind.ServerToolResult },
            new ContentCompleted { Index = 2, Kind = ContentKind.ServerToolResult, Raw = JsonElement.Parse("{}") },
            new ProviderEvent { Name = "novel", Data = "{}" },
            new ProviderMetadata { Name = "container", Value = JsonElement.Parse("1") },
            new ToolResult { CallId = "x", Name = "y", Result = JsonElement.Parse("1") },
            new ResponseCompleted { FinishReason = FinishReason.Refusal, RawFinishReason = "refusal" },
        ]);

        Encoding.UTF8.GetString(wire).Should().NotContainAny("web_search", "novel", "container");
        var (events, _) = await WireRun.ReadAsync(StreamProtocols.OpenAIResponses, wire);
        OpenAIResponsesEventDecoderTests.Describe(events).Should().Equal("start 0 Reasoning", "reasoning 0 hm", "end 0 Reasoning signed sig");
        events.OfType<ResponseCompleted>().Single().FinishReason.Should().Be(FinishReason.ContentFilter);
    }

    [Fact]
    public void Encode_EventsThatCannotComeHere_Throw()
    {
        var encoder = StreamProtocols.OpenAIResponses.CreateEncoder();
        var output = new ArrayBufferWriter<byte>();
        void Refuses(StreamEvent streamEvent, string words) => encoder.Invoking(e => e.Encode(streamEvent, output)).Should().Throw<InvalidOperationException>().WithMessage($"*{words}*");

        Refuses(new ContentStarted { Index = 0, Kind = ContentKind.Text }, "before ResponseStarted");
        Refuses(new ResponseCompleted { FinishReason = FinishReason.Stop }, "before ResponseStarted");
        encoder.Encode(new ResponseStarted { Provider = "openai-responses" }, output);
        Refuses(new TextDelta { Index = 5, Text = "x" }, "Block 5 is not open");
        encoder.Encode(new ToolCallStarted { Index = 0, CallId = "c", Name = "f" }, output);
        Refuses(new TextDelta { Index = 0, Text = "x" }, "ToolCall");
        Refuses(new CitationAdded { Index = 0, Citation = JsonElement.Parse("{}") }, "ToolCall");
        Refuses(new ToolCallStarted { Index = 0, CallId = "d", Name = "f" }, "Block 0 is open already");
        Refuses(new ResponseCompleted { FinishReason = FinishReason.Stop }, "block 0 is open");
    }

    [Fact]
    public void Encode_OneResponseAfterAnother_BeginsAnew()
    {
        var encoder = StreamProtocols.OpenAIResponses.CreateEncoder();
        var events = new StreamEvent[]
        {
            new ResponseStarted { Provider = "x", ResponseId = "r" },
            new ContentStarted { Index = 0, Kind = ContentKind.Refusal },
            new RefusalDelta { Index = 0, Text = "No." },
            new ContentCompleted { Index = 0, Kind = ContentKind.Refusal },
            new ResponseCompleted { FinishReason = FinishReason.Refusal },
        };

        Encode().Should().Be(Encode()).And.Contain("response.completed");

        string Encode()
        {
            var output = new ArrayBufferWriter<byte>();
            foreach (var streamEvent in events)
            {
                encoder.Encode(streamEvent, output);
            }

            return Encoding.UTF8.GetString(output.WrittenSpan);
        }
    }
}
