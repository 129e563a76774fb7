using System.Text;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Shared;

public class JsonStringDecoderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("é 漢 😀")]
    [InlineData(@"a\nb\t\r\b\f\/\\\""")]
    [InlineData(@"\u0041\u00e9\u6f22\uD83D\uDE00 end")]
    [InlineData(@"\u0000")]
    [InlineData(@"漢\n字\u00E9é")]
    public void DecodeWhole_ValidBody_EqualsTheJsonReader(string body) =>
        JsonStringDecoder.DecodeWhole(Encoding.UTF8.GetBytes(body)).Should().Be(JsonDocument.Parse($"\"{body}\"").RootElement.GetString());

    [Fact]
    public void DecodeWhole_LongEscapedBody_EqualsTheJsonReader()
    {
        var body = string.Concat(Enumerable.Range(0, 5000).Select(i => i % 3 == 0 ? @"\n" : i % 3 == 1 ? "ü" : @"\ud83d\ude00"));
        JsonStringDecoder.DecodeWhole(Encoding.UTF8.GetBytes(body)).Should().Be(JsonDocument.Parse($"\"{body}\"").RootElement.GetString());
    }

    [Theory]
    [InlineData(@"a\ud83d", "a\uFFFD")]
    [InlineData(@"\ude00b", "\uFFFDb")]
    [InlineData(@"\ud83d\ud83d\ude00", "\uFFFD😀")]
    [InlineData(@"\ud83dx", "\uFFFDx")]
    [InlineData(@"\ud83d\n", "\uFFFD\n")]
    [InlineData(@"\ude00\ud83d", "\uFFFD\uFFFD")]
    public void DecodeWhole_HalfAPair_BecomesTheReplacementCharacter(string body, string expected) =>
        JsonStringDecoder.DecodeWhole(Encoding.UTF8.GetBytes(body)).Should().Be(expected);

    [Theory]
    [InlineData(@"\")]
    [InlineData(@"\x")]
    [InlineData(@"\u12")]
    [InlineData(@"\u12g4")]
    [InlineData(@"\u+123")]
    [InlineData(@"\u 123")]
    [InlineData(@"ok\q")]
    public void TryDecode_InvalidEscape_IsRefusedAndKeepsWhatWaits(string body)
    {
        var decoder = default(JsonStringDecoder);
        decoder.TryDecode(@"\ud83d"u8, isEscaped: true, out var first).Should().BeTrue();
        first.Should().BeEmpty();

        decoder.TryDecode(Encoding.UTF8.GetBytes(body), isEscaped: true, out _).Should().BeFalse();

        decoder.TryDecode(@"\ude00"u8, isEscaped: true, out var second).Should().BeTrue();
        second.Should().Be("😀");
    }

    [Fact]
    public void TryDecode_EveryTwoPieces_GivesWholePairsAndTheSameText()
    {
        string[] units = ["a", @"\ud83d", @"\ude00", "漢", @"\n", "😀", @"\ud83d", @"\u00e9", @"\ude00"];
        var whole = JsonStringDecoder.DecodeWhole(Encoding.UTF8.GetBytes(string.Concat(units)));
        for (var cut = 0; cut <= units.Length; cut++)
        {
            var decoder = default(JsonStringDecoder);
            var text = "";
            foreach (var piece in new[] { string.Concat(units[..cut]), string.Concat(units[cut..]) })
            {
                decoder.TryDecode(Encoding.UTF8.GetBytes(piece), piece.Contains('\\', StringComparison.Ordinal), out var decoded).Should().BeTrue();
                text += decoded;
                decoded.Should().NotMatchRegex("^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$");
            }

            (text + decoder.Complete()).Should().Be(whole, "the text was cut after piece {0}", cut);
        }
    }

    [Fact]
    public void TryDecode_BytesThatAreNotUtf8_BecomeTheReplacementCharacter()
    {
        JsonStringDecoder.DecodeWhole([(byte)'a', 0xC3, (byte)'b']).Should().Be("a\uFFFDb");
        JsonStringDecoder.DecodeWhole([(byte)'\\', (byte)'n', 0xE6, 0xBC]).Should().Be("\n\uFFFD");
    }
}
