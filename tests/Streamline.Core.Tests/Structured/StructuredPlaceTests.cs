using System.Text.Json;
using Streamline.Json;

namespace Streamline.Tests.Structured;

/// <summary>Where the value is in an answer: what decides, that it never changes, and that nothing is looked at twice.</summary>
public sealed class StructuredPlaceTests
{
    [Fact]
    public async Task Read_PropertyNamedLikeTheWrapper_IsPartOfTheValue()
    {
        var money = await Reading.ReadAsync("""{"value":1,"unit":"kg"}""", OddContext.Default.Money);
        money[^1].Value.Should().Be(new Money(1, "kg"));
        (await Reading.ReadAsync("""{"value":{"value":1,"unit":"kg"}}""", OddContext.Default.Money))[^1].Value.Should().Be(new Money(1, "kg"));

        var any = await Reading.ReadAsync("""{"value":1,"unit":"kg"}""", PlanContext.Default.JsonElement);
        any[^1].Value.GetProperty("unit").GetString().Should().Be("kg");
        (await Reading.ReadAsync("""{"value":1}""", PlanContext.Default.JsonElement))[^1].Value.GetInt32().Should().Be(1);

        (await Reading.ReadAsync("""{"value":5,"name":"x"}""", OddContext.Default.Node))[^1].Value.Should().Be(new Node(5, "x"));
        (await Reading.ReadAsync("""{"value":{"$type":"leaf","value":5,"name":"x"}}""", OddContext.Default.Node))[^1].Value.Should().Be(new Leaf(5, "x"));
    }

    [Fact]
    public async Task Read_PropertyNamedLikeTheWrapper_ShowsNothingUntilItIsKnown()
    {
        var partials = await Reading.ReadAsync("""{"value":{"value":5,"name":"abc"},"name":"x"}""", PlanContext.Default.JsonElement);
        partials.Select(partial => partial.Element.ValueKind).Distinct().Should().Equal(JsonValueKind.Undefined, JsonValueKind.Object);
        partials.First(partial => partial.Element.ValueKind == JsonValueKind.Object).Element.TryGetProperty("name", out _).Should().BeTrue();
    }

    [Fact]
    public async Task ReadAllAsync_NothingWasWrapped_TheRootIsTheValue()
    {
        (await LastAsync("""{"value":{"a":1},"unit":"kg"}""", OddContext.Default.JsonObject)).Value!.Count.Should().Be(2);
        (await LastAsync("""{"value":{"a":1}}""", OddContext.Default.JsonObject)).Value!.ContainsKey("value").Should().BeTrue();
        (await LastAsync("""{"value":5}""", OddContext.Default.Node)).Value.Should().Be(new Node(5, null));
        (await LastAsync("""{"value":[1,2]}""", OddContext.Default.Int32Array)).Value.Should().Equal(1, 2);
    }

    [Theory]
    [InlineData("""{"items":[1,2],"value":[3]}""")]
    [InlineData("""{"value":[1,2],"items":[3]}""")]
    [InlineData("""{"value":"total","items":[1,2],"more":[3]}""")]
    public async Task Read_SeveralLists_TheFirstStays(string text)
    {
        var partials = await Reading.ReadAsync(text, PlanContext.Default.Int32Array);
        partials[^1].Value.Should().Equal(1, 2);
        partials.Select(partial => partial.Value?.Length ?? 0).Should().BeInAscendingOrder();
        (await new SynchronousClient(Answers.Text(text)).StreamItemsAsync("?", PlanContext.Default.Int32).ToListAsync()).Should().Equal(1, 2);
    }

    [Fact]
    public async Task Read_TheSameListTwice_IsAFault()
    {
        const string Text = """{"value":[1],"value":[2]}""";
        var (partials, fault) = await Reading.FailAsync(Answers.Text(Text), PlanContext.Default.Int32Array);
        (fault.Error, fault.Path).Should().Be((StructuredOutputError.InvalidValue, "$.value"));
        partials.Should().NotContain(partial => partial.Value != null && partial.Value.Contains(2));
        var items = () => new SynchronousClient(Answers.Text(Text)).StreamItemsAsync("?", PlanContext.Default.Int32).ToListAsync().AsTask();
        (await items.Should().ThrowAsync<StructuredOutputException>()).Which.Path.Should().Be("$.value");
    }

    [Fact]
    public void Find_ManyOtherProperties_LooksAtEachOnce()
    {
        var (document, place) = (new PartialJsonDocument(), new StructuredPlace(StructuredRoot.OfItems()));
        const int Properties = 2000;
        var early = document.RootElement;
        foreach (var piece in ("{" + string.Concat(Enumerable.Repeat("\"a\":1,", Properties)) + "\"items\":[1]}").Chunk(8))
        {
            document.Append(piece);
            place.Find(document.RootElement);
            early = document.BytesReceived < 100 ? document.RootElement : early;
        }

        place.Steps.Should().BeLessThan(3 * Properties);
        place.Find(document.RootElement).GetArrayLength().Should().Be(1);
        place.Find(early).ValueKind.Should().Be(JsonValueKind.Undefined, "an earlier snapshot does not change");
    }

    [Fact]
    public void TryFind_ManyOtherMembers_LooksAtEachOnce()
    {
        var (document, cursor) = (new PartialJsonDocument(), new MemberCursor([new MemberToken("days"), new MemberToken("1"), new MemberToken("STOPS", StringComparison.OrdinalIgnoreCase)]));
        const int Properties = 2000;
        var others = string.Concat(Enumerable.Repeat("\"a\":1,", Properties));
        var found = default(PartialJsonElement);
        foreach (var piece in ("{" + others + "\"days\":[{},{" + others + "\"stops\":[7],\"Stops\":[]").Chunk(8))
        {
            document.Append(piece);
            cursor.TryFind(document.RootElement, out found);
        }

        cursor.Steps.Should().BeLessThan(6 * Properties);
        found.GetPath().Should().Be("/days/1/stops", "the first counts");
    }

    private static async Task<Partial<T>> LastAsync<T>(string text, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        await Partial.ReadAllAsync(text.Chunk(3).Select(piece => new string(piece)).ToAsyncEnumerable(), type).LastAsync();
}
