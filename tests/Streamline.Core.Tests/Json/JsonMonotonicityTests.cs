using System.Collections.Concurrent;
using System.Text.Json;
using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>Law 2: a snapshot only grows, and an old one stays as it was.</summary>
[Trait("Law", "2")]
public sealed class JsonMonotonicityTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RootElement_EveryPrefixOfEveryValidText_OnlyGrows(bool showGrowingNumbers)
    {
        foreach (var (name, text) in JsonSamples.All())
        {
            var document = new PartialJsonDocument(new PartialJsonOptions { ShowGrowingNumbers = showGrowingNumbers });
            var earlier = document.RootElement;
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

                var later = document.RootElement;
                MonotonicityChecker.FindViolation(earlier, later).Should().BeNull("{0}, after {1} bytes", name, length + 1);
                earlier = later;
            }

            document.IsComplete.Should().BeTrue(name);
            earlier.IsComplete.Should().BeTrue(name);
        }
    }

    [Fact]
    public void RootElement_EveryPrefixOfValidTextInSafe_ShowsWhatTruncationShows()
    {
        foreach (var (name, text) in JsonSamples.All().Where(sample => sample.Text.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[' or (byte)'"', ..]))
        {
            var truncation = new PartialJsonDocument(new PartialJsonOptions { Repair = PartialJsonRepairMode.None });
            var safe = new PartialJsonDocument(new PartialJsonOptions { Repair = PartialJsonRepairMode.Safe });
            foreach (var (index, value) in text.Index())
            {
                truncation.Append([value]);
                safe.Append([value]);
                if (safe.RootElement.ValueKind == JsonValueKind.Undefined && text.AsSpan().TrimStart(" \t\r\n"u8)[0] == (byte)'[' && index < 80)
                {
                    continue; // the bracket that begins the document, and a word after it: they may be prose
                }

                JsonFeed.Describe(safe.RootElement).Should().Be(JsonFeed.Describe(truncation.RootElement), "{0}, after {1} bytes", name, index + 1);
            }
        }
    }

    [Theory]
    [InlineData("""{"a":"x y", "n":[12, {"b":true}], "c":"code(1)""", """~{3:"a"="x y""n"=[2:=Number12={1:"b"=Truetrue}]"c"~"code(1)"}""")]
    [InlineData("""{"a":[""", """~{1:"a"~[0:]}""")]
    [InlineData("""{"a":{"b":"c"},""", """~{1:"a"={1:"b"="c"}}""")]
    [InlineData("""["ab","cd""", """~[2:="ab"~"cd"]""")]
    public void RootElement_ValidTextWithGuesses_WaitsForNothingButTheEndsOfStringsAndNumbers(string text, string expected) =>
        JsonFeed.Describe(JsonFeed.Whole(text, new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess }).RootElement).Should().Be(expected);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RootElement_OfEveryPrefix_StaysTheSameWhileTheDocumentGrows(bool showGrowingNumbers)
    {
        foreach (var (name, text) in JsonSamples.All())
        {
            var document = new PartialJsonDocument(new PartialJsonOptions { ShowGrowingNumbers = showGrowingNumbers });
            var snapshots = new List<(PartialJsonElement Element, string Description, string Text)>();
            foreach (var value in text)
            {
                document.Append([value]);
                snapshots.Add((document.RootElement, JsonFeed.Describe(document.RootElement), document.RootElement.ToString()));
            }

            document.Complete();
            foreach (var (index, snapshot) in snapshots.Index())
            {
                JsonFeed.Describe(snapshot.Element).Should().Be(snapshot.Description, "{0}, after {1} bytes", name, index + 1);
                snapshot.Element.ToString().Should().Be(snapshot.Text, "{0}, after {1} bytes", name, index + 1);
            }
        }
    }

    [Fact]
    public async Task RootElement_ReadByAnotherThreadWhileTheDocumentGrows_StaysTheSame()
    {
        var text = JsonFeed.Utf8("[" + string.Join(',', Enumerable.Range(0, 120).Select(seed => RandomJson.Create(seed))) + "]");
        var document = new PartialJsonDocument();
        using var snapshots = new BlockingCollection<(PartialJsonElement Element, string Description)>();
        var reading = Task.Factory.StartNew(() => ReadAgain(snapshots.GetConsumingEnumerable()), TaskCreationOptions.LongRunning);
        for (var offset = 0; offset < text.Length; offset += 7)
        {
            document.Append(text.AsSpan(offset, Math.Min(7, text.Length - offset)));
            if (offset % (7 * 40) == 0)
            {
                snapshots.Add((document.RootElement, JsonFeed.Describe(document.RootElement)));
            }
        }

        snapshots.CompleteAdding();
        (await reading.WaitAsync(TimeSpan.FromMinutes(1))).Should().BeEmpty();
    }

    [Fact]
    public void ToJsonElement_OfEveryPrefix_IsTheValueShown()
    {
        foreach (var (name, text) in JsonSamples.All())
        {
            var document = new PartialJsonDocument();
            foreach (var value in text)
            {
                document.Append([value]);
                ShouldShow(document.RootElement.ToJsonElement(), document.RootElement, name);
            }
        }
    }

    // Every snapshot is read again each time one of the next eight arrives.
    private static List<string> ReadAgain(IEnumerable<(PartialJsonElement Element, string Description)> snapshots)
    {
        var failures = new List<string>();
        var recent = new Queue<(PartialJsonElement Element, string Description)>();
        foreach (var snapshot in snapshots)
        {
            recent.Enqueue(snapshot);
            if (recent.Count > 8)
            {
                recent.Dequeue();
            }

            failures.AddRange(recent.Where(old => JsonFeed.Describe(old.Element) != old.Description).Select(old => old.Description));
        }

        return failures;
    }

    private static void ShouldShow(JsonElement actual, PartialJsonElement shown, string because)
    {
        actual.ValueKind.Should().Be(shown.ValueKind, because);
        switch (shown.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var (property, shownProperty) in actual.EnumerateObject().ToArray().Zip(shown.EnumerateObject().ToArray()))
                {
                    property.Name.Should().Be(shownProperty.Name, because);
                    ShouldShow(property.Value, shownProperty.Value, because);
                }

                actual.EnumerateObject().Count().Should().Be(shown.GetPropertyCount(), because);
                break;
            case JsonValueKind.Array:
                foreach (var (item, shownItem) in actual.EnumerateArray().ToArray().Zip(shown.EnumerateArray().ToArray()))
                {
                    ShouldShow(item, shownItem, because);
                }

                actual.GetArrayLength().Should().Be(shown.GetArrayLength(), because);
                break;
            case JsonValueKind.String:
                actual.GetString().Should().Be(shown.GetString(), because);
                break;
            case not JsonValueKind.Undefined:
                actual.GetRawText().Should().Be(shown.GetRawText(), because);
                break;
        }
    }
}
