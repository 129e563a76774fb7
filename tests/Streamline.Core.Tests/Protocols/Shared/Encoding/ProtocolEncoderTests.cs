using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using Streamline.Protocols;
using Streamline.Tests.Protocols.Hostile;

namespace Streamline.Tests.Protocols.Shared;

/// <summary>What the encoders of all protocols have in common.</summary>
public sealed class ProtocolEncoderTests
{
    public static TheoryData<string> Protocols => [.. HostileProtocols.All.Keys];

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Encode_NullArgument_Throws(string name)
    {
        var encoder = HostileProtocols.All[name].CreateEncoder();
        encoder.Invoking(e => e.Encode(null!, new ArrayBufferWriter<byte>())).Should().Throw<ArgumentNullException>();
        encoder.Invoking(e => e.Encode(KeepAlive.Instance, null!)).Should().Throw<ArgumentNullException>();
        encoder.Invoking(e => e.Flush(null!)).Should().Throw<ArgumentNullException>();
        encoder.Invoking(e => e.EncodeError(null!, new ArrayBufferWriter<byte>())).Should().Throw<ArgumentNullException>();
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Encode_EventOutOfPlace_Throws(string name)
    {
        var text = new ContentStarted { Index = 0, Kind = ContentKind.Text };
        var end = new ResponseCompleted { FinishReason = FinishReason.Stop };
        Encode(text).Should().Throw<InvalidOperationException>().WithMessage("ContentStarted came before ResponseStarted*");
        Encode(end).Should().Throw<InvalidOperationException>().WithMessage("ResponseCompleted came before ResponseStarted*");
        Encode(Start(), new TextDelta { Index = 0, Text = "x" }).Should().Throw<InvalidOperationException>().WithMessage("Block 0 is not open*");
        Encode(Start(), text, text).Should().Throw<InvalidOperationException>().WithMessage("Block 0 is open already*");
        Encode(Start(), text, new ReasoningDelta { Index = 0, Text = "x" }).Should().Throw<InvalidOperationException>().WithMessage("*kind Text*kind Reasoning*");
        Encode(Start(), text, new ToolInputDelta { Index = 0, CallId = "c", Fragment = "x" }).Should().Throw<InvalidOperationException>().WithMessage("*kind Text*kind ToolCall*");
        Encode(Start(), text, end).Should().Throw<InvalidOperationException>().WithMessage("*while block 0 is open*");
        Encode(Start(), end, text).Should().Throw<InvalidOperationException>().WithMessage("*before ResponseStarted*");

        Action Encode(params StreamEvent[] events) => () => WireRun.Encode(HostileProtocols.All[name], events);
        ResponseStarted Start() => StartOf(HostileProtocols.All[name]);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Encode_EventsWithoutAForm_WritesNothing(string name) => WireRun.Encode(
        HostileProtocols.All[name],
        [
            new RetryScheduled { Attempt = 2, Delay = TimeSpan.Zero, Reason = "r" },
            new ToolExecutionStarted { CallId = "t", Name = "f" },
            new ToolResult { CallId = "t", Name = "f", Result = default },
            new StreamRestarted { Attempt = 2, Reason = "r", Discarded = [] },
        ]).Should().BeEmpty();

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Encode_RestOverAnotherProtocol_HasNothingThatOnlyThatOneKnows(string name)
    {
        var protocol = HostileProtocols.All[name];
        StreamEvent[] events =
        [
            StartOf(protocol),
            new ContentStarted { Index = 0, Kind = ContentKind.Text },
            new TextDelta { Index = 0, Text = "half" },
            new StreamResumed { Attempt = 2, Reason = "r", Protocol = "another" },
            new ProviderEvent { Name = "foreign_name", Data = """{"type":"foreign_name"}""" },
            new TextDelta { Index = 0, Text = " and half" },
            new ContentCompleted { Index = 0, Kind = ContentKind.Text },
            new ResponseCompleted { FinishReason = FinishReason.Stop, RawFinishReason = "foreign_word" },
        ];

        var written = WireRun.Encode(protocol, events);

        written.Should().Equal(WireRun.Encode(protocol, [.. events.Where(e => e is not (StreamResumed or ProviderEvent or ResponseCompleted)), new ResponseCompleted { FinishReason = FinishReason.Stop }]));
        written.Should().NotEqual(WireRun.Encode(protocol, [.. events.Where(e => e is not StreamResumed)]));
    }

    /// <summary>Clients take the index of a block for its place, whoever sent the blocks before it.</summary>
    [Theory]
    [InlineData("anthropic", "another")]
    [InlineData("another", "anthropic")]
    public void Encode_RestOverAnotherProtocol_NumbersBlocksWithoutGaps(string first, string second)
    {
        StreamEvent[] events =
        [
            new ResponseStarted { Provider = first },
            new ContentStarted { Index = 0, Kind = ContentKind.RedactedReasoning },
            new ContentCompleted { Index = 0, Kind = ContentKind.RedactedReasoning, Raw = JsonElement.Parse("""{"type":"redacted_thinking","data":"x"}""") },
            new ContentStarted { Index = 1, Kind = ContentKind.Text },
            new TextDelta { Index = 1, Text = "half" },
            new StreamResumed { Attempt = 2, Reason = "r", Protocol = second },
            new ContentCompleted { Index = 1, Kind = ContentKind.Text },
            new ContentStarted { Index = 2, Kind = ContentKind.RedactedReasoning },
            new ContentCompleted { Index = 2, Kind = ContentKind.RedactedReasoning, Raw = JsonElement.Parse("""{"type":"redacted_thinking","data":"x"}""") },
            new ContentStarted { Index = 3, Kind = ContentKind.Text },
            new ContentCompleted { Index = 3, Kind = ContentKind.Text },
            new ResponseCompleted { FinishReason = FinishReason.Stop },
        ];

        var written = Encoding.UTF8.GetString(WireRun.Encode(StreamProtocols.Anthropic, events));

        var starts = written.Split('\n').Where(line => line.Contains("content_block_start", StringComparison.Ordinal) && line.StartsWith("data:", StringComparison.Ordinal));
        starts.Select(line => JsonElement.Parse(line["data:".Length..]).GetProperty("index").GetInt32()).Should().Equal(Enumerable.Range(0, 3));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    [Trait("Law", "14")]
    public async Task Encode_PassedThroughEventBeforeTheResponse_IsWrittenBeforeIt(string name)
    {
        var protocol = HostileProtocols.All[name];
        StreamEvent[] events = [new ProviderEvent { Name = "novel", Data = """{"type":"novel"}""" }, .. Answer(protocol, "a", "b")];

        var (again, exception) = await WireRun.ReadAsync(protocol, WireRun.Encode(protocol, events));

        exception.Should().BeNull();
        again[0].Should().BeOfType<ProviderEvent>().Which.Data.Should().Be("""{"type":"novel"}""");
        TextOf(again).Should().Be("ab");
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Encode_PassedThroughEventBeforeAResponseOfAnotherProtocol_IsLeftOut(string name)
    {
        var protocol = HostileProtocols.All[name];
        var start = new ResponseStarted { Provider = "another" };
        WireRun.Encode(protocol, [new ProviderEvent { Name = "novel", Data = "{}" }, start]).Should().Equal(WireRun.Encode(protocol, [start]));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    [Trait("Law", "6")]
    public void Encode_ResponseAfterOneThatBrokeOff_HasNothingOfIt(string name)
    {
        var protocol = HostileProtocols.All[name];
        var encoder = protocol.CreateEncoder();
        StreamEvent[] broken = [.. Answer(protocol, "x", "y").SkipLast(2), new ToolCallStarted { Index = 1, CallId = "c", Name = "f" }, new UsageUpdated { Usage = new TokenUsage { InputTokens = 7 } }];
        Written(encoder, broken);

        // In a JSON array, the elements of both are separated.
        Encoding.UTF8.GetString(Written(encoder, Answer(protocol, "a", "b"))).TrimStart(',', '\n')
            .Should().Be(Encoding.UTF8.GetString(WireRun.Encode(protocol, Answer(protocol, "a", "b"))).TrimStart('['));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    [Trait("Law", "4")]
    public async Task Flush_SourceThatBrokeOffAfterAnyText_LosesNoText(string name)
    {
        var protocol = HostileProtocols.All[name];
        foreach (var count in new[] { 1, 2, 3 })
        {
            var events = Answer(protocol, "a", "b", "c").Take(2 + count).ToArray();
            var encoder = protocol.CreateEncoder();
            var output = new ArrayBufferWriter<byte>();
            Array.ForEach(events, streamEvent => encoder.Encode(streamEvent, output));
            encoder.Flush(output);

            var (again, exception) = await WireRun.ReadAsync(protocol, output.WrittenSpan.ToArray());

            exception.Should().BeOfType<StreamInterruptedException>();
            TextOf(again).Should().Be("abc"[..count]);
        }
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    [Trait("Law", "5")]
    public async Task EncodeError_AfterText_IsReadAfterTheText(string name)
    {
        var protocol = HostileProtocols.All[name];
        var encoder = protocol.CreateEncoder();
        var output = new ArrayBufferWriter<byte>();
        Array.ForEach(Answer(protocol, "a").Take(3).ToArray(), streamEvent => encoder.Encode(streamEvent, output));
        encoder.EncodeError(new ProviderException(protocol.Provider, HttpStatusCode.TooManyRequests, code: null, "busy"), output);
        encoder.Invoking(e => e.Encode(new TextDelta { Index = 0, Text = "x" }, output)).Should().Throw<InvalidOperationException>();

        var (again, exception) = await WireRun.ReadAsync(protocol, output.WrittenSpan.ToArray());

        TextOf(again).Should().Be("a");
        var error = exception.Should().BeOfType<ProviderException>().Subject;
        (error.StatusCode, error.ProviderMessage).Should().Be((HttpStatusCode.TooManyRequests, "busy"));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    [Trait("Law", "11")]
    public async Task Encode_CountsWithoutAMemberOfTheirOwn_AreReadAgain(string name)
    {
        if (name == "ollama")
        {
            return; // has counts of known names only
        }

        var protocol = HostileProtocols.All[name];
        var counts = new Dictionary<string, long>(StringComparer.Ordinal) { ["server_details.web.requests"] = 3, ["steps[0].tokens"] = 1, ["steps[1].tokens"] = 2, ["plain"] = 4 };
        var usage = new TokenUsage { InputTokens = 10, OutputTokens = 5, TotalTokens = 15, AdditionalCounts = counts };
        StreamEvent[] events = [StartOf(protocol), new UsageUpdated { Usage = usage }, new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = usage }];

        var (again, exception) = await WireRun.ReadAsync(protocol, WireRun.Encode(protocol, events));

        exception.Should().BeNull();
        again[^1].Should().BeOfType<ResponseCompleted>().Which.Usage!.AdditionalCounts.Should().BeEquivalentTo(counts);
    }

    private static ResponseStarted StartOf(StreamProtocol protocol) =>
        new() { Provider = protocol == StreamProtocols.BedrockAnthropic ? "anthropic" : protocol.Provider, Protocol = protocol == StreamProtocols.BedrockAnthropic ? null : protocol.Name, ResponseId = "r", Model = "m" };

    private static StreamEvent[] Answer(StreamProtocol protocol, params string[] texts) =>
    [
        StartOf(protocol),
        new ContentStarted { Index = 0, Kind = ContentKind.Text },
        .. texts.Select(text => new TextDelta { Index = 0, Text = text }),
        new ContentCompleted { Index = 0, Kind = ContentKind.Text },
        new ResponseCompleted { FinishReason = FinishReason.Stop },
    ];

    private static byte[] Written(StreamEventEncoder encoder, IEnumerable<StreamEvent> events)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var streamEvent in events)
        {
            encoder.Encode(streamEvent, output);
        }

        return output.WrittenSpan.ToArray();
    }

    private static string TextOf(IEnumerable<StreamEvent> events) => string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text));
}
