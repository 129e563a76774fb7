using System.Text;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Shared;

/// <summary>A payload is taken for one of a known shape only where parsing it would give the same.</summary>
public sealed class DeltaTemplatesTests
{
    private static readonly TemplateRules Rules = new("id n", usage: "usage", counter: "seq", nestedNoise: "token");

    [Theory]
    [InlineData("""{"id":"a","text":"x"}""", """{"id":"bcd","text":"yz"}""")]
    [InlineData("""{"id":"a","text":"x"}""", """{"id":"b\u0063\n","text":"y"}""")]
    [InlineData("""{"id":7,"n":-1.5e3,"text":"x"}""", """{"id":12345,"n":0,"text":"y"}""")]
    [InlineData("""{"o":{"token":1},"text":"x"}""", """{"o":{"token":22},"text":"y"}""")]
    [InlineData("""{"copy":"x","text":"x"}""", """{"copy":"yy","text":"yy"}""")]
    [InlineData("""{"text":"x","copy":"x"}""", """{"text":"yy","copy":"yy"}""")]
    [InlineData("""{"text":"x"}""", """{"text":"y"   }""")]
    public void TryAppend_SameShape_GrowsTheBlock(string learned, string next)
    {
        var templates = Learn(learned, out var block);

        templates.TryAppend(Encoding.UTF8.GetBytes(next), out _).Should().BeTrue();

        block.Text.Should().StartWith("y");
    }

    [Theory]
    [InlineData("""{"id":"a","text":"x"}""", """{"id":"b\q","text":"y"}""")]
    [InlineData("""{"id":"a","text":"x"}""", """{"id":1,"text":"y"}""")]
    [InlineData("""{"id":7,"text":"x"}""", """{"id":07,"text":"y"}""")]
    [InlineData("""{"id":7,"text":"x"}""", """{"id":7.,"text":"y"}""")]
    [InlineData("""{"id":7,"text":"x"}""", """{"id":--7,"text":"y"}""")]
    [InlineData("""{"copy":"x","text":"x"}""", """{"copy":"y","text":"z"}""")]
    [InlineData("""{"other":"a","text":"x"}""", """{"other":"b","text":"y"}""")]
    [InlineData("""{"text":"x"}""", """{"text":"y"}}""")]
    [InlineData("""{"text":"x"}""", """{"text":"y\"}""")]
    [InlineData("""{"text":"x"}""", """{"text":"\u12"}""")]
    [InlineData("""{"text":"x"}""", "{\"text\":\"a\nb\"}")]
    [InlineData("""{"usage":{"a":1},"text":"x"}""", """{"usage":{"a":"1"},"text":"y"}""")]
    [InlineData("""{"usage":{"a":1},"text":"x"}""", """{"usage":{"b":1},"text":"y"}""")]
    public void TryAppend_AnotherShape_DoesNothing(string learned, string next)
    {
        var templates = Learn(learned, out var block);

        templates.TryAppend(Encoding.UTF8.GetBytes(next), out _).Should().BeFalse();

        block.Text.Should().BeEmpty();
    }

    [Fact]
    public void TryAppend_EmptyText_AddsNothing()
    {
        var templates = Learn("""{"text":"x"}""", out var block);

        templates.TryAppend("""{"text":""}"""u8, out _).Should().BeTrue();

        block.Text.Should().BeEmpty();
    }

    [Theory]
    [InlineData("""{"id":"b","n":1,"text":"y"}""", """{"id":"b","n":1,"text":"y"}""")]
    [InlineData("""{"id":"b","n":1,"text":"y"}""", """{"id":"c","n":2,"text":"y"}""")]
    [InlineData("""{"id":"bcd","n":10,"text":"y"}""", """{"id":"b","n":1,"text":"y"}""")]
    [InlineData("""{"id":"b","n":10,"text":"y"}""", """{"id":"b","n":10,"text":"y"}""")]
    public void TryAppend_NoiseThatStaysOrChanges_GrowsTheBlock(string next, string last)
    {
        var templates = Learn("""{"id":"a","n":7,"text":"x"}""", out var block);

        templates.TryAppend(Encoding.UTF8.GetBytes(next), out _).Should().BeTrue();
        templates.TryAppend(Encoding.UTF8.GetBytes(last), out _).Should().BeTrue();

        block.Text.Should().Be("yy");
    }

    [Fact]
    public void TryAppend_NoiseThatIsNoNumber_IsRefusedAfterNoiseThatChanged()
    {
        var templates = Learn("""{"id":"a","n":7,"text":"x"}""", out var block);

        templates.TryAppend("""{"id":"b","n":8,"text":"y"}"""u8, out _).Should().BeTrue();
        templates.TryAppend("""{"id":"b","n":x,"text":"y"}"""u8, out _).Should().BeFalse();

        block.Text.Should().Be("y");
    }

    [Fact]
    public void TryAppend_Counts_AreHandedOutWhenTheyChange()
    {
        var templates = Learn("""{"usage":{"in":1,"out":1},"text":"x","seq":1}""", out _);

        templates.TryAppend("""{"usage":{"in":1,"out":1},"text":"y","seq":2}"""u8, out var same).Should().BeTrue();
        same.Usage.IsEmpty.Should().BeTrue();
        same.Counter.Should().Be(2);

        templates.TryAppend("""{"usage":{"in":1,"out":12},"text":"y","seq":3}"""u8, out var changed).Should().BeTrue();
        Encoding.UTF8.GetString(changed.Usage).Should().Be("""{"in":1,"out":12}""");
        changed.Counter.Should().Be(3);
    }

    [Fact]
    public void TryAppend_SeveralShapes_AreAllKnown()
    {
        var templates = new DeltaTemplates(Rules);
        var blocks = Enumerable.Range(0, 4).Select(_ => new Block()).ToArray();
        for (var i = 0; i < blocks.Length; i++)
        {
            Learn(templates, $$"""{"index":{{i}},"text":"x"}""", blocks[i]);
        }

        for (var i = 0; i < blocks.Length; i++)
        {
            templates.TryAppend(Encoding.UTF8.GetBytes($$"""{"index":{{i}},"text":"y"}"""), out _).Should().BeTrue();
            blocks[i].Text.Should().Be("y");
        }
    }

    [Fact]
    public void TryAppend_BlockThatHasEnded_DoesNothing()
    {
        var templates = Learn("""{"text":"x"}""", out var block);

        block.End();

        templates.TryAppend("""{"text":"y"}"""u8, out _).Should().BeFalse();
    }

    [Fact]
    public void Forget_AllShapes_DoNothing()
    {
        var templates = Learn("""{"text":"x"}""", out _);

        templates.Forget();

        templates.TryAppend("""{"text":"y"}"""u8, out _).Should().BeFalse();
    }

    private static DeltaTemplates Learn(string payload, out Block block)
    {
        var templates = new DeltaTemplates(Rules);
        Learn(templates, payload, block = new Block());
        return templates;
    }

    private static void Learn(DeltaTemplates templates, string json, Block block)
    {
        using var payload = Payload.Parse(Encoding.UTF8.GetBytes(json), "a test", byteOffset: 0);
        templates.Learn(payload, block, payload.Root.Member("text"u8).TextSlice);
    }

    private sealed class Block : GrowingText
    {
        private readonly StringBuilder _text = new();

        public string Text => _text.ToString();

        public void End() => EndText();

        protected override void Show(string text) => _text.Append(text);
    }
}
