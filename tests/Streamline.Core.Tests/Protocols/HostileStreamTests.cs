using System.Buffers;
using System.Text;
using Streamline.Protocols;
using Streamline.Tests.Http;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols;

/// <summary>What every wire must stand: very large events, very many small ones, and characters and line ends that are cut.</summary>
public class HostileStreamTests
{
    private const string HighHalf = "<high>";
    private const string LowHalf = "<low>";

    public static TheoryData<string> All => Wires.All();

    public static TheoryData<string> OfText => Wires.OfText();

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "8")]
    public async Task Read_EventOfTenMegabytes_IsReadWholeOrRefused(string wire)
    {
        var text = new string('x', 10 * 1024 * 1024);
        var body = Body(wire, [text]);

        (await ReadAsync(wire, ChunkedStream.Every(body, 64 * 1024), new StreamReadOptions())).Should().Be(text);

        var limited = new StreamReadOptions { MaxEventBytes = 1024 * 1024 };
        await FluentActions.Awaiting(() => ReadAsync(wire, ChunkedStream.Every(body, 64 * 1024), limited)).Should().ThrowAsync<StreamLimitException>();
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "1")]
    [Trait("Law", "8")]
    public async Task Read_ResponsePastAnyLimit_GivesTheSameEventsHoweverTheBytesAreCut(string wire)
    {
        var body = Body(wire, ["one", " two", " three"]);
        var whole = await WireRun.ReadAsync(Wires.Named(wire), body, options: new StreamReadOptions { MaxResponseBytes = body.Length });
        whole.Exception.Should().BeNull("a response may be as long as the limit");
        for (var limit = 1; limit < body.Length; limit += 5)
        {
            var options = new StreamReadOptions { MaxResponseBytes = limit };
            var (events, exception) = await WireRun.ReadAsync(Wires.Named(wire), body, options: options);
            foreach (var size in WireRun.ChunkSizes)
            {
                var (split, splitException) = await WireRun.ReadAsync(Wires.Named(wire), body, size, options);

                split.ToLines().Should().Be(events.ToLines(), "the limit is {0} and chunks have {1} bytes", limit, size);
                splitException?.GetType().Should().Be(exception?.GetType(), "the limit is {0} and chunks have {1} bytes", limit, size);
            }
        }

        var limited = await WireRun.ReadAsync(Wires.Named(wire), body, options: new StreamReadOptions { MaxResponseBytes = 10 });
        limited.Events.Should().BeEmpty();
        limited.Exception.Should().BeOfType<StreamLimitException>().Which.Should().BeEquivalentTo(new { LimitName = "MaxResponseBytes", Limit = 10L });
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "8")]
    public async Task Read_HundredThousandDeltasOfOneCharacter_CostsEachTheSame(string wire)
    {
        const int count = 100_000;
        const int mostPerDelta = 4_000;
        var body = Body(wire, Enumerable.Repeat("y", count));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var text = await ReadAsync(wire, new MemoryStream(body), new StreamReadOptions());

        text.Should().Be(new string('y', count));
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan((long)count * mostPerDelta);
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "1")]
    public async Task Read_CharactersOfManyBytesCutAnywhere_AreWhole(string wire)
    {
        string[] deltas = ["Grüße, ", "世界", " 👩‍👩‍👧 ", "\u2028\u00A0é"];
        await MustReadTheSameAtEveryCutAsync(wire, Body(wire, deltas), string.Concat(deltas));
    }

    [Theory]
    [MemberData(nameof(OfText))]
    [Trait("Law", "1")]
    public async Task Read_LineEndsOfTwoCharactersCutAnywhere_AreOneLineEnd(string wire)
    {
        var body = Encoding.UTF8.GetString(Body(wire, ["one", " two"])).Replace("\n", "\r\n", StringComparison.Ordinal);
        await MustReadTheSameAtEveryCutAsync(wire, Encoding.UTF8.GetBytes(body), "one two");
    }

    [Theory]
    [MemberData(nameof(OfText))]
    [Trait("Law", "1")]
    public async Task Read_SurrogatePairOverTwoDeltas_IsNeverSplit(string wire)
    {
        var body = Encoding.UTF8.GetString(Body(wire, ["Hi " + HighHalf, LowHalf + "!"]))
            .Replace(Escaped(HighHalf), "\\ud83d", StringComparison.Ordinal)
            .Replace(Escaped(LowHalf), "\\ude00", StringComparison.Ordinal)
            .Replace(HighHalf, "\\ud83d", StringComparison.Ordinal)
            .Replace(LowHalf, "\\ude00", StringComparison.Ordinal);
        body.Should().Contain("\\ud83d").And.Contain("\\ude00");

        await MustReadTheSameAtEveryCutAsync(wire, Encoding.UTF8.GetBytes(body), "Hi 😀!");
    }

    private static string Escaped(string mark) => mark.Replace("<", "\\u003C", StringComparison.Ordinal).Replace(">", "\\u003E", StringComparison.Ordinal);

    private static byte[] Body(string wire, IEnumerable<string> deltas)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = Wires.Named(wire).CreateEncoder();
        encoder.Encode(new ResponseStarted { Provider = wire, ResponseId = "r1", Model = "m" }, output);
        encoder.Encode(new ContentStarted { Index = 0, Kind = ContentKind.Text }, output);
        foreach (var delta in deltas)
        {
            encoder.Encode(new TextDelta { Index = 0, Text = delta }, output);
        }

        encoder.Encode(new ContentCompleted { Index = 0, Kind = ContentKind.Text }, output);
        encoder.Encode(new ResponseCompleted { FinishReason = FinishReason.Stop }, output);
        return output.WrittenSpan.ToArray();
    }

    private static async Task MustReadTheSameAtEveryCutAsync(string wire, byte[] body, string expected)
    {
        for (var cut = 0; cut <= body.Length; cut++)
        {
            var text = await ReadAsync(wire, ChunkedStream.At(body, cut), new StreamReadOptions());
            text.Should().Be(expected, "the body is cut at {0} of {1}", cut, body.Length);
        }

        (await ReadAsync(wire, ChunkedStream.Every(body, 1), new StreamReadOptions())).Should().Be(expected);
    }

    /// <summary>Reads the text of a response, which must end properly and have no half of a surrogate pair in any delta.</summary>
    private static async Task<string> ReadAsync(string wire, Stream body, StreamReadOptions options)
    {
        var text = new StringBuilder();
        var last = default(StreamEvent);
        await foreach (var streamEvent in Wires.Named(wire).ReadAsync(body, options))
        {
            last = streamEvent;
            if (streamEvent is TextDelta delta)
            {
                text.Append(delta.Text);
                (char.IsLowSurrogate(delta.Text[0]) || char.IsHighSurrogate(delta.Text[^1])).Should().BeFalse("a pair must not be split: '{0}'", delta.Text);
            }
        }

        last.Should().BeOfType<ResponseCompleted>();
        return text.ToString();
    }
}
