using System.Globalization;
using System.Text.Json;
using Streamline.Protocols;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Shared;

/// <summary>What a protocol tells of a call in pieces is put together once, however many pieces there are.</summary>
[Trait("Law", "8")]
public sealed class MergedObjectTests
{
    [Theory]
    [InlineData(true, """{"a":{"x":1,"y":2},"b":2,"c":null}""")]
    [InlineData(false, """{"a":{"y":2},"b":2,"c":null}""")]
    public void Value_Pieces_AreMerged(bool mergesInner, string expected)
    {
        var data = new MergedObject(new StreamReadOptions(), mergesInner);
        data.Value.Should().BeNull();
        data.Add(null);
        foreach (var piece in new[] { """{"a":{"x":1},"b":1}""", """{"a":{"x":1},"b":1}""", """{"a":{"y":2}}""", """{"b":2,"c":null}""" })
        {
            data.Add(JsonElement.Parse(piece));
        }

        data.Value!.Value.GetRawText().Should().Be(expected);
    }

    [Fact]
    public void Value_NothingNew_IsTheSame()
    {
        var first = JsonElement.Parse("""{ "a" : 1 }""");
        var data = new MergedObject(new StreamReadOptions());
        data.Add(first);
        data.Add(JsonElement.Parse("""{"a":1}"""));

        data.Value!.Value.GetRawText().Should().Be("""{ "a" : 1 }""");
    }

    [Fact]
    public void Add_TooMuch_Throws()
    {
        var data = new MergedObject(new StreamReadOptions { MaxEventBytes = 1024 });
        var adding = () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                data.Add(JsonElement.Parse($$"""{"n{{i.ToString(CultureInfo.InvariantCulture)}}":1}"""));
            }
        };

        adding.Should().Throw<StreamLimitException>().Which.LimitName.Should().Be(nameof(StreamReadOptions.MaxEventBytes));
    }

    [Fact]
    public void Value_ManyPieces_CostInProportion()
    {
        _ = AllocatedBy(1000);

        ((double)AllocatedBy(8000) / AllocatedBy(4000)).Should().BeLessThan(2.6, "twice as many pieces cost twice as much");

        static long AllocatedBy(int count)
        {
            var pieces = Enumerable.Range(0, count).Select(i => JsonElement.Parse($$"""{"n{{i.ToString(CultureInfo.InvariantCulture)}}":1}""")).ToList();
            var data = new MergedObject(new StreamReadOptions());
            var start = GC.GetAllocatedBytesForCurrentThread();
            pieces.ForEach(piece => data.Add(piece));
            data.Value!.Value.EnumerateObject().Count().Should().Be(count);
            return GC.GetAllocatedBytesForCurrentThread() - start;
        }
    }
}
