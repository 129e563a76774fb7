using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Streamline.Sse;
using Streamline.TestSupport;

namespace Streamline.Tests.Sse;

/// <summary>Random streams of pieces that matter to the grammar, in random chunks. Seeds are fixed: every run tries the same.</summary>
public class SsePropertyTests
{
    private static readonly string[] Pieces =
    [
        "data", "data:", "data: ", "data: {\"a\":1}", "data: x\n\n", "data: y\r\n\r\n", "event", "event:", "event: tick", "event: tick\n", "id", "id:", "id: 7",
        "id: \0", "id: 8\n\n", "retry: 5", "retry:", "retry: 5x", "retry: 99999999999", ":", ": ping", ": ping\n", "speed: 9", "DATA: 1", "{", "\"error\": 1", " ", "  ",
        "\t", "é", "€", "🙂", "\uFEFF", "\u2028", "\0", "\n", "\n", "\n", "\r", "\r", "\r\n", "\r\n", "\n\n", "\r\r", "\r\n\r\n", "\n\r",
    ];

    private static readonly string[] Lines =
    [
        "data: {\"a\":1}", "data", "data:", "data:  y", "data: 🙂\u2028", "id: 1", "id", "id: \0", "retry: 5", "retry: x", ": comment", ":", "speed: 9", "DATA: 1",
        " data: 2", "data : 3", "{\"error\": 1}", "\uFEFFdata: 4", "\0",
    ];

    private static Arbitrary<Sample> Samples => (
        from marks in Gen.Elements("", "", "", "\uFEFF", "\uFEFF\uFEFF")
        from pieces in Gen.Elements(Pieces).ListOf()
        from sizes in Gen.Choose(0, 9).NonEmptyListOf()
        select new Sample(marks + string.Concat(pieces), [.. sizes])).ToArbitrary();

    [Fact]
    public void MoveNext_AnyStream_IsWhatTheSpecificationSays() => Check(Samples, sample =>
    {
        var bytes = Encoding.UTF8.GetBytes(sample.Text);
        var expected = SseOracle.Run(bytes);

        var run = SseRun.Parse(bytes);

        run.Items.Should().Equal(expected.Items);
        run.LastEventId.Should().Be(expected.LastEventId);
        run.ReconnectionInterval.Should().Be(expected.ReconnectionInterval);
        run.BytesConsumed.Should().Be(bytes.Length);
    });

    [Fact]
    [Trait("Law", "1")]
    public void MoveNext_AnyStreamInAnyChunks_GivesTheSame() => Check(Samples, sample =>
    {
        foreach (var atEnd in new[] { false, true })
        {
            var options = new SseReaderOptions { DispatchAtEnd = atEnd, ReportComments = true };
            SseRun.Parse(sample.Chunks(), options).MustEqual(SseRun.Parse(sample.Text, options), sample.ToString());
        }
    });

    [Fact]
    public void MoveNext_AnyStreamOfEventsWithData_AgreesWithTheInBoxParser()
    {
        // Every event has data and no name is empty, as these are the two points in which the in-box parser deviates.
        var block = from name in Gen.Elements("", "event: tick", "event:tock")
                    from before in Gen.Elements(Lines).ListOf()
                    from data in Gen.Elements("data: z", "data", "data:")
                    from after in Gen.Elements(Lines).ListOf()
                    from ends in Gen.Elements("\n", "\r", "\r\n").NonEmptyListOf()
                    select string.Concat(before.Append(name).Append(data).Concat(after).Where(line => line.Length > 0).Append("")
                        .Select((line, i) => line + ends[i % ends.Count]));
        Check(block.ListOf().Select(string.Concat).ToArbitrary(), text =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);

            SseOracle.Run(bytes).InBoxDeviates.Should().BeFalse();
            SseDifferentialTests.EventsOf(bytes).Should().Equal(InBoxParser.Parse(bytes));
        });
    }

    [Fact]
    [Trait("Law", "1")]
    public void SseReader_AnyBytesInAnySegments_GivesTheSameAsTheStateMachine()
    {
        var anyBytes = from bytes in Gen.Elements((byte)'\n', (byte)'\r', (byte)':', (byte)' ', (byte)'d', (byte)0xEF, (byte)0xBB, (byte)0xBF, (byte)0).ListOf()
                       from sizes in Gen.Choose(0, 4).NonEmptyListOf()
                       select ("data:"u8.ToArray().Concat(bytes).Concat("\ndata\n\n"u8.ToArray()).ToArray(), sizes.ToArray());
        Check(anyBytes.ToArbitrary(), sample =>
        {
            var (bytes, sizes) = sample;
            var reader = new SseReader(Segments.Pipe(Cut(bytes, sizes)));

            SseRun.ReadAsync(reader).GetAwaiter().GetResult().MustEqual(SseRun.Parse(bytes), Convert.ToHexString(bytes));
        });
    }

    [Fact]
    public void WriteEvent_AnyValues_ComeBackFromTheReader()
    {
        var text = Gen.Elements("", "a", "b:", ": ", " ", "\n", "\r", "\r\n", "é", "🙂", "data: x", "\uFEFF", "\t").ListOf().Select(string.Concat);
        var line = Gen.Elements("", "a", "b:", ": ", " ", "é", "🙂", "id", "\uFEFF").ListOf().Select(string.Concat);
        var events = (from type in line from data in text from id in line select new Written(type, data, id)).ListOf();
        Check(events.ToArbitrary(), all =>
        {
            var output = new ArrayBufferWriter<byte>();
            var writer = new SseWriter(output);
            var expected = new List<SseItem>();
            var lastId = "";
            foreach (var (type, data, id) in all)
            {
                writer.WriteComment(data);
                writer.WriteEvent(type, data, id);
                lastId = id.Length == 0 ? lastId : id;

                // CR and CRLF come back as LF: the wire knows only line ends.
                expected.Add(new SseItem(type.Length == 0 ? "message" : type, data.ReplaceLineEndings("\n"), lastId));
            }

            SseRun.Parse(output.WrittenMemory).Items.Should().Equal(expected);
        });
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Cut(ReadOnlyMemory<byte> bytes, int[] sizes)
    {
        for (var i = 0; !bytes.IsEmpty; i++)
        {
            // A chunk may be empty, but not all of them.
            var size = Math.Min(i % 8 == 7 ? 5 : sizes[i % sizes.Length], bytes.Length);
            yield return bytes[..size];
            bytes = bytes[size..];
        }
    }

    private static void Check<T>(Arbitrary<T> arbitrary, Action<T> property) =>
        Prop.ForAll(arbitrary, property).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithReplay(20260821, 4711));

    private sealed record Sample(string Text, int[] Sizes)
    {
        public IEnumerable<ReadOnlyMemory<byte>> Chunks() => Cut(Encoding.UTF8.GetBytes(Text), Sizes);

        public override string ToString() => $"{Text} in chunks of {string.Join(", ", Sizes)}";
    }

    private sealed record Written(string EventType, string Data, string Id);
}
