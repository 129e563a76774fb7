using System.Text.Json;
using System.Text.Json.Nodes;
using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>Mutable copies, duplicates, and the enumeration of what is complete.</summary>
public sealed class PartialJsonNodeTests
{
    [Fact]
    public void ToJsonNode_EveryPrefixOfEveryText_IsTheValueShown()
    {
        foreach (var (name, text) in JsonSamples.All())
        {
            var document = new PartialJsonDocument();
            foreach (var value in text)
            {
                document.Append([value]);
                var root = document.RootElement;
                var node = root.ToJsonNode();
                if (root.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
                {
                    node.Should().BeNull(name);
                }
                else if (root.FindDuplicates().Count == 0)
                {
                    var expected = JsonNode.Parse(root.ToJsonElement().GetRawText(), documentOptions: new JsonDocumentOptions { MaxDepth = 1000 });
                    node!.ToJsonString().Should().Be(expected!.ToJsonString(), name);
                }
            }
        }
    }

    [Fact]
    public void ToJsonNode_Duplicates_LastWins()
    {
        var root = JsonFeed.Whole("""{"a":{"b":1},"c":[2],"a":{"b":3,"b":[4,"gro""").RootElement;
        var node = root.ToJsonNode()!.AsObject();
        node.Should().HaveCount(2);
        node["a"]!["b"]![0]!.GetValue<int>().Should().Be(4);
        node["a"]!["b"]![1]!.GetValue<string>().Should().Be("gro");
        node["c"]![0]!.GetValue<int>().Should().Be(2);
    }

    [Fact]
    public void ToJsonNode_Scalars_KeepTheirDigitsAndText()
    {
        JsonFeed.Whole("[123456789012345678901234567890]").RootElement[0].ToJsonNode()!.ToJsonString().Should().Be("123456789012345678901234567890");
        JsonFeed.Whole("""["a\uD83Db"]""").RootElement[0].ToJsonNode()!.GetValue<string>().Should().Be("a\uFFFDb");
        JsonFeed.Whole("[true]").RootElement[0].ToJsonNode()!.GetValue<bool>().Should().BeTrue();
        JsonFeed.Whole("[null]").RootElement.ToJsonNode()!.AsArray().Should().Equal([null]);
        default(PartialJsonElement).ToJsonNode().Should().BeNull();
    }

    [Fact]
    public void ToJsonNode_Copy_IsIndependent()
    {
        var document = JsonFeed.Whole("""{"a":[1""");
        var before = document.RootElement.ToJsonNode()!;
        before["added"] = true;
        document.Append(",2]}"u8);
        JsonNode.DeepEquals(before, JsonNode.Parse("""{"a":[],"added":true}""")).Should().BeTrue();
    }

    [Fact]
    public void ToJsonNode_DeepValue_IsNotRecursive()
    {
        var document = JsonFeed.Whole(new string('[', 50_000), new PartialJsonOptions { MaxDepth = 50_000 });
        var node = document.RootElement.ToJsonNode();
        var depth = 0;
        for (; node is JsonArray { Count: 1 } array; node = array[0])
        {
            depth++;
        }

        depth.Should().Be(49_999);
    }

    [Fact]
    public void FindDuplicates_AnyDepth_ListsEachRepetition()
    {
        var root = JsonFeed.Whole("""{"a":1,"\u0061":2,"b":[{"c":1,"c":{"d":0}},{"c":1}],"a":{"a":1},"a":"gro""").RootElement;
        root.FindDuplicates().Select(element => (element.GetPath(), element.ToString()))
            .Should().Equal(("/a", "2"), ("/b/0/c", """{"d":0}"""), ("/a", """{"a":1}"""), ("/a", "gro"));
        root["b"][1].FindDuplicates().Should().BeEmpty();
        root["b"].FindDuplicates().Should().ContainSingle();
        default(PartialJsonElement).FindDuplicates().Should().BeEmpty();
    }

    [Theory]
    [InlineData("[", 0, 0)]
    [InlineData("[1", 0, 0)]
    [InlineData("[1,", 1, 1)]
    [InlineData("[1,\"gro", 1, 2)]
    [InlineData("[1,[2,[3", 1, 2)]
    [InlineData("[1,[2,[3]]", 2, 2)]
    [InlineData("[1,[2,[3]],{}", 3, 3)]
    [InlineData("[1,[2,[3]],{}]", 3, 3)]
    [InlineData("[]", 0, 0)]
    public void EnumerateCompletedItems_GrowingArray_LeavesOutWhatGrows(string text, int completed, int begun)
    {
        var root = JsonFeed.Whole(text).RootElement;
        root.EnumerateCompletedItems().Should().HaveCount(completed);
        root.EnumerateCompletedItems().All(item => item.IsComplete).Should().BeTrue();
        root.EnumerateArray().Should().HaveCount(begun);
        var items = root.EnumerateCompletedItems();
        items.MoveNext();
        items.GetEnumerator().Count().Should().Be(completed, "an enumerator that has begun gives one that starts again with the same items");
    }

    [Fact]
    public void EnumerateCompletedProperties_GrowingObject_LeavesOutWhatGrows()
    {
        var document = JsonFeed.Whole("""{"a":1,"b":{"c":[""");
        document.RootElement.EnumerateCompletedProperties().Select(property => property.Name).Should().Equal("a");
        document.RootElement["b"].EnumerateCompletedProperties().Should().BeEmpty();
        document.Append("]}"u8);
        document.RootElement.EnumerateCompletedProperties().Select(property => property.Name).Should().Equal("a", "b");
        document.Append("}"u8);
        document.RootElement.EnumerateCompletedProperties().Should().HaveCount(2);
        default(PartialJsonElement).EnumerateCompletedProperties().Should().BeEmpty();
        default(PartialJsonElement).EnumerateCompletedItems().Should().BeEmpty();
        document.RootElement.Invoking(e => e.EnumerateCompletedItems()).Should().Throw<InvalidOperationException>();
        document.RootElement["a"].Invoking(e => e.EnumerateCompletedProperties()).Should().Throw<InvalidOperationException>();
    }
}
