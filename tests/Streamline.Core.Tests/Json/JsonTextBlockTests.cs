using System.Text;
using FluentAssertions;
using Streamline.Json;
using Xunit;

namespace Streamline.Tests.Json;

/// <summary>Texts that lie in several blocks. In the debug build, where these tests run, a block has 64 bytes.</summary>
public sealed class JsonTextBlockTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(1_000)]
    public void Raw_OfEveryValue_IsTheTextAsItWasWritten(int delta)
    {
        var text = Records(50);
        var document = new PartialJsonDocument();
        foreach (var piece in text.Chunk(delta))
        {
            document.Append(piece);
        }

        var at = 0;
        foreach (var item in document.RootElement.EnumerateArray())
        {
            var start = text.AsSpan(at).IndexOf((byte)'{') + at;
            at = start + item.GetRawUtf8().Length;
            item.GetRawUtf8().SequenceEqual(text.AsSpan(start..at)).Should().BeTrue();
            item["name"].GetString().Should().Be(new string('n', item["id"].GetInt32() % 90));
        }

        document.RootElement.GetRawUtf8().SequenceEqual(text).Should().BeTrue();
        document.WrittenSpan.SequenceEqual(text).Should().BeTrue();
    }

    [Fact]
    public void ElementsAndMemory_OfEveryMoment_StayAsTheyWere()
    {
        var text = Records(30);
        var document = new PartialJsonDocument();
        List<(PartialJsonElement Root, string Raw, ReadOnlyMemory<byte> Written, int Length)> taken = [];
        foreach (var piece in text.Chunk(11))
        {
            document.Append(piece);
            taken.Add((document.RootElement, document.RootElement.GetRawText(), document.WrittenMemory, document.BytesReceived));
        }

        foreach (var (root, raw, written, length) in taken)
        {
            root.GetRawText().Should().Be(raw);
            written.Span.SequenceEqual(text.AsSpan(0, length)).Should().BeTrue();
        }
    }

    [Theory]
    [InlineData(PartialJsonRepairMode.Safe)]
    [InlineData(PartialJsonRepairMode.Guess)]
    public void Written_AfterARepairHasTakenTextBack_IsTheRepairedText(PartialJsonRepairMode mode)
    {
        var document = new PartialJsonDocument(new PartialJsonOptions { Repair = mode });
        foreach (var piece in Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat("""{'name': True, "text": "some words that fill a block or two",}""", 20))}]").Chunk(3))
        {
            document.Append(piece);
            document.WrittenMemory.Length.Should().BePositive(); // the copy follows what is taken back
        }

        document.Complete();

        Encoding.UTF8.GetString(document.WrittenSpan).Replace(" ", "", StringComparison.Ordinal)
            .Should().Be($"[{string.Join(',', Enumerable.Repeat("""{"name":true,"text":"somewordsthatfillablockortwo"}""", 20))}]");
    }

    [Fact]
    public void Append_OfALongString_CopiesItAFewTimesOnly()
    {
        const int Length = 1 << 20;
        var document = new PartialJsonDocument();
        document.Append("\""u8);
        var piece = new byte[16];
        piece.AsSpan().Fill((byte)'a');
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Length; i += piece.Length)
        {
            document.Append(piece);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(6 * Length);
        document.RootElement.GetString().Should().HaveLength(Length);
    }

    [Fact]
    public void WrittenMemory_AfterEachAppend_CopiesWhatIsNew()
    {
        var text = Records(2_000);
        var document = new PartialJsonDocument();
        document.Append(text.AsSpan(0, text.Length / 2));
        document.WrittenMemory.Length.Should().Be(text.Length / 2);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var isWhole = true;
        for (var at = text.Length / 2; at < text.Length; at++)
        {
            document.Append(text.AsSpan(at, 1));
            isWhole &= document.WrittenMemory.Length == at + 1;
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(10 * text.Length);
        isWhole.Should().BeTrue();
    }

    private static byte[] Records(int count) =>
        Encoding.UTF8.GetBytes($"[{string.Join(", ", Enumerable.Range(0, count).Select(id => $$"""{"id":{{id}}, "name":"{{new string('n', id % 90)}}", "tags":["a", null, {{id}}.5]}"""))}]");
}
