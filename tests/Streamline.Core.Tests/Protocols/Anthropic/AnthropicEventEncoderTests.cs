using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streamline.Protocols;
using Streamline.Protocols.Shared;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.Anthropic;

public class AnthropicEventEncoderTests
{
    [Fact]
    public void Encode_CanonicalEvents_DecodesToTheSame()
    {
        var property = Prop.ForAll(AnthropicEventGenerator.Response.ToArbitrary(), events =>
        {
            var bytes = WireRun.Encode(StreamProtocols.Anthropic, events);
            var (decoded, exception) = Decode(bytes);
            exception.Should().BeNull();
            decoded.ToLines().Should().Be(events.ToLines(), "of the wire form {0}", Encoding.UTF8.GetString(bytes));
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(611, 5), property);
    }

    [Fact]
    public void Encode_Answer_WritesTheFramesOfTheWire()
    {
        StreamEvent[] events =
        [
            new ResponseStarted { Provider = "anthropic", ResponseId = "msg_1", Model = "claude-x" },
            new UsageUpdated { Usage = new TokenUsage { InputTokens = 12, OutputTokens = 1, TotalTokens = 13 } },
            KeepAlive.Instance,
            new ContentStarted { Index = 0, Kind = ContentKind.Text },
            new TextDelta { Index = 0, Text = "Hé\n" },
            new ContentCompleted { Index = 0, Kind = ContentKind.Text },
            new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = new TokenUsage { InputTokens = 12, OutputTokens = 5 } },
        ];
        Encoding.UTF8.GetString(WireRun.Encode(StreamProtocols.Anthropic, events)).Should().Be("""
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":12,"output_tokens":1}}}

            event: ping
            data: {"type":"ping"}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hé\n"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":12,"output_tokens":5}}

            event: message_stop
            data: {"type":"message_stop"}


            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Encode_ResponseWithoutUsage_DecodesWithoutUsage()
    {
        StreamEvent[] events =
        [
            new ResponseStarted { Provider = "anthropic" },
            new ResponseCompleted { FinishReason = FinishReason.Stop, RawFinishReason = "end_turn" },
        ];
        Decode(WireRun.Encode(StreamProtocols.Anthropic, events)).Events.ToLines().Should().Be(events.ToLines());
    }

    [Fact]
    public void Encode_CallThatWasNotSealed_StaysUnsealed()
    {
        var started = new ToolCallStarted { Index = 0, CallId = "t", Name = "f" };
        var assembler = new ToolCallAssembler(started, new StreamReadOptions());
        StreamEvent[] events =
        [
            new ResponseStarted { Provider = "anthropic" },
            started,
            assembler.Append("{\"a\":1}"),
            assembler.Abandon("The message ended before content_block_stop of the call."),
            new ResponseCompleted { FinishReason = FinishReason.Length, RawFinishReason = "max_tokens" },
        ];
        Decode(WireRun.Encode(StreamProtocols.Anthropic, events)).Events.ToLines().Should().Be(events.ToLines());
    }

    [Fact]
    public void Encode_EventsOfOtherWires_SaysTheSameInThisOne()
    {
        StreamEvent[] events =
        [
            new ResponseStarted { Provider = "openai" },
            new ContentStarted { Index = 0, Kind = ContentKind.Refusal },
            new RefusalDelta { Index = 0, Text = "No." },
            new ContentCompleted { Index = 0, Kind = ContentKind.Refusal },
            new ToolCallStarted { Index = 1, CallId = "t", Name = "f", ProviderData = JsonElement.Parse("""{"foreign":1}""") },
            new ToolCallCompleted { Index = 1, CallId = "t", Name = "f", ArgumentsText = "{\"a\":1}", Arguments = JsonElement.Parse("{\"a\":1}") },
            new ContentStarted { Index = 2, Kind = ContentKind.Other },
            new ContentCompleted { Index = 2, Kind = ContentKind.Other },
            new ResponseCompleted { FinishReason = FinishReason.ContentFilter, RawFinishReason = "content_filter" },
        ];
        var decoded = Decode(WireRun.Encode(StreamProtocols.Anthropic, events)).Events;
        decoded.OfType<TextDelta>().Single().Text.Should().Be("No.");
        decoded.OfType<ToolCallCompleted>().Single().Arguments!.Value.GetRawText().Should().Be("{\"a\":1}");
        decoded.OfType<ContentStarted>().Should().ContainSingle();
        decoded[^1].Should().BeOfType<ResponseCompleted>().Which.FinishReason.Should().Be(FinishReason.Refusal);
    }

    /// <summary>The official npm package takes the index of a block for its place among those that began.</summary>
    [Fact]
    public void Encode_WhatOnlyAnotherWireKnows_LeavesNoTrace()
    {
        StreamEvent[] known =
        [
            new ContentStarted { Index = 3, Kind = ContentKind.Text },
            new TextDelta { Index = 3, Text = "Hi" },
            new ContentCompleted { Index = 3, Kind = ContentKind.Text },
            new ResponseCompleted { FinishReason = FinishReason.Stop, RawFinishReason = "end_turn" },
        ];
        StreamEvent[] foreign =
        [
            new ProviderMetadata { Name = "system_fingerprint", Value = JsonElement.Parse("\"fp\"") },
            new ProviderEvent { Name = "obfuscation", Data = "{}" },
            new ContentStarted { Index = 0, Kind = ContentKind.RedactedReasoning },
            new ContentCompleted { Index = 0, Kind = ContentKind.RedactedReasoning, Raw = JsonElement.Parse("""{"type":"reasoning.encrypted","data":"x"}""") },
            new ToolCallStarted { Index = 1, CallId = "s", Name = "web_search_call", IsProviderExecuted = true },
            new ToolCallCompleted { Index = 1, CallId = "s", Name = "web_search_call", ArgumentsText = "{}", Arguments = JsonElement.Parse("{}"), IsProviderExecuted = true },
            new ContentStarted { Index = 2, Kind = ContentKind.Other },
            new ContentCompleted { Index = 2, Kind = ContentKind.Other, Raw = JsonElement.Parse("""{"type":"mcp_list_tools"}""") },
            known[0],
            known[1],
            new CitationAdded { Index = 3, Citation = JsonElement.Parse("""{"type":"url_citation"}""") },
            .. known[2..],
        ];
        var start = new ResponseStarted { Provider = "openai-responses", ResponseId = "r", Model = "m" };

        var written = Encoding.UTF8.GetString(WireRun.Encode(StreamProtocols.Anthropic, [start, .. foreign]));

        written.Should().Be(Encoding.UTF8.GetString(WireRun.Encode(StreamProtocols.Anthropic, [start, .. known])));
        written.Should().Contain("\"index\":0").And.NotContain("\"index\":3");
    }

    [Fact]
    public void Encode_EventsThatTheWireLacks_WritesNothing() =>
        WireRun.Encode(
            StreamProtocols.Anthropic,
            [
                new RetryScheduled { Attempt = 2, Delay = TimeSpan.Zero, Reason = "r" },
                new ToolExecutionStarted { CallId = "t", Name = "f" },
                new ToolResult { CallId = "t", Name = "f", Result = default },
                new StreamRestarted { Attempt = 2, Reason = "r", Discarded = [] },
            ]).Should().BeEmpty();

    [Fact]
    public void Encode_EventOutOfPlace_IsRefused()
    {
        var start = new ContentStarted { Index = 0, Kind = ContentKind.Text };
        Encode([new TextDelta { Index = 0, Text = "x" }]).Should().Throw<InvalidOperationException>().WithMessage("*0*not open*");
        Encode([start, start]).Should().Throw<InvalidOperationException>().WithMessage("*0*open already*");
        Encode([start, new ReasoningDelta { Index = 0, Text = "x" }]).Should().Throw<InvalidOperationException>().WithMessage("*Text*Reasoning*");
        Encode([start, new ResponseCompleted { FinishReason = FinishReason.Stop }]).Should().Throw<InvalidOperationException>().WithMessage("*0*open*");
    }

    [Fact]
    [Trait("Law", "5")]
    public void EncodeError_InsideAStream_DecodesToTheSameError()
    {
        var encoder = StreamProtocols.Anthropic.CreateEncoder();
        var output = new ArrayBufferWriter<byte>();
        encoder.Encode(new ResponseStarted { Provider = "anthropic", ResponseId = "msg_1" }, output);
        encoder.EncodeError(new ProviderException("anthropic", (HttpStatusCode)529, "overloaded_error", "busy") { RequestId = "req" }, output);

        var (events, exception) = Decode(output.WrittenSpan.ToArray());
        events.Should().ContainSingle().Which.Should().BeOfType<ResponseStarted>();
        exception.Should().BeOfType<ProviderException>().Which.Should().BeEquivalentTo(
            new { StatusCode = (HttpStatusCode?)529, Code = "overloaded_error", ProviderMessage = "busy", RequestId = "req", IsRetryable = true });
    }

    private static Action Encode(StreamEvent[] events) => () => WireRun.Encode(StreamProtocols.Anthropic, events);

    private static (List<StreamEvent> Events, Exception? Exception) Decode(byte[] bytes) =>
        WireRun.ReadAsync(StreamProtocols.Anthropic, bytes).WaitAsync(EventCollector.Patience, TimeProvider.System).GetAwaiter().GetResult();
}
