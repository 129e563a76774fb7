using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Streamline.Json;

namespace Streamline.Tests.Json;

public sealed partial class PartialJsonElementTests
{
    [Fact]
    public void Default_IsUndefinedAndEmpty()
    {
        var element = default(PartialJsonElement);
        element.ValueKind.Should().Be(JsonValueKind.Undefined);
        element.IsComplete.Should().BeFalse();
        element["a"]["b"][3].ValueKind.Should().Be(JsonValueKind.Undefined);
        element.TryGetProperty("a"u8, out _).Should().BeFalse();
        element.GetArrayLength().Should().Be(0);
        element.GetPropertyCount().Should().Be(0);
        element.EnumerateArray().Should().BeEmpty();
        element.EnumerateObject().Should().BeEmpty();
        element.GetString().Should().BeNull();
        element.GetRawText().Should().BeEmpty();
        element.ToString().Should().BeEmpty();
        element.TryGetInt32(out _).Should().BeFalse();
        element.ValueEquals(""u8).Should().BeFalse();
        element.ToJsonElement().ValueKind.Should().Be(JsonValueKind.Undefined);
        element.Invoking(e => e.WriteTo(new Utf8JsonWriter(Stream.Null))).Should().Throw<InvalidOperationException>();
        element.Invoking(e => e.Deserialize(TestContext.Default.Place)).Should().Throw<InvalidOperationException>();
        element.Invoking(e => e.GetInt32()).Should().Throw<InvalidOperationException>();
        element.Invoking(e => e.GetBoolean()).Should().Throw<InvalidOperationException>();
        default(PartialJsonProperty).Name.Should().BeEmpty();
        default(PartialJsonProperty).Value.ValueKind.Should().Be(JsonValueKind.Undefined);
        default(PartialJsonProperty).NameEquals(""u8).Should().BeFalse();
        default(PartialJsonArrayEnumerator).Should().BeEmpty();
    }

    [Fact]
    public void Indexer_DuplicateNames_LastBegunWinsAndAllAreEnumerable()
    {
        var document = JsonFeed.Whole("""{"a":1,"b":2,"a":{"x":1},"a":""");
        document.RootElement["a"].GetRawText().Should().Be("""{"x":1}""");
        document.Append("\"thr"u8);
        document.RootElement["a"].GetString().Should().Be("thr");
        document.RootElement.EnumerateObject().Select(property => property.Name).Should().Equal("a", "b", "a", "a");
        document.RootElement.GetPropertyCount().Should().Be(4);
    }

    [Fact]
    public void TryGetProperty_EscapedNames_AreFoundDecoded()
    {
        var element = JsonFeed.Whole("""{"n\u0061me":1,"é\n":2,"😀":3,"\uD83D\uDE00":4,"":5,"\uD83D":6}""").RootElement;
        element["name"].GetInt32().Should().Be(1);
        element["é\n"].GetInt32().Should().Be(2);
        element["😀"].GetInt32().Should().Be(4);
        element[""].GetInt32().Should().Be(5);
        element["\uFFFD"].GetInt32().Should().Be(6);
        element.TryGetProperty("n\\u0061me", out _).Should().BeFalse();
        element.TryGetProperty("nam"u8, out _).Should().BeFalse();
        element.EnumerateObject().First().NameEquals("name"u8).Should().BeTrue();
        element.EnumerateObject().First().NameEquals("names"u8).Should().BeFalse();
    }

    [Fact]
    public void TryGetProperty_HugeName_IsFound()
    {
        var name = new string('é', 100_000);
        var element = JsonFeed.Whole($$"""{"{{name}}":1} """).RootElement;
        element[name].GetInt32().Should().Be(1);
        element.TryGetProperty(name[1..], out _).Should().BeFalse();
    }

    [Fact]
    public void Indexer_GrowingAndCompleteArrays_FindsEveryElement()
    {
        var document = JsonFeed.Whole("""[10,[],{"a":[1,2]},[3,[4,"fi""");
        var root = document.RootElement;
        root.GetArrayLength().Should().Be(4);
        root[0].GetInt32().Should().Be(10);
        root[1].GetArrayLength().Should().Be(0);
        root[1][0].ValueKind.Should().Be(JsonValueKind.Undefined);
        root[2]["a"][1].GetInt32().Should().Be(2);
        root[3].IsComplete.Should().BeFalse();
        root[3][1][1].GetString().Should().Be("fi");
        root[4].ValueKind.Should().Be(JsonValueKind.Undefined);
        root["a"].ValueKind.Should().Be(JsonValueKind.Undefined);
        root[2][0].ValueKind.Should().Be(JsonValueKind.Undefined);
        root.Invoking(e => e[-1]).Should().Throw<ArgumentOutOfRangeException>();
        document.Append("ve\"]]]"u8);
        document.Complete();
        root[3][1][1].GetString().Should().Be("fi");
        document.RootElement[3][1][1].GetString().Should().Be("five");
    }

    [Fact]
    public void Getters_WrongKind_ThrowOrSayFalse()
    {
        var element = JsonFeed.Whole("""["text",1.5,null,{},true]""").RootElement;
        element[0].Invoking(e => e.GetInt32()).Should().Throw<InvalidOperationException>().WithMessage("GetInt32: found a value of kind String, expected Number.");
        element[0].Invoking(e => e.GetArrayLength()).Should().Throw<InvalidOperationException>();
        element[0].Invoking(e => e.EnumerateObject()).Should().Throw<InvalidOperationException>();
        element[0].Invoking(e => e.GetBoolean()).Should().Throw<InvalidOperationException>();
        element[1].Invoking(e => e.GetInt32()).Should().Throw<FormatException>();
        element[1].Invoking(e => e.GetString()).Should().Throw<InvalidOperationException>();
        element[1].GetDecimal().Should().Be(1.5m);
        element[1].GetDouble().Should().Be(1.5);
        element[2].GetString().Should().BeNull();
        element[3].Invoking(e => e.EnumerateArray()).Should().Throw<InvalidOperationException>();
        element[3].Invoking(e => e.GetInt64()).Should().Throw<InvalidOperationException>();
        element[4].GetBoolean().Should().BeTrue();
        element[0].TryGetDecimal(out _).Should().BeFalse();
        element[0].ValueEquals("text"u8).Should().BeTrue();
        element[0].ValueEquals("texts"u8).Should().BeFalse();
    }

    [Fact]
    public void Numbers_OfAnySize_AreExact()
    {
        var element = JsonFeed.Whole("[12345678901234567890,9223372036854775807,-2147483648,0.1,1e400,-0]").RootElement;
        element[0].GetUInt64().Should().Be(12345678901234567890UL);
        element[0].TryGetInt64(out var tooLarge).Should().BeFalse();
        tooLarge.Should().Be(0);
        element[0].GetRawText().Should().Be("12345678901234567890");
        element[0].GetDecimal().Should().Be(12345678901234567890m);
        element[1].GetInt64().Should().Be(long.MaxValue);
        element[2].GetInt32().Should().Be(int.MinValue);
        element[3].GetDecimal().Should().Be(0.1m);
        element[4].GetDouble().Should().Be(double.PositiveInfinity);
        element[4].TryGetDecimal(out _).Should().BeFalse();
        element[5].GetInt32().Should().Be(0);
    }

    [Theory]
    [InlineData("""{"a":[1,{"b":"x\n""", """{"a":[1,{"b":"x\n"}]}""")]
    [InlineData("""{"a":[1,2],"b":{"c":[""", """{"a":[1,2],"b":{"c":[]}}""")]
    [InlineData("""[[],{},[[tru""", """[[],{},[[]]]""")]
    [InlineData("""[[],{},[[]],12""", """[[],{},[[]]]""")]
    [InlineData("""{"a":1.50,"a":-0.0e1,""", """{"a":1.50,"a":-0.0e1}""")]
    [InlineData("""["\uD83D","é""", "[\"\uFFFD\",\"é\"]")]
    public void ToJsonElement_GrowingValue_IsCompletedWellFormed(string text, string expected)
    {
        var element = JsonFeed.Whole(text).RootElement;
        element.ToJsonElement().GetRawText().Should().Be(expected);
        element.ToString().Should().Be(expected);
    }

    [Fact]
    public void WriteTo_PartOfADocument_WritesThatPartOnly()
    {
        var root = JsonFeed.Whole("""{"a":[1,[2,3]],"b":{"c":[4,{"d":"grow""").RootElement;
        Write(root["a"]).Should().Be("[1,[2,3]]");
        Write(root["a"][1]).Should().Be("[2,3]");
        Write(root["a"][0]).Should().Be("1");
        Write(root["b"]).Should().Be("""{"c":[4,{"d":"grow"}]}""");
        Write(root["b"]["c"][1]["d"]).Should().Be("\"grow\"");
        root["b"].ToJsonElement().GetRawText().Should().Be("""{"c":[4,{"d":"grow"}]}""");
    }

    [Fact]
    public void ToJsonElement_CompleteValue_KeepsItsTextButNoLoneSurrogate()
    {
        var document = JsonFeed.Whole("""{ "a" : 1.0, "b" : "\u0041" }""");
        document.RootElement.ToJsonElement().GetRawText().Should().Be("""{ "a" : 1.0, "b" : "\u0041" }""");
        var lone = JsonFeed.Whole("""["a\uD83Db"]""").RootElement;
        lone[0].GetString().Should().Be("a\uFFFDb");
        lone.ToJsonElement()[0].GetString().Should().Be("a\uFFFDb");
    }

    [Fact]
    public void ToString_DeepValue_IsNotRecursive()
    {
        var document = JsonFeed.Whole(new string('[', 100_000), new PartialJsonOptions { MaxDepth = 100_000 });
        document.RootElement.ToString().Length.Should().Be(200_000);
        document.RootElement.GetArrayLength().Should().Be(1);
    }

    [Fact]
    public void ToJsonElement_DeeperThanTheBaseClassLibrarysDefault_IsParsed()
    {
        var document = JsonFeed.Whole(new string('[', 2_000), new PartialJsonOptions { MaxDepth = 2_000 });
        document.RootElement.ToJsonElement().ToString().Length.Should().Be(4_000);
    }

    [Fact]
    public void Deserialize_GrowingAndCompleteValue_GivesWhatHasArrived()
    {
        var document = JsonFeed.Whole("""{"Name":"Louvre","Tags":["art","mus""");
        var growing = document.RootElement.Deserialize(TestContext.Default.Place)!;
        growing.Name.Should().Be("Louvre");
        growing.Tags.Should().Equal("art", "mus");
        document.Append("eum\"]}"u8);
        document.Complete();
        document.RootElement.Deserialize(TestContext.Default.Place)!.Tags.Should().Equal("art", "museum");
        document.RootElement["Tags"].Deserialize(TestContext.Default.IReadOnlyListString).Should().Equal("art", "museum");
    }

    [Fact]
    public void Enumerators_InForeach_AllocateNothing()
    {
        var element = JsonFeed.Whole("""{"a":[1,2,3],"b":{"c":"d"}}""").RootElement;
        var sum = Sum(element); // warm-up
        var before = GC.GetAllocatedBytesForCurrentThread();
        sum += Sum(element);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
        sum.Should().Be(14);

        static int Sum(PartialJsonElement element)
        {
            var sum = 0;
            foreach (var property in element.EnumerateObject())
            {
                sum += property.NameEquals("b"u8) ? property.Value.GetPropertyCount() : 0;
            }

            foreach (var item in element["a"].EnumerateArray())
            {
                sum += item.GetInt32();
            }

            return sum;
        }
    }

    [Fact]
    public void Enumerators_MovedPastTheEndAndReset_StartAgain()
    {
        var root = JsonFeed.Whole("""{"a":[1,2]}""").RootElement;
        var properties = root.EnumerateObject();
        properties.MoveNext().Should().BeTrue();
        var items = properties.Current.Value.EnumerateArray();
        items.MoveNext().Should().BeTrue();
        items.MoveNext().Should().BeTrue();
        items.Current.GetInt32().Should().Be(2);
        items.MoveNext().Should().BeFalse();
        items.MoveNext().Should().BeFalse();
        items.Reset();
        items.MoveNext().Should().BeTrue();
        items.Current.GetInt32().Should().Be(1);
        properties.MoveNext().Should().BeFalse();
        properties.Reset();
        properties.MoveNext().Should().BeTrue();
        properties.Current.Name.Should().Be("a");
        properties.Current.ToString().Should().Be("a: [1,2]");
    }

    private static string Write(PartialJsonElement element)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            element.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    internal sealed record Place(string Name, IReadOnlyList<string> Tags);

    [JsonSerializable(typeof(Place))]
    private sealed partial class TestContext : JsonSerializerContext;
}
