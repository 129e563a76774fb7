using System.Numerics;
using System.Text.Json;
using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>The typed getters, with <see cref="JsonElement"/> as the oracle.</summary>
public sealed class PartialJsonGetterTests
{
    private static readonly string[] Numbers =
    [
        "0", "-0", "1", "-1", "127", "128", "-128", "-129", "255", "256", "32767", "32768", "-32769", "65535", "65536", "2147483647", "2147483648",
        "-2147483649", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551615",
        "18446744073709551616", "79228162514264337593543950335", "79228162514264337593543950336", "1.0", "1.5", "-0.1", "1e3", "1E-3", "1e400", "-1e400",
        "0.30000000000000004", "3.4028235e38", "3.5e38", "123456789012345678901234567890", "0.1234567890123456789012345678",
    ];

    private static readonly string[] Texts =
    [
        "", " ", "AQID", "AQI=", "AQI", "AQID\\n", "A\\u0051ID", "\\uD83D", "/+8=", "====", "c2FmZQ==", "é", "a\\\"b",
        "2024-02-29", "2023-02-29", "2024-02-29T12:34:56", "2024-02-29T12:34:56Z", "2024-02-29T12:34:56.1234567+02:00", "2024\\u002d02-29T12:34Z", "2024-02-29 12:34",
        "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.99999999Z", "2024-02-29T12:34:56\\u0000", "2024-13-01",
        "6f9619ff-8b86-d011-b42d-00c04fc964ff", "6F9619FF-8B86-D011-B42D-00C04FC964FF", "{6f9619ff-8b86-d011-b42d-00c04fc964ff}", "6f9619ff8b86d011b42d00c04fc964ff",
        "\\u0036f9619ff-8b86-d011-b42d-00c04fc964ff", " 6f9619ff-8b86-d011-b42d-00c04fc964ff",
    ];

    [Fact]
    public void NumberGetters_ManyNumbers_EqualJsonElement()
    {
        foreach (var text in Numbers.Concat(RandomNumbers()))
        {
            var actual = JsonFeed.Whole($"[{text}]").RootElement[0];
            var expected = JsonElement.Parse(text);
            (actual.TryGetSByte(out var i8), i8).Should().Be((expected.TryGetSByte(out var e8), e8), text);
            (actual.TryGetByte(out var u8), u8).Should().Be((expected.TryGetByte(out var eu8), eu8), text);
            (actual.TryGetInt16(out var i16), i16).Should().Be((expected.TryGetInt16(out var e16), e16), text);
            (actual.TryGetUInt16(out var u16), u16).Should().Be((expected.TryGetUInt16(out var eu16), eu16), text);
            (actual.TryGetUInt32(out var u32), u32).Should().Be((expected.TryGetUInt32(out var eu32), eu32), text);
            (actual.TryGetInt64(out var i64), i64).Should().Be((expected.TryGetInt64(out var e64), e64), text);
            (actual.TryGetSingle(out var single), single).Should().Be((expected.TryGetSingle(out var esingle), esingle), text);
            (actual.TryGetDouble(out var real), real).Should().Be((expected.TryGetDouble(out var ereal), ereal), text);
            (actual.TryGetDecimal(out var exact), exact).Should().Be((expected.TryGetDecimal(out var eexact), eexact), text);
            var isInteger = !text.AsSpan().ContainsAny('.', 'e', 'E');
            actual.TryGetBigInteger(out var big).Should().Be(isInteger, text);
            big.Should().Be(isInteger ? BigInteger.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 0, text);
        }
    }

    [Fact]
    public void GetBigInteger_ThousandDigits_IsExact()
    {
        var digits = "-9" + new string('7', 1000);
        var document = new PartialJsonDocument();
        document.Append($"[{digits}]");
        document.RootElement[0].GetBigInteger().ToString(System.Globalization.CultureInfo.InvariantCulture).Should().Be(digits);
        document.RootElement[0].GetRawText().Should().Be(digits);
    }

    [Fact]
    public void TextGetters_ManyTexts_EqualJsonElement()
    {
        foreach (var text in Texts)
        {
            var actual = JsonFeed.Whole($"[\"{text}\"]").RootElement[0];
            var expected = JsonElement.Parse($"\"{text}\"");
            if (text.Contains("uD83D", StringComparison.Ordinal))
            {
                // On half a surrogate pair the base class library throws.
                actual.TryGetGuid(out _).Should().BeFalse();
                actual.TryGetDateTime(out _).Should().BeFalse();
                actual.TryGetBytesFromBase64(out _).Should().BeFalse();
                continue;
            }

            (actual.TryGetGuid(out var guid), guid).Should().Be((expected.TryGetGuid(out var eguid), eguid), text);
            (actual.TryGetDateTime(out var date), date, date.Kind).Should().Be((expected.TryGetDateTime(out var edate), edate, edate.Kind), text);
            (actual.TryGetDateTimeOffset(out var offset), offset, offset.Offset)
                .Should().Be((expected.TryGetDateTimeOffset(out var eoffset), eoffset, eoffset.Offset), text);
            actual.TryGetBytesFromBase64(out var bytes).Should().Be(expected.TryGetBytesFromBase64(out var ebytes), text);
            bytes.Should().Equal(ebytes, text);
        }
    }

    [Theory]
    [InlineData("\"6f9619ff-8b86-d011-b42d-00c04fc964ff")]
    [InlineData("\"2024-02-29")]
    [InlineData("\"AQID")]
    public void TextGetters_GrowingString_HaveNoValueYet(string text)
    {
        var element = JsonFeed.Whole(text).RootElement;
        element.TryGetGuid(out _).Should().BeFalse();
        element.TryGetDateTime(out _).Should().BeFalse();
        element.TryGetDateTimeOffset(out _).Should().BeFalse();
        element.TryGetBytesFromBase64(out _).Should().BeFalse();
        element.Invoking(e => e.GetGuid()).Should().Throw<InvalidOperationException>().WithMessage("GetGuid: found a string that has not arrived whole, expected a GUID.");
        element.TryGetString(out var value).Should().BeTrue();
        value.Should().Be(text[1..]);
    }

    [Fact]
    public void Getters_WrongKindOrForm_ThrowWithWhatWasFound()
    {
        var root = JsonFeed.Whole("""["text",300,true,null,{}]""").RootElement;
        root[0].Invoking(e => e.GetGuid()).Should().Throw<FormatException>().WithMessage("GetGuid: the string is not a GUID.");
        root[0].Invoking(e => e.GetDateTime()).Should().Throw<FormatException>();
        root[0].Invoking(e => e.GetDateTimeOffset()).Should().Throw<FormatException>();
        root[2].Invoking(e => e.GetBytesFromBase64()).Should().Throw<InvalidOperationException>().WithMessage("*True, expected String*");
        root[0].GetBytesFromBase64().Should().Equal(0xB5, 0xEC, 0x6D);
        root[1].Invoking(e => e.GetByte()).Should().Throw<FormatException>();
        root[1].Invoking(e => e.GetSByte()).Should().Throw<FormatException>();
        root[1].GetInt16().Should().Be(300);
        root[1].GetUInt16().Should().Be(300);
        root[1].GetUInt32().Should().Be(300);
        root[1].GetSingle().Should().Be(300);
        root[1].GetBigInteger().Should().Be(300);
        root[0].Invoking(e => e.GetBigInteger()).Should().Throw<InvalidOperationException>();
        (root[2].TryGetBoolean(out var truth), truth).Should().Be((true, true));
        root[1].TryGetBoolean(out _).Should().BeFalse();
        root[3].TryGetString(out _).Should().BeFalse();
        root[4].TryGetGuid(out _).Should().BeFalse();
    }

    [Fact]
    public void ValueEquals_Chars_ComparesDecodedText()
    {
        var element = JsonFeed.Whole("""["caf\u00e9 😀"]""").RootElement[0];
        element.ValueEquals("café 😀").Should().BeTrue();
        element.ValueEquals("cafe").Should().BeFalse();
        element.ValueEquals(new string('x', 500)).Should().BeFalse();
        JsonFeed.Whole("[1]").RootElement[0].ValueEquals("1").Should().BeFalse();
    }

    private static IEnumerable<string> RandomNumbers() => Enumerable.Range(0, 500).Select(RandomJson.CreateNumber);
}
