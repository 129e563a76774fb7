using System.Text;
using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>What is refused: where, with which message, and what stays readable. Every case is run with every cut.</summary>
public sealed class PartialJsonErrorTests
{
    [Theory]
    [Trait("Law", "1")]
    [InlineData("x", 0, "found 'x', expected a value")]
    [InlineData("[1,]", 3, "found ']', expected a value")]
    [InlineData("[,", 1, "found ',', expected a value or ']'")]
    [InlineData("[1}", 2, "found '}', expected ',' or ']'")]
    [InlineData("[true}", 5, "found '}', expected ',' or ']'")]
    [InlineData("{1", 1, "found '1', expected a property name or '}'")]
    [InlineData("{\"a\":1,}", 7, "found '}', expected a property name")]
    [InlineData("{\"a\" 1", 5, "found '1', expected ':'")]
    [InlineData("{\"a\":\"\"]", 7, "found ']', expected ',' or '}'")]
    [InlineData("{} {}", 3, "found '{', expected nothing more")]
    [InlineData("1 2", 2, "found '2', expected nothing more")]
    [InlineData("\"\u0001\"", 1, "found 0x01, expected an escape of this control character")]
    [InlineData("\"a\nb\"", 2, "found 0x0A, expected an escape of this control character")]
    [InlineData("\"\\q\"", 2, "found 'q', expected one of \" \\ / b f n r t u")]
    [InlineData("\"\\u12G4\"", 5, "found 'G', expected a hexadecimal digit")]
    [InlineData("\"\\uD83D\\uZ\"", 9, "found 'Z', expected a hexadecimal digit")]
    [InlineData("[-]", 2, "found ']', expected a digit")]
    [InlineData("[-x", 2, "found 'x', expected a digit")]
    [InlineData("[+1]", 1, "found '+', expected a value or ']'")]
    [InlineData("[01]", 2, "found '1', expected '.', 'e' or the end of the number")]
    [InlineData("[1.]", 3, "found ']', expected a digit")]
    [InlineData("[1.5.5]", 4, "found '.', expected a digit, 'e' or the end of the number")]
    [InlineData("[1e]", 3, "found ']', expected a digit, '+' or '-'")]
    [InlineData("[1e+]", 4, "found ']', expected a digit")]
    [InlineData("[1e5x]", 4, "found 'x', expected a digit or the end of the number")]
    [InlineData("[12a]", 3, "found 'a', expected a digit, '.', 'e' or the end of the number")]
    [InlineData("[tru]", 4, "found ']', expected the literal true")]
    [InlineData("[falsy]", 5, "found 'y', expected the literal false")]
    [InlineData("[nul ", 4, "found 0x20, expected the literal null")]
    [InlineData("[truex]", 5, "found 'x', expected ',' or ']'")]
    [InlineData("[1]\u00a0", 3, "found 0xC2, expected nothing more")]
    [InlineData("\uFEFF{}", 0, "found 0xEF, expected a value")]
    public void TryAppend_MalformedText_SaysFoundExpectedAndWhere(string text, int offset, string message)
    {
        foreach (var (how, document) in JsonFeed.EveryWay(JsonFeed.Utf8(text)))
        {
            ShouldFail(document, offset, message, how);
        }
    }

    [Theory]
    [Trait("Law", "1")]
    [InlineData("22C0AF22", 1, "found 0xC0, expected the first byte of a UTF-8 character")] // overlong
    [InlineData("22C1BF22", 1, "found 0xC1, expected the first byte of a UTF-8 character")]
    [InlineData("22E080AF22", 2, "found 0x80, expected a continuation byte of a UTF-8 character")]
    [InlineData("22F0808080", 2, "found 0x80, expected a continuation byte of a UTF-8 character")]
    [InlineData("22EDA08022", 2, "found 0xA0, expected a continuation byte of a UTF-8 character")] // a surrogate
    [InlineData("22F490808022", 2, "found 0x90, expected a continuation byte of a UTF-8 character")] // above U+10FFFF
    [InlineData("22F58080", 1, "found 0xF5, expected the first byte of a UTF-8 character")]
    [InlineData("228022", 1, "found 0x80, expected the first byte of a UTF-8 character")] // alone
    [InlineData("22FF22", 1, "found 0xFF, expected the first byte of a UTF-8 character")]
    [InlineData("22E28222", 3, "found '\"', expected a continuation byte of a UTF-8 character")] // cut short
    [InlineData("22F09F985C6E22", 4, "found '\\', expected a continuation byte of a UTF-8 character")]
    [InlineData("2261616161616161616161616161616161616161C328", 21, "found '(', expected a continuation byte of a UTF-8 character")]
    [InlineData("227B00", 2, "found 0x00, expected an escape of this control character")]
    public void TryAppend_InvalidUtf8_SaysWhichByte(string hex, int offset, string message)
    {
        foreach (var (how, document) in JsonFeed.EveryWay(Convert.FromHexString(hex)))
        {
            ShouldFail(document, offset, message, how);
        }
    }

    [Theory]
    [InlineData("", "a value")]
    [InlineData(" \t\r\n", "a value")]
    [InlineData("[", "a value or ']'")]
    [InlineData("[1,", "a value")]
    [InlineData("{", "a property name or '}'")]
    [InlineData("{\"a", "the closing quote of a string")]
    [InlineData("{\"a\"", "':'")]
    [InlineData("{\"a\":", "a value")]
    [InlineData("{\"a\":[]", "',' or '}'")]
    [InlineData("{\"a\":[],", "a property name")]
    [InlineData("\"", "the closing quote of a string")]
    [InlineData("\"\\", "one of \" \\ / b f n r t u")]
    [InlineData("\"\\u00", "a hexadecimal digit")]
    [InlineData("\"\\uD83D", "the closing quote of a string")]
    [InlineData("-", "a digit")]
    [InlineData("1.", "a digit")]
    [InlineData("1e", "a digit, '+' or '-'")]
    [InlineData("1e+", "a digit")]
    [InlineData("[1", "a digit, '.', 'e' or the end of the number")]
    [InlineData("tr", "the literal true")]
    public void TryComplete_TruncatedText_SaysWhatIsMissing(string text, string expected)
    {
        foreach (var (how, document) in JsonFeed.EveryWay(JsonFeed.Utf8(text)))
        {
            document.Error.Should().BeNull(how);
            document.TryComplete().Should().BeFalse(how);
            var error = document.Error.Should().BeOfType<StreamProtocolException>(how).Subject;
            error.Error.Should().Be(StreamProtocolError.TruncatedJson, how);
            error.ByteOffset.Should().Be(text.Length, how);
            error.Message.Should().Be($"The JSON text is not whole: found its end, expected {expected}, at byte {text.Length}.", how);
            FluentActions.Invoking(document.Complete).Should().Throw<StreamProtocolException>().Which.Should().BeSameAs(error);
        }
    }

    [Fact]
    public void Append_AfterAFault_RepeatsItAndKeepsWhatCameBefore()
    {
        foreach (var (how, document) in JsonFeed.EveryWay(JsonFeed.Utf8("""{"a":[1,"two"],"b":"thr\q"""), new PartialJsonOptions { AllowTruncation = false, ShowGrowingNumbers = true }))
        {
            var error = document.Error;
            error.Should().NotBeNull(how);
            document.TryAppend("}"u8).Should().BeFalse(how);
            document.TryAppend("}").Should().BeFalse(how);
            document.TryComplete().Should().BeFalse(how);
            document.Error.Should().BeSameAs(error, how);
            FluentActions.Invoking(() => document.Append("}"u8)).Should().Throw<StreamProtocolException>().Which.Should().BeSameAs(error);
            FluentActions.Invoking(() => document.Append("}")).Should().Throw<StreamProtocolException>().Which.Should().BeSameAs(error);
            FluentActions.Invoking(document.Complete).Should().Throw<StreamProtocolException>().Which.Should().BeSameAs(error);
            document.IsComplete.Should().BeFalse(how);
            JsonFeed.Describe(document.RootElement).Should().Be("~{2:\"a\"=[2:=Number1=\"two\"]\"b\"~\"thr\"}", how);
        }
    }

    [Theory]
    [InlineData("{x", 0)]
    [InlineData("{\"a\":\"", 0xD83D)]
    [InlineData("{\"a\":\"", 0xDE00)]
    public void TryAppend_CharactersThatFail_AreKeptWholeAndNothingAfterThem(string begin, int half)
    {
        var lone = half == 0 ? "" : ((char)half).ToString();
        var rest = new string('y', 1000) + "ü\U0001F600";
        var document = new PartialJsonDocument();
        document.TryAppend(begin + lone);

        document.TryAppend(document.Error is null ? rest : "");
        document.TryAppend("never kept").Should().BeFalse();
        var whole = new PartialJsonDocument();
        whole.TryAppend(begin + lone + rest).Should().BeFalse();

        whole.Error.Should().BeOfType<StreamProtocolException>();
        whole.WrittenSpan.EndsWith(Encoding.UTF8.GetBytes(rest)).Should().BeTrue();
        whole.BytesReceived.Should().Be(begin.Length + (3 * lone.Length) + Encoding.UTF8.GetByteCount(rest));
        document.WrittenSpan.SequenceEqual(whole.WrittenSpan[..document.BytesReceived]).Should().BeTrue();
        document.Error!.Message.Should().Be(whole.Error!.Message);
    }

    [Fact]
    public void TryAppend_BytesAfterHalfASurrogatePair_AreKept()
    {
        var document = new PartialJsonDocument();
        document.TryAppend("\"\uD83D").Should().BeTrue();

        document.TryAppend("rest\""u8).Should().BeFalse();

        document.WrittenSpan.EndsWith("rest\""u8).Should().BeTrue();
    }

    [Fact]
    [Trait("Law", "8")]
    public void TryAppend_CharactersPastAFault_AreKeptUpToTheLimitOnly()
    {
        var document = new PartialJsonDocument(new PartialJsonOptions { MaxBytes = 600 });

        document.TryAppend("x" + new string('y', 5000)).Should().BeFalse();

        document.Error.Should().BeOfType<StreamProtocolException>();
        document.BytesReceived.Should().Be(600);
    }

    [Fact]
    public void TryAppend_FaultInsideALaterNumber_KeepsItIncomplete()
    {
        foreach (var (how, document) in JsonFeed.EveryWay(JsonFeed.Utf8("[1,23x"), new PartialJsonOptions { AllowTruncation = false, ShowGrowingNumbers = true }))
        {
            JsonFeed.Describe(document.RootElement).Should().Be("~[2:=Number1~Number23]", how);
        }

        foreach (var (how, document) in JsonFeed.EveryWay(JsonFeed.Utf8("[1,23x")))
        {
            JsonFeed.Describe(document.RootElement).Should().Be("~[1:=Number1]", how);
        }
    }

    private static void ShouldFail(PartialJsonDocument document, int offset, string message, string because)
    {
        var error = document.Error.Should().BeOfType<StreamProtocolException>(because).Subject;
        error.Error.Should().Be(StreamProtocolError.InvalidJson, because);
        error.ByteOffset.Should().Be(offset, because);
        error.Message.Should().Be($"The JSON text is malformed: {message}, at byte {offset}.", because);
        document.TryComplete().Should().BeFalse(because);
        document.Error.Should().BeSameAs(error, because);
    }
}
