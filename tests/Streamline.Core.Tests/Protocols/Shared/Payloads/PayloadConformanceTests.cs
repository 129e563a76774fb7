using System.Text;
using System.Text.Json;
using Streamline.Protocols.Shared;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.Shared;

/// <summary>Holds <see cref="Payload"/> to the verdict and to the values of System.Text.Json.</summary>
public sealed class PayloadConformanceTests
{
    private const string Seeds = """
        {"id":"a\u00e9\n","n":-12.5e+3,"list":[1,2.0,"x",null,true,false,{},[]],"o":{"a":{"b":"\ud83d\ude00"}},"é":"ü€😀"}
        """;

    [CorpusFact("JSONTestSuite")]
    public void Parse_JsonTestSuite_SaysWhatSystemTextJsonSays()
    {
        foreach (var file in Corpora.Files("JSONTestSuite", "*.json"))
        {
            Compare(Corpora.ReadBytes(file), file);
        }
    }

    [Fact]
    public void Parse_EveryPrefixAndEveryChangedByte_SaysWhatSystemTextJsonSays()
    {
        var seed = Encoding.UTF8.GetBytes(Seeds.Trim());
        for (var length = 0; length <= seed.Length; length++)
        {
            Compare(seed[..length], $"prefix {length}");
        }

        byte[] replacements = [.. "\"\\{}[],:-+.eE019tnu \n"u8, 0, 0x1F, 0x7F, 0x80, 0xC3, 0xFF];
        for (var i = 0; i < seed.Length; i++)
        {
            foreach (var replacement in replacements)
            {
                var changed = seed.ToArray();
                changed[i] = replacement;
                Compare(changed, $"byte {i} as {replacement:X2}");
            }
        }
    }

    [Theory]
    [InlineData(ProviderJson.MaxPayloadDepth, true)]
    [InlineData(ProviderJson.MaxPayloadDepth + 1, false)]
    public void TryParse_Depth_IsBounded(int depth, bool expected)
    {
        var json = Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));

        var isValid = Payload.TryParse(json, out var payload);
        payload.Dispose();

        isValid.Should().Be(expected);
    }

    private static void Compare(byte[] json, string what)
    {
        JsonElement? expected = JsonPayload.TryParse(json);
        var isValid = Payload.TryParse(json, out var payload);
        try
        {
            isValid.Should().Be(expected is not null, what);
            if (expected is { } value)
            {
                CompareValue(payload.Root, value, what);
            }
            else
            {
                var fault = Record.Exception(() => Payload.Parse(json, "a test", 0).Dispose());
                (fault is StreamProtocolException or StreamLimitException).Should().BeTrue(what);
            }
        }
        finally
        {
            payload.Dispose();
        }
    }

    private static void CompareValue(PayloadValue actual, JsonElement expected, string what)
    {
        actual.Kind.Should().Be(expected.ValueKind, what);
        switch (expected.ValueKind)
        {
            case JsonValueKind.String:
                actual.GetString().Should().Be(expected.GetString(), what);
                break;
            case JsonValueKind.Number:
                actual.RawText().Should().Be(expected.GetRawText(), what);
                break;
            case JsonValueKind.Array:
                using (var items = expected.EnumerateArray())
                {
                    var elements = items.GetEnumerator();
                    foreach (var item in actual.Items)
                    {
                        elements.MoveNext().Should().BeTrue(what);
                        CompareValue(item, elements.Current, what);
                    }

                    elements.MoveNext().Should().BeFalse(what);
                }

                break;
            case JsonValueKind.Object:
                using (var all = expected.EnumerateObject())
                {
                    var members = all.GetEnumerator();
                    foreach (var member in actual.Members)
                    {
                        members.MoveNext().Should().BeTrue(what);
                        member.Name.Should().Be(members.Current.Name, what);
                        CompareValue(member.Value, members.Current.Value, what);
                    }

                    members.MoveNext().Should().BeFalse(what);
                }

                break;
            default:
                break;
        }
    }
}
