using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.TestSupport;
using static Streamline.Tests.Protocols.Bedrock.BedrockWire;

namespace Streamline.Tests.Protocols.Bedrock;

/// <summary>Payloads and bodies of Converse that are malformed, out of order, too large, cut or changed.</summary>
public class BedrockDecoderFaultTests
{
    public static TheoryData<string, byte[]> Malformed => new()
    {
        { "no object", Event("contentBlockDelta", "[]") },
        { "no index", Event("contentBlockDelta", """{"delta":{"text":"x"}}""") },
        { "no delta", Event("contentBlockDelta", """{"contentBlockIndex":0}""") },
        { "no name", BlockStart(0, """{"toolUse":{"toolUseId":"t"}}""") },
        { "empty name", BlockStart(0, """{"toolUse":{"toolUseId":"t","name":""}}""") },
        { "negative index", BlockStop(-1) },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Decode_PayloadThatLacksSomething_SaysWhatAndWhere(string what, byte[] message)
    {
        var fault = await FailAsync<StreamProtocolException>(Start, message);

        (fault.Error, fault.ByteOffset).Should().Be((StreamProtocolError.InvalidPayload, (long)Start.Length), what);
    }

    public static TheoryData<string, byte[][]> OutOfOrder => new()
    {
        { "delta of a call that is not open", [Delta(0, """{"toolUse":{"input":"x"}}""")] },
        { "start of an open block", [Delta(0, """{"text":"x"}"""), BlockStart(0, """{"image":{"format":"png"}}""")] },
        { "second message", [Start] },
    };

    [Theory]
    [MemberData(nameof(OutOfOrder))]
    public async Task Decode_EventThatCannotComeHere_IsAFault(string what, byte[][] messages) =>
        (await FailAsync<StreamProtocolException>([Start, .. messages])).Error.Should().Be(StreamProtocolError.UnexpectedEvent, what);

    [Fact]
    public async Task Decode_PayloadThatIsNoJson_IsAFault() =>
        (await FailAsync<StreamProtocolException>(Start, Event("contentBlockDelta", "{"))).Error.Should().Be(StreamProtocolError.InvalidJson);

    [Fact]
    [Trait("Law", "8")]
    public async Task Decode_PastALimit_NamesIt()
    {
        byte[] many = Body([Start, .. Enumerable.Range(0, 4).Select(i => BlockStart(i, """{"hologram":{}}"""))]);
        var piece = Delta(0, """{"image":{"source":{"bytes":"@"}}}""".Replace("@", new string('A', 400), StringComparison.Ordinal));
        var picture = Body(Start, BlockStart(0, """{"image":{"format":"png"}}"""), piece, piece);

        (await WireRun.ReadAsync(StreamProtocols.BedrockConverse, many, options: new StreamReadOptions { MaxOpenBlocks = 3 }))
            .Exception.Should().BeOfType<StreamLimitException>().Which.Should().BeEquivalentTo(new { LimitName = "MaxOpenBlocks", Limit = 3L, Actual = 4L });
        (await WireRun.ReadAsync(StreamProtocols.BedrockConverse, picture, options: new StreamReadOptions { MaxEventBytes = 700 }))
            .Exception.Should().BeOfType<StreamLimitException>().Which.LimitName.Should().Be("MaxEventBytes");
    }

    [Fact]
    [Trait("Law", "4")]
    public async Task Decode_BodyCutAtAnyByte_IsInterruptedWithWhatHadArrived()
    {
        var beforeStop = Body(
            Start, Delta(0, """{"text":"One"}"""), Delta(0, """{"text":" two"}"""), BlockStop(0), BlockStart(1, """{"toolUse":{"toolUseId":"a","name":"f"}}"""), Delta(1, """{"toolUse":{"input":"{}"}}"""), BlockStop(1));
        byte[] body = [.. beforeStop, .. Stop, .. Metadata];
        for (var cut = 0; cut < body.Length; cut++)
        {
            var (events, exception) = await WireRun.ReadAsync(StreamProtocols.BedrockConverse, body.AsMemory(0, cut));
            if (cut >= beforeStop.Length + Stop.Length)
            {
                (exception, events[^1].GetType()).Should().Be((null, typeof(ResponseCompleted)), "{0} bytes hold the stop", cut);
                continue;
            }

            var interruption = exception.Should().BeOfType<StreamInterruptedException>("the body was cut at byte {0}", cut).Subject;
            interruption.BytesReceived.Should().Be(cut);
            (interruption.PartialResponse?.Text ?? "").Should().Be(WireRun.Fold(events).Text, "the body was cut at byte {0}", cut);
        }
    }

    [Fact]
    public async Task Decode_MessageThatWasChanged_IsAFaultThatKeepsWhatHadArrived()
    {
        var text = Delta(0, """{"text":"Kept."}""");
        var changed = Delta(0, """{"text":"Lost."}""");
        changed[^10] ^= 1;

        var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.BedrockConverse, Body(Start, text, changed, Stop, Metadata));

        var fault = exception.Should().BeOfType<StreamProtocolException>().Subject;
        (fault.Error, fault.ByteOffset).Should().Be((StreamProtocolError.InvalidFrame, (long)(Start.Length + text.Length)));
        fault.Message.Should().Contain("checksum");
        fault.PartialResponse!.Text.Should().Be("Kept.");
        events.OfType<TextDelta>().Should().ContainSingle();
    }
}
