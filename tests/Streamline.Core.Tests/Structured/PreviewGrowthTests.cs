using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Streamline.Tests.Structured;

/// <summary>Previews only grow: nothing that was shown moves, disappears or becomes something else.</summary>
[Trait("Law", "2")]
public sealed class PreviewGrowthTests
{
    [Fact]
    public async Task List_ItemWithoutARequiredMember_HoldsBackTheItemsAfterIt()
    {
        var values = await ShownAsync("""[{"id":"0","text":"o"},{"text":"a"},{"id":"1","text":"b"}]""", GrowingContext.Default.ListLabelled);
        values.SkipLast(1).Should().OnlyContain(list => list.Count <= 1 && list.All(item => item.Id == "" || item.Id == "0"));
        values[^1].Select(item => item.Id).Should().Equal("0", null, "1");
    }

    [Fact]
    public async Task List_ItemThatCannotBeMade_HoldsBackTheItemsAfterIt()
    {
        var values = await ShownAsync("""[{"text":"a"},{"text":"b","by":{"kind":"train","company":"FS","line":"1"}}]""", GrowingContext.Default.ListBooking);
        values.SkipLast(1).Should().OnlyContain(list => list.Count == 0);
        values[^1].Select(item => item.Text).Should().Equal("a", "b");
    }

    [Fact]
    public async Task List_BadItem_HoldsBackTheItemsAfterIt()
    {
        var (partials, _) = await Reading.FailAsync(Answers.Text("""[1,"x",3]"""), PlanContext.Default.Int32Array);
        partials[^1].Value.Should().Equal(1);
    }

    [Fact]
    public async Task Member_ThatTheTypeRefuses_LeavesWhatWasShown()
    {
        const string Item = """{"name":"x","code":"abc"}""";
        CodesOf((await ShownAsync($"[{Item},{Item}]", GrowingContext.Default.ListPicky)).Select(list => list.FirstOrDefault())).Should().Equal("none", "a", "ab", "abc");
        CodesOf((await ShownAsync($"[{Item},{Item}]", GrowingContext.Default.IReadOnlyListPicky)).Select(list => list.ElementAtOrDefault(1))).Should().Equal("none", "a", "ab", "abc");
        CodesOf((await ShownAsync($$"""{"k":{{Item}}}""", GrowingContext.Default.DictionaryStringPicky)).Select(map => map.GetValueOrDefault("k"))).Should().Equal("none", "a", "ab", "abc");

        static IEnumerable<string> CodesOf(IEnumerable<Picky?> values) => values.SkipWhile(value => value is null).Select(value => value!.Code).Distinct();
    }

    [Theory]
    [InlineData("""{"text":"abc","shade":"Blue"}""", nameof(Shade.Blue))]
    [InlineData("""{"shade":"Blue","text":"abc"}""", nameof(Shade.Blue))]
    [InlineData("""{"text":"abc"}""", nameof(Shade.Green))]
    public async Task Enumeration_ThatCannotBeUndefined_HoldsTheObjectBack(string text, string shade)
    {
        var (values, expected) = (await ShownAsync(text, GrowingContext.Default.Shaded), Enum.Parse<Shade>(shade));
        values.Should().OnlyContain(value => value.Shade == expected);
        values[^1].Should().Be(new Shaded("abc", expected));
    }

    [Fact]
    public async Task Defaults_OfAnObjectThatGrows_AreNotShown()
    {
        var values = await ShownAsync("""[{"title":"a"},{"title":"b","currency":"USD","count":6,"note":"m","limit":8,"tags":["z"],"priority":"Low","days":"Monday"}]""", GrowingContext.Default.ListDefaults);
        foreach (var item in values.SkipLast(1).SelectMany(list => list.Where(item => item.Title.Length > 0 && item.Currency.Length == 0)))
        {
            (item.Count, item.Note, item.Limit, item.Tags.Count, item.Days).Should().Be((0, null, null, 0, default(Days)));
            Enum.IsDefined(item.Priority).Should().BeFalse();
            item.By.Should().Be(new Train("FS", "1"), "there is no empty value in its place");
        }

        values.Should().Contain(list => list.Count == 1 && list[0].Title == "a" && list[0].Currency.Length == 0);
        var second = values.Where(list => list.Count == 2).Select(list => list[1]).ToList();
        second.Select(item => item.Currency).Distinct().Should().Equal("", "U", "US", "USD");
        second.Select(item => item.Count).Distinct().Should().Equal(0, 6);
        second.Select(item => item.Note).Distinct().Should().Equal(null, "", "m");
        second.Select(item => item.Limit).Distinct().Should().Equal(null, 8);
        second.Select(item => string.Concat(item.Tags)).Distinct().Should().Equal("", "z");
        second.Select(item => item.Priority).Distinct().Skip(1).Should().Equal(Priority.Low);
    }

    [Fact]
    public async Task Defaults_OfAnObjectThatIsComplete_AreItsValues()
    {
        var values = await ShownAsync("""[{"title":"a"},{"title":"b"}]""", GrowingContext.Default.ListDefaults);
        var first = values.First(list => list.Count == 2)[0];
        (first.Currency, first.Count, first.Note, first.Limit, first.Priority, first.Days).Should().Be(("EUR", 5, "a note", 7, Priority.High, Days.Tuesday));
        first.Tags.Should().Equal("x");
    }

    [Fact]
    public async Task Member_ThatComesTwice_KeepsItsFirstValue()
    {
        var (partials, _) = await Reading.FailAsync(Answers.Text("""{"summary":"abc","summary":"xyz","entries":[]}"""), PlanContext.Default.Log);
        partials.Select(partial => partial.Value?.Summary ?? "").Distinct().Should().Equal("", "a", "ab", "abc");
    }

    [Fact]
    public async Task Key_ThatADictionaryTakesForAnother_KeepsItsFirstValueAndIsAFault()
    {
        var (partials, fault) = await Reading.FailAsync(Answers.Text("""{"ab":"cd","x":"y","AB":"ef"}"""), GrowingContext.Default.LooseKeys);
        partials.Select(partial => partial.Value?.GetValueOrDefault("ab") ?? "").Distinct().Should().Equal("", "c", "cd");
        (fault.Error, fault.Path).Should().Be((StructuredOutputError.InvalidValue, "$.AB"));
        (await ShownAsync("""{"ab":"cd","x":"y"}""", GrowingContext.Default.LooseKeys))[^1].Should().HaveCount(2);
    }

    [Fact]
    public async Task Member_ThatIsPopulated_IsInTheLastSnapshotOnly()
    {
        var values = await ShownAsync("""{"tags":["abc"],"others":["def"],"inside":{"text":"t"}}""", GrowingContext.Default.Filled);
        values.SkipLast(1).Should().OnlyContain(value => value.Tags.SequenceEqual(new[] { "y" }) && value.Inside.Kept == "kept" && value.Inside.Text.Length == 0);
        values.Should().Contain(value => value.Others.Count == 1 && value.Others[0] == "de", "it is empty at first, so that it is the same");
        values[^1].Tags.Should().Equal("y", "abc");
        (values[^1].Inside.Text, values[^1].Inside.Kept).Should().Be(("t", "kept"));
    }

    // The values of all snapshots that have one. Each preview can be written.
    private static async Task<List<T>> ShownAsync<T>(string text, JsonTypeInfo<T> type)
    {
        var values = (await Reading.ReadAsync(text, type)).Select(partial => partial.Value).SkipWhile(value => value is null).ToList();
        values.Should().NotContainNulls();
        foreach (var value in values.SkipLast(1))
        {
            JsonSerializer.Serialize(value!, type).Should().NotBeEmpty();
        }

        return values!;
    }
}
