using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streamline.Protocols.Shared;
using Streamline.TestSupport;

namespace Streamline.Tests.Structured;

/// <summary>Typed values while they grow.</summary>
public sealed class PartialTests
{
    private const string Whole = """
        {"title":"Rome \uD83D\uDE00 & back","days":12,"pace":"brisk","stops":[{"name":"Forum","hours":2.5,"city":"Rome","note":"am"},
        {"city":"Rome","name":"Ostia","hours":4,"unknown":[1,{"x":2}]}],"budget":null,"byCode":{"FCO":{"name":"Airport","hours":1,"city":"Rome"},"a/b":{"name":"X","hours":0,"city":"Y"}},
        "tags":["art","food"],"steps":[1,20,300],"owner":"me","isPublic":true,"start":"2026-05-01T08:00:00+02:00","by":{"kind":"train","company":"FS","line":"FR 9"},
        "languages":["it","en"],"codes":[7,8],"rows":[["a","b"],[],["c"]],
        "return":{"title":"Home","days":1,"pace":"slow","stops":[],"budget":10.50,"byCode":{},"tags":[],"steps":[],"owner":"me","by":{"kind":7,"company":"AZ","number":33}},
        "at":{"x":1,"y":-2},"code":"abc","extra":{"any":[true]},"internal":"ignored"}
        """;

    private static readonly string[] Others =
    [
        """{"title":"A","days":1,"pace":"slow","stops":[],"budget":1e2,"byCode":{},"tags":[],"steps":[],"owner":"o"}""",
        """{"owner":"o","title":"B","days":1,"pace":"slow","stops":[{"name":"a","hours":1,"city":"c"}],"budget":1,"byCode":{"x":{"name":"1","hours":1,"city":"1"},"y":{"name":"2","hours":1,"city":"1"}},"tags":["t"],"steps":[2]}""",
        """{"days":"7","title":"\u00e9\n","pace":2,"stops":[],"budget":"1.5","byCode":{},"tags":[],"steps":["5",6],"owner":"o","currency":"USD","by":null,"rows":null,"return":null}""",
    ];

    private static Config Fixed => Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20260101UL, 15UL).WithQuietOnSuccess(true);

    [Fact]
    public async Task StreamObjectAsync_EveryDelta_ShowsWhatHasArrived()
    {
        var partials = await CollectAsync(Whole, size: 7);
        var first = partials.First(partial => partial.Value?.Stops is { Count: 1 } stops && stops[0].City?.Length > 0).Value!;
        first.Title.Should().Be("Rome 😀 & back");
        first.Days.Should().Be(12);
        first.Pace.Should().Be(Pace.Brisk);
        first.Stops[0].Name.Should().Be("Forum");
        first.Stops[0].Hours.Should().Be(2.5);
        first.Owner.Should().BeEmpty("it is not null in any value, and has not arrived");
        first.Currency.Should().BeEmpty("the default of the constructor is not part of the answer");
        first.Internal.Should().Be("set by the constructor");
        partials.Should().Contain(partial => partial.Value != null && partial.Value.Title == "Rome");
        partials.Should().Contain(partial => partial.Value != null && partial.Value.ByCode != null && partial.Value.ByCode.ContainsKey("FCO") && partial.Value.ByCode["FCO"].City.Length == 0);
        partials.Should().Contain(partial => partial.Value != null && partial.Value.By is Train && ((Train)partial.Value.By).Line.Length == 0);
        partials.Should().Contain(partial => partial.Value != null && partial.Value.Rows != null && partial.Value.Rows.Count == 1);
        partials.Should().Contain(partial => partial.Value != null && partial.Value.Return != null && partial.Value.Return.By == null);

        var last = partials[^1];
        last.IsComplete.Should().BeTrue();
        partials.SkipLast(1).Should().OnlyContain(partial => !partial.IsComplete);
        Json(last.Value).Should().Be(Json(JsonSerializer.Deserialize(Whole, TripContext.Default.Trip)));
        last.Value!.By.Should().Be(new Train("FS", "FR 9"));
        last.Value.Return!.By.Should().Be(new Flight("AZ", 33));
        last.Value.Code.Should().Be("ABC");
        last.Value.Languages.Should().Equal("it", "en");
        last.Value.At.Should().Be(new Point(1, -2));
    }

    [Fact]
    [Trait("Law", "2")]
    public async Task Value_OfEveryPrefix_OnlyGrows()
    {
        foreach (var text in Others.Append(Whole))
        {
            var earlier = default(JsonElement);
            foreach (var partial in await CollectAsync(text, size: 1))
            {
                var later = Element(partial.Value);
                FindTakenBack(earlier, later).Should().BeNull();
                earlier = later;
            }
        }
    }

    [Fact]
    [Trait("Law", "1")]
    public async Task Value_AtTheSamePlace_IsTheSameForEveryCutAndEveryOrderOfAsking()
    {
        foreach (var text in Others.Append(Whole))
        {
            var byByte = await CollectAsync(text, size: 1);
            var expected = byByte.DistinctBy(Place).ToDictionary(Place, partial => Json(partial.Value));
            var sizes = Gen.Choose(1, 50).Select(size => (Size: size, IsBackwards: size % 2 == 0));
            Check.One(Fixed, Prop.ForAll(sizes.ToArbitrary(), test =>
            {
                var partials = CollectAsync(text, test.Size).GetAwaiter().GetResult();
                foreach (var partial in test.IsBackwards ? partials.AsEnumerable().Reverse() : partials)
                {
                    Json(partial.Value).Should().Be(expected[Place(partial)], partial.ToString());
                }
            }));
        }

        static (string Text, bool IsLast) Place(Partial<Trip> partial) => (partial.Element.GetRawText(), partial.IsComplete);
    }

    [Fact]
    [Trait("Law", "2")]
    public async Task Value_KeptWhileTheStreamGoesOn_StaysTheSame()
    {
        var shown = new List<(Trip? Value, string Json)>();
        await foreach (var partial in Client(Answers.Text(Whole, 3)).StreamObjectAsync("Where to?", TripContext.Default.Trip))
        {
            shown.Add((partial.Value, Json(partial.Value)));
            partial.Value.Should().BeSameAs(shown[^1].Value);
        }

        shown.Should().OnlyContain(snapshot => Json(snapshot.Value) == snapshot.Json);
    }

    [Fact]
    public async Task Value_AskedAtEveryDelta_ReadsEachCompleteMemberOnce()
    {
        const int Count = 300;
        var numbers = string.Join(',', Enumerable.Range(100, Count));
        var text = $$"""{"items":[{{numbers}}],"summary":"{{new string('x', 500)}}","rest":[{{numbers}}]}""";
        Counted.Reads = 0;
        var lists = new HashSet<List<Counted>>(ReferenceEqualityComparer.Instance);
        Report? last = null;
        await foreach (var partial in Synchronous(text, 2).StreamObjectAsync("?", TripContext.Default.Report))
        {
            if (partial.IsComplete)
            {
                Counted.Reads.Should().Be(2 * 2 * Count, "the last value is read anew, as a whole and strictly");
            }

            last = partial.Value!;
            if (!partial.IsComplete && partial.IsMemberComplete("items"))
            {
                Counted.Reads.Should().BeLessThanOrEqualTo(2 * Count);
                lists.Add(last.Items);
            }
        }

        lists.Should().ContainSingle("a list that is complete is shared by all snapshots");
        last!.Items.Should().Equal(Enumerable.Range(100, Count).Select(number => new Counted(number)));
        last.Rest.Should().Equal(last.Items);
    }

    [Fact]
    public async Task Value_LateInALongAnswer_CostsNoMoreThanEarly()
    {
        var early = await MaxBytesPerDeltaAsync(items: 10);
        var late = await MaxBytesPerDeltaAsync(items: 10_000);
        late.Should().BeLessThan(early + 1024);

        static async Task<long> MaxBytesPerDeltaAsync(int items)
        {
            var text = $$"""{"items":[{{string.Join(',', Enumerable.Range(0, items))}}],"rest":[],"summary":"{{new string('x', 200)}}"}""";
            var most = 0L;
            await foreach (var partial in Synchronous(text, 16).StreamObjectAsync("?", TripContext.Default.Report))
            {
                if (!partial.IsComplete && partial.IsMemberComplete("rest"))
                {
                    var before = GC.GetAllocatedBytesForCurrentThread();
                    var summary = partial.Value!.Summary;
                    var spent = GC.GetAllocatedBytesForCurrentThread() - before;
                    most = summary is { Length: > 20 } ? Math.Max(most, spent) : most;
                }
            }

            return most;
        }
    }

    [Fact]
    public async Task Members_CompleteAndGrowing_AreTold()
    {
        var partials = await CollectAsync(Others[0], size: 1);
        var midway = partials.First(partial => partial.Element["pace"].ValueKind == JsonValueKind.String);
        midway.CompletedMembers.Should().Equal("title", "days");
        midway.IsMemberComplete("title").Should().BeTrue();
        midway.IsMemberComplete("pace").Should().BeFalse();
        Enum.IsDefined(midway.Value!.Pace).Should().BeFalse("it has not arrived");
        partials[0].CompletedMembers.Should().BeEmpty();
        partials[^1].CompletedMembers.Should().HaveCount(9);
    }

    [Fact]
    public async Task Value_ConstructorThatRefusesWhatIsEmpty_AppearsWhenItCanBeMade()
    {
        var partials = await CollectAsync("""{"name":"abc","code":"xyz"}""", 1, TripContext.Default.Guarded);
        partials.TakeWhile(partial => partial.Value is null).Should().HaveCount("{'name':'abc','code':'".Length);
        partials.SkipWhile(partial => partial.Value is null).Should().OnlyContain(partial => partial.Value!.Name == "abc");
    }

    [Fact]
    public async Task StreamObjectAsync_NotAnObject_IsFoundInItsWrapper()
    {
        var lists = await CollectAsync("""{"value":[{"name":"a","hours":1,"city":"c"},{"name":"b""", 1, TripContext.Default.ListStop, isWhole: false);
        lists[^1].Value!.Select(stop => stop.Name).Should().Equal("a", "b");
        lists[0].Value.Should().BeNull();
        var transports = await CollectAsync("""{"value":{"kind":"train","company":"FS","line":"1"}}""", 1, TripContext.Default.Transport);
        transports[^1].Value.Should().Be(new Train("FS", "1"));
        transports.Should().Contain(partial => partial.Value is Train && partial.Value.Company == "F");
        var numbers = await CollectAsync("""{"a":1,"b":22}""", 1, TripContext.Default.DictionaryStringInt32);
        numbers.Should().NotContain(partial => partial.Value != null && partial.Value.ContainsKey("b") && partial.Value["b"] == 2);
        numbers[^1].Value.Should().Equal(new Dictionary<string, int> { ["a"] = 1, ["b"] = 22 });
    }

    [Fact]
    public async Task Value_RecursiveType_GrowsAtEveryDepth()
    {
        var text = string.Concat(Enumerable.Repeat("""{"label":"n","children":[""", 20)) + """{"label":"leaf","children":null}""" + string.Concat(Enumerable.Repeat("]}", 20));
        var partials = await CollectAsync(text, 5, TripContext.Default.Tree);
        var depths = partials.Select(partial => Depth(partial.Value)).ToArray();
        depths.Should().BeInAscendingOrder();
        depths[^1].Should().Be(21);

        static int Depth(Tree? tree) => tree is null ? 0 : 1 + Depth(tree.Children is [.., var last] ? last : null);
    }

    [Fact]
    public async Task Value_MembersThatDoNotFit_AreLeftOutUntilTheEndReportsThem()
    {
        var partials = await CollectAsync(
            """{"title":5,"days":"many","pace":"fast","stops":[1,{"name":"a","hours":{},"city":"c"},null],"steps":[1,"x",2],"owner":"o","tags":{}""", 1, TripContext.Default.Trip, isWhole: false);
        var last = partials[^1].Value!;
        last.Title.Should().BeEmpty();
        last.Days.Should().Be(0);
        Enum.IsDefined(last.Pace).Should().BeFalse();
        last.Steps.Should().Equal([1], "what follows would have the index of the item that does not fit");
        last.Stops.Should().BeEmpty();
        last.Tags.Should().BeEmpty();
        last.Owner.Should().Be("o");
    }

    private static FakeStreamClient Client(params StreamEvent[] events) => FakeStreamClient.Of(events);

    private static SynchronousClient Synchronous(string text, int size) => new(Answers.Text(text, size));

    private static Task<List<Partial<Trip>>> CollectAsync(string text, int size) => CollectAsync(text, size, TripContext.Default.Trip);

    private static async Task<List<Partial<T>>> CollectAsync<T>(
        string text, int size, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> typeInfo, bool isWhole = true)
    {
        var partials = new List<Partial<T>>();
        var collecting = async () =>
        {
            await foreach (var partial in new SynchronousClient(Answers.Text(text, size)).StreamObjectAsync("?", typeInfo))
            {
                partials.Add(partial);
            }
        };
        if (isWhole)
        {
            await collecting();
        }
        else
        {
            await collecting.Should().ThrowAsync<StructuredOutputException>();
        }

        return partials;
    }

    private static string Json(Trip? trip) => JsonSerializer.Serialize(trip!, TripContext.Default.Trip);

    private static JsonElement Element(Trip? trip) => JsonSerializer.SerializeToElement(trip!, TripContext.Default.Trip);

    private static string? FindTakenBack(JsonElement earlier, JsonElement later, string path = "$")
    {
        switch (earlier.ValueKind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null:
                return null;
            case JsonValueKind.String:
                return later.GetString()!.StartsWith(earlier.GetString()!, StringComparison.Ordinal) ? null : $"{path}: {earlier} became {later}";
            case JsonValueKind.Array:
                return later.GetArrayLength() < earlier.GetArrayLength()
                    ? $"{path}: became shorter"
                    : earlier.EnumerateArray().Zip(later.EnumerateArray()).Select((pair, index) => FindTakenBack(pair.First, pair.Second, $"{path}[{index}]")).FirstOrDefault(found => found is not null);
            case JsonValueKind.Object:
                return earlier.EnumerateObject()
                    .Where(property => property.Value.ValueKind != JsonValueKind.Null && !(property.Value.ValueKind == JsonValueKind.Array && property.Value.GetArrayLength() == 0))
                    .Select(property => later.TryGetProperty(property.Name, out var value) ? FindTakenBack(property.Value, value, $"{path}.{property.Name}") : $"{path}.{property.Name}: vanished")
                    .FirstOrDefault(found => found is not null);
            case JsonValueKind.Number when earlier.GetRawText() is "0" or "-1": // the latter of an enumeration
            case JsonValueKind.False when path.EndsWith("isPublic", StringComparison.Ordinal):
                return null;
            default:
                return earlier.GetRawText() == later.GetRawText() ? null : $"{path}: {earlier} became {later}";
        }
    }
}
