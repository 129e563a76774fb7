using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.AI;
using Streamline.Tests.Protocols.Anthropic;
using Streamline.TestSupport;
using static Streamline.Tests.Protocols.Bedrock.BedrockWire;

namespace Streamline.Tests.Protocols.Bedrock;

/// <summary>The chunks hold the Messages API, whose own tests are those of the wire 'anthropic': here is what is around them.</summary>
public class BedrockAnthropicTests
{
    private const string Started = """{"type":"message_start","message":{"id":"msg_bdrk_1","type":"message","role":"assistant","model":"claude-x","content":[],"usage":{"input_tokens":3,"output_tokens":1}}}""";
    private const string TextStart = """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""";
    private const string TextStop = """{"type":"content_block_stop","index":0}""";
    private const string Ended = """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":5}}""";
    private const string Stopped =
        """{"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":3,"outputTokenCount":5,"invocationLatency":900,"firstByteLatency":300}}""";

    [Fact]
    [Trait("Law", "1")]
    public async Task Decode_Chunks_GivesTheEventsOfTheMessagesApi()
    {
        string[] payloads = [Started, """{"type":"ping"}""", TextStart, Text("Hé"), Text("llo"), TextStop, Ended, Stopped];
        var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.BedrockAnthropic, Body([.. payloads.Select(Chunk)]));
        var (expected, _) = await WireRun.ReadAsync(StreamProtocols.Anthropic, string.Concat(payloads.Select(payload => $"data: {payload}\n\n")));

        exception.Should().BeNull();
        events.ToLines().Should().Be(expected.ToLines());
        events.OfType<ResponseStarted>().Single().Provider.Should().Be("anthropic", "so that what came goes back over either of the two wires");
        events.OfType<ProviderMetadata>().Should().ContainSingle().Which.Name.Should().Be("amazon-bedrock-invocationMetrics");
        WireRun.Fold(events).Text.Should().Be("Héllo");
    }

    [Fact]
    public void Encode_CanonicalEvents_DecodesToTheSame()
    {
        var property = Prop.ForAll((from events in AnthropicEventGenerator.Response from size in Gen.Choose(1, 300) select (events, size)).ToArbitrary(), sample =>
        {
            var bytes = WireRun.Encode(StreamProtocols.BedrockAnthropic, sample.events);
            var (decoded, exception) = WireRun.ReadAsync(StreamProtocols.BedrockAnthropic, bytes, sample.size).GetAwaiter().GetResult();
            exception.Should().BeNull();
            decoded.ToLines().Should().Be(sample.events.ToLines());
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100).WithReplay(41, 5), property);
    }

    [Fact]
    [Trait("Law", "4")]
    public async Task Decode_BodyCutAtAnyByte_IsInterruptedWithWhatHadArrived()
    {
        var body = Body([.. new[] { Started, TextStart, Text("One"), Text(" two"), TextStop, Ended, Stopped }.Select(Chunk)]);
        var whole = Body([.. new[] { Started, TextStart, Text("One"), Text(" two"), TextStop, Ended }.Select(Chunk)]).Length;
        for (var cut = 0; cut < body.Length; cut++)
        {
            var (events, exception) = await WireRun.ReadAsync(StreamProtocols.BedrockAnthropic, body.AsMemory(0, cut));
            if (cut >= whole)
            {
                // The stop reason has come, and only message_stop is missing.
                events[^1].Should().BeOfType<ResponseCompleted>("the body was cut at byte {0}", cut);
                continue;
            }

            var interruption = exception.Should().BeOfType<StreamInterruptedException>("the body was cut at byte {0}", cut).Subject;
            interruption.BytesReceived.Should().Be(cut);
            (interruption.PartialResponse?.Text ?? "").Should().Be(WireRun.Fold(events).Text, "the body was cut at byte {0}", cut);
        }
    }

    [Fact]
    public async Task Decode_EscapedBase64_IsRead()
    {
        // A server may escape the slash.
        var payload = Text("ÿÿÿ???>>>");
        var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(payload));
        base64.Should().Contain("/");
        var chunk = Event("chunk", $$"""{"p":"ab","bytes":"{{base64.Replace("/", "\\/", StringComparison.Ordinal)}}"}""");

        var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.BedrockAnthropic, Body(Chunk(Started), Chunk(TextStart), chunk, chunk, Chunk(TextStop), Chunk(Ended), Chunk(Stopped)));

        exception.Should().BeNull();
        WireRun.Fold(events).Text.Should().Be("ÿÿÿ???>>>ÿÿÿ???>>>");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"bytes":7}""")]
    [InlineData("""{"bytes":"?"}""")]
    [InlineData("""{"bytes":"AAA"}""")]
    public async Task Decode_ChunkThatIsNone_IsAFault(string payload)
    {
        var (_, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.BedrockAnthropic, Body(Chunk(Started), Event("chunk", payload)));

        var fault = exception.Should().BeOfType<StreamProtocolException>().Subject;
        (fault.Error, fault.ByteOffset).Should().Be((StreamProtocolError.InvalidPayload, (long)Chunk(Started).Length));
    }

    [Fact]
    [Trait("Law", "5")]
    [Trait("Law", "11")]
    public async Task Decode_ErrorOfTheMessagesApiAndUnknownMessages_AreToldAsTheyAre()
    {
        var (events, exception) = await WireRun.ReadAllWaysAsync(
            StreamProtocols.BedrockAnthropic, Body(Chunk(Started), Event("novel", "[1]"), Chunk("""{"type":"error","error":{"type":"overloaded_error","message":"busy"}}""")));

        events.OfType<ProviderEvent>().Should().ContainSingle().Which.Should().BeEquivalentTo(new { Name = "novel", Data = "[1]" });
        exception.Should().BeOfType<ProviderException>().Which.Should().BeEquivalentTo(new { Code = "overloaded_error", IsRetryable = true });
    }

    [Fact]
    public void WriteRequestBody_Conversation_IsTheMessagesApisWithoutModelAndStream()
    {
        ChatMessage[] messages = [new(ChatRole.System, "Be brief."), new(ChatRole.User, "Hi")];
        var options = new ChatOptions { Temperature = 0.5f, Tools = [RequestBody.Weather], MaxOutputTokens = 100 };
        var expected = RequestBody.Write(StreamProtocols.Anthropic, messages, options);
        expected.Remove("model");
        expected.Remove("stream");
        expected.Insert(0, "anthropic_version", "bedrock-2023-05-31");

        var body = RequestBody.Write(StreamProtocols.BedrockAnthropic, messages, options);

        body.ShouldBe(expected.ToJsonString());
    }

    [Fact]
    public void WriteRequestBody_Betas_GoIntoTheBody() =>
        RequestBody.Write(StreamProtocols.BedrockAnthropic, [new ChatMessage(ChatRole.User, "Hi")], extra: new JsonObject { ["anthropic_beta"] = new JsonArray("x") }).ShouldBe(
            """{"anthropic_version":"bedrock-2023-05-31","max_tokens":8192,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],"anthropic_beta":["x"]}""");

    private static string Text(string text) => $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"{{{text}}}"}}""";

    private static byte[] Chunk(string payload) =>
        Event("chunk", $$"""{"bytes":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(payload))}}","p":"{{new string('a', payload.Length % 7)}}"}""");
}
