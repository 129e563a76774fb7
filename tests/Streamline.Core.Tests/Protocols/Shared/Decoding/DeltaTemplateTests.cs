using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streamline.Protocols;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Shared;

public class DeltaTemplateTests
{
    private const string Closed = """{"i":0,"d":{"t":"HOLE"}}""";
    private const string Padded = """{"i":0,"d":{"t":"HOLE"}    }""";
    private const string Followed = """{"d":{"t":"HOLE"},"x":null,"n":[1,2],"pad":"PAD","z":true}""";
    private const string Numbered = """{"n":907,"d":{"t":"HOLE"},"pad":"PAD"}""";
    private const string NumberedLast = """{"d":{"t":"HOLE"},"n":907}""";
    private const string Preceded = """{"pad":"PAD","d":{"t":"HOLE"}}""";

    [Theory]
    [InlineData(Closed, """{"i":0,"d":{"t":"more"}}""", "more")]
    [InlineData(Closed, """{"i":0,"d":{"t":""}}""", "")]
    [InlineData(Closed, """{"i":0,"d":{"t":"a\"b\\"}}""", @"a\""b\\")]
    [InlineData(Closed, """{"i":0,"d":{"t":"x"}   } """, "x")]
    [InlineData(Padded, """{"i":0,"d":{"t":"x"}}""", "x")]
    [InlineData(Padded, """{"i":0,"d":{"t":"x"}  }""", "x")]
    [InlineData(Followed, """{"d":{"t":"x"},"x":null,"n":[1,2],"pad":"longer pad","z":true}""", "x")]
    [InlineData(Preceded, """{"pad":"","d":{"t":"x"}  }""", "x")]
    [InlineData(Numbered, """{"n":0,"d":{"t":"x"},"pad":""}""", "x")]
    [InlineData(NumberedLast, """{"d":{"t":"x"},"n":123456789012345678 }""", "x")]
    public void TryMatch_OnlyHolesAndPaddingDiffer_FindsTheText(string learnt, string payload, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(payload);
        Learn(learnt).TryMatch(bytes, out var text).Should().BeTrue();
        Encoding.UTF8.GetString(text.In(bytes)).Should().Be(expected);
        text.IsEscaped.Should().Be(expected.Contains('\\', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Closed, """{"i":1,"d":{"t":"x"}}""")]
    [InlineData(Closed, """{"i":0,"d":{"t":"x"}}}""")]
    [InlineData(Closed, """{"i":0,"d":{"t":"x"}""")]
    [InlineData(Closed, """{"i":0,"d":{"t":"x"]}""")]
    [InlineData(Closed, """{"i":0,"d":{"t":"x","u":"y"}}""")]
    [InlineData(Closed, """{"i":0,"d":{"t":"x"}},""")]
    [InlineData(Closed, """{"i":0,"d":{"t":"x""")]
    [InlineData(Closed, """{"i":0,"d":{"t":"x\""")]
    [InlineData(Closed, """{"i":0,"d":{"t":"x\"}}""")]
    [InlineData(Closed, """{"i":0,"d":{"t":null}}""")]
    [InlineData(Closed, "{\"i\":0,\"d\":{\"t\":\"a\nb\"}}")]
    [InlineData(Closed, "{\"i\":0,\"d\":{\"t\":\"x\"}\u0001}")]
    [InlineData(Closed, "")]
    [InlineData(Followed, """{"d":{"t":"x"},"x":nu ll,"n":[1,2],"pad":"p","z":true}""")]
    [InlineData(Followed, """{"d":{"t":"x"},"x":null,"n":[12],"pad":"p","z":true}""")]
    [InlineData(Followed, """{"d":{"t":"x"},"x":null,"n":[1,2],"pad":"p\q","z":true}""")]
    [InlineData(Followed, """{"d":{"t":"x"},"x":null,"n":[1,2],"pad":"p","z":true }""")]
    [InlineData(Numbered, """{"n":01,"d":{"t":"x"},"pad":""}""")]
    [InlineData(Numbered, """{"n":-1,"d":{"t":"x"},"pad":""}""")]
    [InlineData(Numbered, """{"n":1.5,"d":{"t":"x"},"pad":""}""")]
    [InlineData(Numbered, """{"n":,"d":{"t":"x"},"pad":""}""")]
    [InlineData(Numbered, """{"n":1234567890123456789,"d":{"t":"x"},"pad":""}""")]
    [InlineData(Numbered, """{"n":1 ,"d":{"t":"x"},"pad":""}""")]
    [InlineData(NumberedLast, """{"d":{"t":"x"},"n":1e5}""")]
    [InlineData(NumberedLast, """{"d":{"t":"x"},"n":1""")]
    [InlineData(NumberedLast, """{"d":{"t":"x"},"n":1,}""")]
    public void TryMatch_SomethingElseDiffers_LeavesThePayloadToTheParser(string learnt, string payload) =>
        Learn(learnt).TryMatch(Encoding.UTF8.GetBytes(payload), out _).Should().BeFalse();

    [Theory]
    [InlineData(Numbered, """{"n":0,"d":{"t":"x"},"pad":""}""", 0L)]
    [InlineData(Numbered, """{"n":42,"d":{"t":"x"},"pad":""}""", 42L)]
    [InlineData(NumberedLast, """{"d":{"t":"x"},"n":999999999999999999}""", 999_999_999_999_999_999L)]
    [InlineData(Closed, """{"i":0,"d":{"t":"x"}}""", null)]
    public void TryMatch_Number_IsRead(string learnt, string payload, long? expected)
    {
        Learn(learnt).TryMatch(Encoding.UTF8.GetBytes(payload), out _, out var number).Should().BeTrue();
        number.Should().Be(expected);
    }

    [Fact]
    public void TryMatch_NothingLearntOrCleared_NeverFits()
    {
        var template = new SingleDeltaTemplate();
        template.TryMatch("{}"u8, out _).Should().BeFalse();

        template = Learn(Closed);
        template.Clear();
        template.TryMatch(Encoding.UTF8.GetBytes(Closed), out _).Should().BeFalse();
    }

    /// <summary>Every payload that fits is well-formed up to the escapes of its text, and its text is what a reader finds.</summary>
    [Fact]
    public void TryMatch_MutatedPayloads_FitsOnlyWhatAReaderAcceptsWithTheSameMeaning()
    {
        string[] learnt = [Closed, Padded, Followed, Preceded, Numbered, NumberedLast];
        var fragments = Gen.Elements("\"", "\\", "\\\"", "}", "]", " ", ",", ":", "a", "\\u00", "{", "é", "\n", "0", "-", ".", "e1");
        var property = Prop.ForAll(
            Gen.Elements(learnt).ToArbitrary(),
            Gen.Elements(learnt).ToArbitrary(),
            (from at in Gen.Choose(0, 1000) from length in Gen.Choose(0, 3) from text in fragments select (at, length, text)).ListOf(2).ToArbitrary(),
            (pattern, original, edits) =>
            {
                var payload = original;
                foreach (var (at, length, text) in edits)
                {
                    var start = at % (payload.Length + 1);
                    payload = payload[..start] + text + payload[Math.Min(payload.Length, start + length)..];
                }

                var bytes = Encoding.UTF8.GetBytes(payload);
                if (!Learn(pattern).TryMatch(bytes, out var slice, out var number))
                {
                    return true;
                }

                var decoder = default(JsonStringDecoder);
                if (!decoder.TryDecode(slice.In(bytes), slice.IsEscaped, out var text2))
                {
                    return true;
                }

                var parsed = JsonDocument.Parse(bytes).RootElement;
                return parsed.GetProperty("d").GetProperty("t").GetString() == text2 + decoder.Complete()
                    && (number is null || parsed.GetProperty("n").GetInt64() == number);
            });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20_000).WithReplay(20261, 7), property);
    }

    private static SingleDeltaTemplate Learn(string payload)
    {
        var template = new SingleDeltaTemplate();
        var ignored = payload.Contains("PAD", StringComparison.Ordinal) ? new[] { Hole(payload, "PAD") } : [];
        var number = payload.Contains("907", StringComparison.Ordinal) ? Hole(payload, "907") : default;
        template.Learn(Encoding.UTF8.GetBytes(payload), Hole(payload, "HOLE"), ignored, number);
        return template;
    }

    private static JsonSlice Hole(string payload, string name) =>
        new(payload.IndexOf(name, StringComparison.Ordinal), name.Length, IsEscaped: false);
}
