using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streamline.Protocols;

namespace Streamline.Tests.Protocols.Decoding;

public class DeltaTemplateTests
{
    private const string Closed = """{"i":0,"d":{"t":"HOLE"}}""";
    private const string Padded = """{"i":0,"d":{"t":"HOLE"}    }""";
    private const string Followed = """{"d":{"t":"HOLE"},"x":null,"n":[1,2],"pad":"PAD","z":true}""";
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
    public void TryMatch_SomethingElseDiffers_LeavesThePayloadToTheParser(string learnt, string payload) =>
        Learn(learnt).TryMatch(Encoding.UTF8.GetBytes(payload), out _).Should().BeFalse();

    [Fact]
    public void TryMatch_NothingLearntOrCleared_NeverFits()
    {
        var template = new DeltaTemplate();
        template.TryMatch("{}"u8, out _).Should().BeFalse();

        template = Learn(Closed);
        template.Clear();
        template.TryMatch(Encoding.UTF8.GetBytes(Closed), out _).Should().BeFalse();
    }

    /// <summary>Every payload that fits is well-formed up to the escapes of its text, and its text is what a reader finds.</summary>
    [Fact]
    public void TryMatch_MutatedPayloads_FitsOnlyWhatAReaderAcceptsWithTheSameMeaning()
    {
        string[] learnt = [Closed, Padded, Followed, Preceded];
        var fragments = Gen.Elements("\"", "\\", "\\\"", "}", "]", " ", ",", ":", "a", "\\u00", "{", "é", "\n", "0");
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
                if (!Learn(pattern).TryMatch(bytes, out var slice))
                {
                    return true;
                }

                var decoder = default(JsonStringDecoder);
                if (!decoder.TryDecode(slice.In(bytes), slice.IsEscaped, out var text2))
                {
                    return true;
                }

                var parsed = JsonDocument.Parse(bytes).RootElement.GetProperty("d").GetProperty("t").GetString();
                return parsed == text2 + decoder.Complete();
            });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20_000).WithReplay(20261, 7), property);
    }

    private static DeltaTemplate Learn(string payload)
    {
        var template = new DeltaTemplate();
        var ignored = payload.Contains("PAD", StringComparison.Ordinal) ? new[] { Hole(payload, "PAD") } : [];
        template.Learn(Encoding.UTF8.GetBytes(payload), Hole(payload, "HOLE"), ignored);
        return template;
    }

    private static JsonSlice Hole(string payload, string name) =>
        new(payload.IndexOf(name, StringComparison.Ordinal), name.Length, IsEscaped: false);
}
