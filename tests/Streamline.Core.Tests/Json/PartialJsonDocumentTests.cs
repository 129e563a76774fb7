using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streamline.Json;

namespace Streamline.Tests.Json;

public sealed class PartialJsonDocumentTests
{
    private static Config Fixed => Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20260101UL, 15UL).WithQuietOnSuccess(true);

    [Fact]
    [Trait("Law", "1")]
    public void RootElement_RandomTextsInRandomPieces_EqualsJsonDocument()
    {
        var cases = Gen.Choose(0, int.MaxValue).SelectMany(seed => Gen.Choose(1, 40).Select(size => (Text: RandomJson.Create(seed), Size: size)));
        Check.One(Fixed, Prop.ForAll(cases.ToArbitrary(), test =>
        {
            using var expected = JsonDocument.Parse(test.Text);
            var document = JsonFeed.InPieces(JsonFeed.Utf8(test.Text), test.Size);
            document.Complete();
            JsonFeed.ShouldEqual(document.RootElement, expected.RootElement, test.Text);
            JsonElement.DeepEquals(document.RootElement.ToJsonElement(), expected.RootElement).Should().BeTrue(test.Text);
        }));
    }

    [Fact]
    [Trait("Law", "1")]
    public void RootElement_OfAPrefix_IsTheSameForEveryCut()
    {
        foreach (var (name, text) in JsonSamples.All().Take(40))
        {
            var byByte = new PartialJsonDocument(JsonFeed.Strict);
            for (var length = 1; length <= text.Length; length++)
            {
                byByte.Append(text.AsSpan(length - 1, 1));
                var whole = JsonFeed.Whole(text.AsSpan(0, length));
                JsonFeed.Describe(whole.RootElement).Should().Be(JsonFeed.Describe(byByte.RootElement), "{0}, the first {1} bytes", name, length);
                whole.RootElement.GetRawText().Should().Be(byByte.RootElement.GetRawText(), "{0}, the first {1} bytes", name, length);
            }
        }
    }

    [Fact]
    [Trait("Law", "1")]
    public void Append_RandomBytes_FailAlikeForEveryCut()
    {
        var alphabet = JsonFeed.Utf8("{}[]:,\"\\u0aD8 \n-+.e1tfn\u00e9\u20ac");
        var texts = Gen.ListOf(Gen.Elements(alphabet)).Select(bytes => bytes.ToArray());
        Check.One(Fixed.WithMaxTest(2000), Prop.ForAll(texts.ToArbitrary(), text =>
        {
            var whole = JsonFeed.Whole(text);
            var byByte = JsonFeed.InPieces(text, 1);
            byByte.TryComplete().Should().Be(whole.TryComplete());
            byByte.Error?.Message.Should().Be(whole.Error!.Message);
            JsonFeed.Describe(byByte.RootElement).Should().Be(JsonFeed.Describe(whole.RootElement));
        }));
    }

    [Theory]
    [InlineData("{\"a\":\"\\uD83D\\uDE00\"}")]
    [InlineData("{\"a\":\"x😀y€zé\"}")]
    [InlineData("\"😀😀\"")]
    public void Append_CharsCutAnywhere_EqualsBytes(string text)
    {
        for (var cut = 0; cut <= text.Length; cut++)
        {
            var document = new PartialJsonDocument(JsonFeed.Strict);
            document.Append(text.AsSpan(0, cut));
            document.Append(ReadOnlySpan<char>.Empty);
            document.Append(text.AsSpan(cut));
            document.Complete();
            document.RootElement.GetRawText().Should().Be(text, "cut at {0}", cut);
            document.WrittenSpan.SequenceEqual(JsonFeed.Utf8(text)).Should().BeTrue("cut at {0}", cut);
        }

        var byChar = new PartialJsonDocument(JsonFeed.Strict);
        foreach (var value in text)
        {
            byChar.Append([value]);
        }

        byChar.Complete();
        byChar.RootElement.GetRawText().Should().Be(text);
    }

    [Fact]
    public void Append_LongChars_EqualsBytes()
    {
        var text = "\"" + string.Concat(Enumerable.Repeat("aé€😀", 500)) + "\"";
        var document = new PartialJsonDocument(JsonFeed.Strict);
        document.Append(text);
        document.Complete();
        document.RootElement.GetString().Should().Be(text[1..^1]);
    }

    // Not inline data: attributes cannot hold a lone surrogate.
    [Fact]
    public void Append_UnpairedSurrogateChar_IsMalformedUtf8()
    {
        foreach (var (first, second) in new[] { ("\"\uD83D", "x\""), ("\"\uD83D", "\uD83D"), ("\"", "\uDE00\""), ("\"", "\uD83Dx\"") })
        {
            var document = new PartialJsonDocument(JsonFeed.Strict);
            (document.TryAppend(first) && document.TryAppend(second)).Should().BeFalse();
            document.TryComplete().Should().BeFalse();
            document.Error.Should().BeOfType<StreamProtocolException>().Which.ByteOffset.Should().Be(2);
        }
    }

    [Fact]
    [Trait("Law", "1")]
    public void Append_NothingBetweenTheHalvesOfASurrogatePair_DoesNotPartThem()
    {
        var document = new PartialJsonDocument(JsonFeed.Strict);
        document.Append("\"\uD83D");
        document.Append(ReadOnlySpan<byte>.Empty);
        document.Append("");
        document.Append("\uDE00\"");
        document.RootElement.GetString().Should().Be("\U0001F600");
    }

    [Fact]
    public void AppendBytesOrComplete_AfterHalfASurrogatePair_IsMalformed()
    {
        var document = new PartialJsonDocument(JsonFeed.Strict);
        document.Append("\"\uD83D");
        document.TryAppend("\""u8).Should().BeFalse();
        document = new PartialJsonDocument(JsonFeed.Strict);
        document.Append("\"\uD83D");
        document.TryComplete().Should().BeFalse();
        document.Error.Should().BeOfType<StreamProtocolException>().Which.Error.Should().Be(StreamProtocolError.InvalidJson);
    }

    [Theory]
    [InlineData("{", "~{0:}")]
    [InlineData("{\"a", "~{0:}")]
    [InlineData("{\"a\"", "~{0:}")]
    [InlineData("{\"a\":", "~{0:}")]
    [InlineData("{\"a\":1", "~{0:}")]
    [InlineData("{\"a\":1 ", "~{1:\"a\"=Number1}")]
    [InlineData("{\"a\":t", "~{0:}")]
    [InlineData("{\"a\":true", "~{1:\"a\"=Truetrue}")]
    [InlineData("{\"a\":[", "~{1:\"a\"~[0:]}")]
    [InlineData("{\"a\":\"", "~{1:\"a\"~\"\"}")]
    [InlineData("[\"x\\", "~[1:~\"x\"]")]
    [InlineData("[\"x\\u00e", "~[1:~\"x\"]")]
    [InlineData("[\"x\\uD83D", "~[1:~\"x\"]")]
    [InlineData("[\"x\\uD83D\\u", "~[1:~\"x\"]")]
    [InlineData("[\"x\\uD83Dy", "~[1:~\"x\uFFFDy\"]")]
    [InlineData("[\"x\\uD83D\\n", "~[1:~\"x\uFFFD\n\"]")]
    [InlineData("[\"x\\uD83D\\uD83D", "~[1:~\"x\uFFFD\"]")]
    [InlineData("[1.", "~[0:]")]
    [InlineData("", "~Undefined")]
    [InlineData("  ", "~Undefined")]
    [InlineData("12", "~Undefined")]
    public void RootElement_UndecidedTail_IsNotShown(string text, string expected) =>
        JsonFeed.Describe(JsonFeed.Whole(text).RootElement).Should().Be(expected);

    [Theory]
    [InlineData("-", "~Undefined")]
    [InlineData("-1", "~Number-1")]
    [InlineData("[-1.", "~[1:~Number-1]")]
    [InlineData("[-1.5", "~[1:~Number-1.5]")]
    [InlineData("[-1.5e", "~[1:~Number-1.5]")]
    [InlineData("[-1.5e-", "~[1:~Number-1.5]")]
    [InlineData("[-1.5e-3", "~[1:~Number-1.5e-3]")]
    [InlineData("{\"a\":-", "~{0:}")]
    [InlineData("{\"a\":0", "~{1:\"a\"~Number0}")]
    [InlineData("[1,2]", "=[2:=Number1=Number2]")]
    public void RootElement_ShowGrowingNumbers_ShowsWhatIsANumberByItself(string text, string expected) =>
        JsonFeed.Describe(JsonFeed.Whole(text, new PartialJsonOptions { AllowTruncation = false, ShowGrowingNumbers = true }).RootElement).Should().Be(expected);

    [Fact]
    [Trait("Law", "2")]
    public void RootElement_SnapshotTakenWhenANumberEndsExactlyThere_StaysIncomplete()
    {
        var document = new PartialJsonDocument(new PartialJsonOptions { AllowTruncation = false, ShowGrowingNumbers = true });
        document.Append("12"u8);
        var growing = document.RootElement;
        document.Complete();
        growing.IsComplete.Should().BeFalse();
        document.RootElement.IsComplete.Should().BeTrue();
        document.RootElement.GetInt32().Should().Be(12);
    }

    [Fact]
    public void Complete_Twice_ChangesNothing()
    {
        var document = JsonFeed.Whole("12");
        document.IsComplete.Should().BeFalse();
        document.Complete();
        document.Complete();
        document.TryComplete().Should().BeTrue();
        document.IsComplete.Should().BeTrue();
        document.RootElement.GetInt32().Should().Be(12);
        document.Invoking(ended => ended.Append(" "u8)).Should().Throw<InvalidOperationException>();
        document.Invoking(ended => ended.TryAppend(" ")).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void IsComplete_RootClosed_BeforeTheEndIsDeclared()
    {
        var document = JsonFeed.Whole("{}");
        document.IsComplete.Should().BeTrue();
        document.Append(" \r\n\t"u8);
        document.Complete();
        document.BytesReceived.Should().Be(6);
        document.RootElement.GetRawText().Should().Be("{}");
    }

    [Fact]
    public void WrittenMemory_KeptWhileTheDocumentGrows_StaysTheSame()
    {
        var document = JsonFeed.Whole("[\"one\",");
        var before = document.WrittenMemory;
        document.Append(JsonFeed.Utf8(string.Concat(Enumerable.Repeat("\"more\",", 1000))));
        Encoding.UTF8.GetString(before.Span).Should().Be("[\"one\",");
        document.BytesReceived.Should().Be(7 + 7000);
    }

    [Fact]
    public void Options_ChangedAfterConstruction_DoNothing()
    {
        var options = new PartialJsonOptions { AllowTruncation = false, MaxBytes = 100, MaxDepth = 2 };
        var document = new PartialJsonDocument(options);
        options.MaxBytes = 1;
        options.MaxDepth = 1;
        document.TryAppend("[[1]]"u8).Should().BeTrue();
    }

    [Fact]
    public void Options_OutOfRange_Throw()
    {
        var options = new PartialJsonOptions();
        options.Invoking(o => o.MaxBytes = 0).Should().Throw<ArgumentOutOfRangeException>();
        options.Invoking(o => o.MaxBytes = 1 << 27).Should().Throw<ArgumentOutOfRangeException>();
        options.Invoking(o => o.MaxDepth = 0).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new PartialJsonReader(0)).Should().Throw<ArgumentOutOfRangeException>();
        options.MaxBytes = (1 << 27) - 1;
        options.MaxBytes.Should().Be((1 << 27) - 1);
    }
}
