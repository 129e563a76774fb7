using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streamline.Json;

namespace Streamline.Tests.Json;

public sealed class PartialJsonChangeTests
{
    private static Config Fixed => Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(20260101UL, 15UL).WithQuietOnSuccess(true);

    [Theory]
    [InlineData("{\"items\":[{\"name\":\"ab", "c", "/items/0/name Grew")]
    [InlineData("{\"items\":[{\"name\":\"abc", "\"", "/items/0/name Completed")]
    [InlineData("{\"items\":[{\"name\":\"abc\"", "}", "/items/0 Completed")]
    [InlineData("{\"items\":[1", ",2", "/items/0 Started|/items/0 Grew|/items/0 Completed")]
    [InlineData("{\"items\":[1", "]}", "/items/0 Started|/items/0 Grew|/items/0 Completed|/items Completed| Completed")]
    [InlineData("[\"a", "b\",tru", "/0 Grew|/0 Completed")]
    [InlineData("[\"a\",tru", "e,[],\"", "/1 Started|/1 Completed|/2 Started|/2 Completed|/3 Started")]
    [InlineData("[\"a\",\"", "x", "/1 Grew")]
    [InlineData("", "{", " Started")]
    [InlineData("", "\"", " Started")]
    [InlineData("{", "\"a\"", "")]
    [InlineData("{\"a\"", ":\"", "/a Started")]
    [InlineData("{\"a\":\"x", "\\", "")]
    [InlineData("{\"a\":\"x\\uD83D", "\\uDE00", "/a Grew")]
    [InlineData("{\"a/b~\":{\"\":", "null", "/a~1b~0/ Started|/a~1b~0/ Completed")]
    public void EnumerateChanges_OfOneAppend_TellsWhatIsNew(string before, string appended, string expected)
    {
        var document = JsonFeed.Whole(before);
        var last = document.RootElement;
        document.Append(JsonFeed.Utf8(appended));
        string.Join('|', document.RootElement.EnumerateChanges(since: last)).Should().Be(expected);
    }

    [Fact]
    public void EnumerateChanges_AddedText_IsDecodedAndRaw()
    {
        var document = JsonFeed.Whole("[\"é");
        var last = document.RootElement;
        document.Append("\\n\\uD83D\\uDE00x\\uD83Dy"u8);
        var grown = document.RootElement.EnumerateChanges(last).Should().ContainSingle().Subject;
        grown.Kind.Should().Be(PartialJsonChangeKind.Grew);
        grown.GetAddedText().Should().Be("\n😀x\uFFFDy");
        Encoding.UTF8.GetString(grown.AddedRawUtf8).Should().Be("\\n\\uD83D\\uDE00x\\uD83Dy");
        grown.Element.GetString().Should().Be("é\n😀x\uFFFDy");
        grown.GetPath().Should().Be("/0");
        Span<byte> path = stackalloc byte[2];
        grown.TryWritePath(path, out var pathLength).Should().BeTrue();
        pathLength.Should().Be(2);

        var decoded = Encoding.UTF8.GetByteCount(grown.GetAddedText());
        Span<byte> text = stackalloc byte[64];
        grown.TryWriteAddedText(text[..(decoded - 1)], out var written).Should().BeFalse();
        written.Should().Be(0);
        foreach (var length in new[] { decoded, grown.AddedRawUtf8.Length })
        {
            grown.TryWriteAddedText(text[..length], out written).Should().BeTrue();
            Encoding.UTF8.GetString(text[..written]).Should().Be(grown.GetAddedText());
        }
    }

    [Fact]
    public void EnumerateChanges_ShowGrowingNumbers_GrowThenComplete()
    {
        var document = JsonFeed.Whole("[1", new PartialJsonOptions { ShowGrowingNumbers = true });
        var last = document.RootElement;
        document.Append("2."u8);
        document.RootElement.EnumerateChanges(last).Select(change => $"{change} {change.GetAddedText()}").Should().Equal("/0 Grew 2");
        last = document.RootElement;
        document.Append("5]"u8);
        document.RootElement.EnumerateChanges(last).Select(change => $"{change} {change.GetAddedText()}")
            .Should().Equal("/0 Grew .5", "/0 Completed ", " Completed ");
    }

    [Fact]
    public void EnumerateChanges_OfAnInnerElement_TellsOnlyOfWhatIsInIt()
    {
        var document = JsonFeed.Whole("{\"a\":[1,\"x");
        var last = document.RootElement["a"];
        document.Append("y\"],\"b\":true}"u8);
        document.RootElement["a"].EnumerateChanges(last).Select(change => change.ToString()).Should().Equal("/a/1 Grew", "/a/1 Completed", "/a Completed");
        document.RootElement["b"].EnumerateChanges().Select(change => change.ToString()).Should().Equal("/b Started", "/b Completed");
        var complete = document.RootElement["a"];
        complete.EnumerateChanges(complete).Should().BeEmpty();
        default(PartialJsonElement).EnumerateChanges().Should().BeEmpty();
    }

    [Fact]
    public void EnumerateChanges_NotAnEarlierSnapshot_IsRefused()
    {
        var document = JsonFeed.Whole("{\"a\":[1,\"x");
        var earlier = document.RootElement;
        document.Append("\"]"u8);
        var later = document.RootElement;
        earlier.Invoking(e => e.EnumerateChanges(later)).Should().Throw<ArgumentException>();
        later.Invoking(e => e.EnumerateChanges(earlier["a"])).Should().Throw<ArgumentException>();
        later.Invoking(e => e.EnumerateChanges(JsonFeed.Whole("[\"other").RootElement)).Should().Throw<ArgumentException>();
        default(PartialJsonElement).Invoking(e => e.EnumerateChanges(earlier)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void EnumerateChanges_KeptWhileTheDocumentGrows_StayTheSame()
    {
        var document = JsonFeed.Whole("[\"a\",\"b");
        var changes = document.RootElement.EnumerateChanges();
        var before = changes.Select(change => $"{change} {change.GetAddedText()}").ToArray();
        document.Append(JsonFeed.Utf8("more\"," + string.Concat(Enumerable.Repeat("[1],", 500))));
        changes.Select(change => $"{change} {change.GetAddedText()}").Should().Equal(before);
        changes.MoveNext().Should().BeTrue();
        changes.Reset();
        changes.MoveNext().Should().BeTrue();
        changes.Current.ToString().Should().Be(" Started");
        default(PartialJsonChange).ToString().Should().BeEmpty();
        default(PartialJsonChange).GetAddedText().Should().BeEmpty();
    }

    [Theory]
    [Trait("Law", "2")]
    [InlineData(false)]
    [InlineData(true)]
    public void EnumerateChanges_EveryPrefixOfEveryText_RebuildsTheDocument(bool showGrowingNumbers)
    {
        foreach (var (name, text) in JsonSamples.All())
        {
            var document = new PartialJsonDocument(new PartialJsonOptions { ShowGrowingNumbers = showGrowingNumbers });
            var rebuilt = new RebuiltDocument();
            var last = default(PartialJsonElement);
            for (var length = 0; length <= text.Length; length++)
            {
                if (length == text.Length)
                {
                    document.Complete();
                }
                else
                {
                    document.Append(text.AsSpan(length, 1));
                }

                rebuilt.Apply(document.RootElement.EnumerateChanges(last));
                last = document.RootElement;
                rebuilt.Describe().Should().Be(JsonFeed.Describe(last), "{0}, after {1} bytes", name, length + 1);
            }
        }
    }

    [Fact]
    [Trait("Law", "1")]
    public void EnumerateChanges_RandomTextsInRandomPieces_RebuildTheDocument()
    {
        var cases = Gen.Choose(0, int.MaxValue).SelectMany(seed => Gen.Choose(1, 60).Select(size => (Seed: seed, Size: size)));
        Check.One(Fixed, Prop.ForAll(cases.ToArbitrary(), test =>
        {
            var text = JsonFeed.Utf8(RandomJson.Create(test.Seed));
            var random = new Random(test.Seed);
            var document = new PartialJsonDocument(new PartialJsonOptions { ShowGrowingNumbers = test.Size % 2 == 0 });
            var rebuilt = new RebuiltDocument();
            var last = default(PartialJsonElement);
            for (var offset = 0; offset < text.Length;)
            {
                var size = Math.Min(random.Next(test.Size) + 1, text.Length - offset);
                document.Append(text.AsSpan(offset, size));
                offset += size;
                if (random.Next(3) == 0)
                {
                    continue; // Changes may be asked for less often than there are appends.
                }

                rebuilt.Apply(document.RootElement.EnumerateChanges(last));
                last = document.RootElement;
                rebuilt.Describe().Should().Be(JsonFeed.Describe(last));
            }

            document.Complete();
            rebuilt.Apply(document.RootElement.EnumerateChanges(last));
            rebuilt.Describe().Should().Be(JsonFeed.Describe(document.RootElement));
        }));
    }

    [Theory]
    [Trait("Law", "2")]
    [InlineData(PartialJsonRepairMode.Safe)]
    [InlineData(PartialJsonRepairMode.Guess)]
    public void EnumerateChanges_WhileTextIsRepaired_RebuildTheDocument(PartialJsonRepairMode mode)
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var text = JsonFeed.Utf8(RandomJson.Create(seed));
            for (var count = random.Next(4); count > 0 && text.Length > 0; count--)
            {
                text[random.Next(text.Length)] = "{}[]:, \n"u8[random.Next(8)];
            }

            var document = new PartialJsonDocument(new PartialJsonOptions { Repair = mode });
            var rebuilt = new RebuiltDocument();
            var last = default(PartialJsonElement);
            foreach (var value in text)
            {
                var goesOn = document.TryAppend([value]);
                rebuilt.Apply(document.RootElement.EnumerateChanges(last));
                last = document.RootElement;
                rebuilt.Describe().Should().Be(JsonFeed.Describe(last), "seed {0}", seed);
                if (!goesOn)
                {
                    break;
                }
            }

            document.TryComplete();
            rebuilt.Apply(document.RootElement.EnumerateChanges(last));
            rebuilt.Describe().Should().Be(JsonFeed.Describe(document.RootElement), "seed {0}", seed);
        }
    }

    [Fact]
    public void EnumerateChanges_SteadyState_AllocatesNothing()
    {
        var text = JsonFeed.Utf8("{\"items\":[" + string.Join(',', Enumerable.Range(0, 300).Select(n => $"{{\"id\":{n},\"na/me\":\"caf\\u00e9 {n}\",\"ok\":true}}")) + "]}");
        var document = new PartialJsonDocument();
        var snapshots = new List<PartialJsonElement> { default };
        for (var offset = 0; offset < text.Length; offset += 7)
        {
            document.Append(text.AsSpan(offset, Math.Min(7, text.Length - offset)));
            snapshots.Add(document.RootElement);
        }

        var expected = Walk(snapshots); // also warms up
        var before = GC.GetAllocatedBytesForCurrentThread();
        var actual = Walk(snapshots);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
        actual.Should().Be(expected);
        actual.Changes.Should().BeLessThan(4 * text.Length);
        actual.Texts.Should().BeGreaterThan(300 * "café 0".Length);

        static (int Changes, int Texts, int Paths) Walk(List<PartialJsonElement> snapshots)
        {
            var (changes, texts, paths) = (0, 0, 0);
            Span<byte> buffer = stackalloc byte[64];
            for (var i = 1; i < snapshots.Count; i++)
            {
                foreach (var change in snapshots[i].EnumerateChanges(snapshots[i - 1]))
                {
                    changes++;
                    paths += change.TryWritePath(buffer, out var length) ? length : 0;
                    texts += change.TryWriteAddedText(buffer, out length) ? length : 0;
                }
            }

            return (changes, texts, paths);
        }
    }
}
