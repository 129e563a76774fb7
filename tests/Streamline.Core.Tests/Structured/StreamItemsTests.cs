using System.Text.Json;
using Streamline.TestSupport;

namespace Streamline.Tests.Structured;

/// <summary>The items of an answer, each the moment that it is complete.</summary>
public sealed class StreamItemsTests
{
    private const string Items = """[{"name":"a","hours":1,"city":"x"},{"name":"]}","hours":2,"city":"y","note":"n"},{"name":"c","hours":3,"city":"z"}]""";

    [Theory]
    [InlineData(Items)]
    [InlineData("{\"items\":" + Items + "}")]
    [InlineData("{\"items\":" + Items + ",\"more\":[1]}")]
    [InlineData("{\"thoughts\":[{\"items\":[]}],\"n\":1,\"items\":" + Items + "}")]
    public async Task StreamItemsAsync_RootOrWrapped_GivesEveryItemInOrder(string text)
    {
        foreach (var size in new[] { 1, 2, 3, 7, 50, 10_000 })
        {
            var items = await new SynchronousClient(Answers.Text(text, size)).StreamItemsAsync("?", TripContext.Default.Stop).ToListAsync();
            items.Should().Equal(JsonSerializer.Deserialize(Items, TripContext.Default.ListStop), "in pieces of {0}", size);
        }
    }

    [Fact]
    public async Task StreamItemsAsync_ItemCloses_IsHandedOutWithTheByteThatClosesIt()
    {
        var given = 0;
        var client = new SynchronousClient(new Watched(Answers.Text("{\"items\":" + Items + "}"), count => given = count));
        var expected = new Queue<int>(Items.Index().Where(c => c.Item == '}' && Items[c.Index - 1] != ']').Select(c => c.Index + "{\"items\":".Length));
        await foreach (var item in client.StreamItemsAsync("?", TripContext.Default.Stop))
        {
            // Two events come before the first byte.
            (given - 1 - 2).Should().Be(expected.Dequeue(), item.Name);
        }

        expected.Should().BeEmpty();
    }

    [Fact]
    public async Task StreamItemsAsync_ManyItems_EachIsReadOnce()
    {
        Counted.Reads = 0;
        var text = $$"""{"items":[{{string.Join(',', Enumerable.Range(0, 2000))}}]}""";
        var numbers = TripContext.Default.Options.GetTypeInfo(typeof(Counted));
        var items = await new SynchronousClient(Answers.Text(text, 3)).StreamItemsAsync("?", (System.Text.Json.Serialization.Metadata.JsonTypeInfo<Counted>)numbers).ToListAsync();
        items.Select(item => item.Number).Should().Equal(Enumerable.Range(0, 2000));
        Counted.Reads.Should().Be(2000);
    }

    [Theory]
    [InlineData("""{"items":[{"name":"a","hours":1,"city":"x"},{"name":"b","hours":true,"city":"y"}]}""", StructuredOutputError.InvalidValue, "$.items[1].hours", 1)]
    [InlineData("""[{"name":"a","hours":1,"city":"x"},{"hours":1,"city":"y"}]""", StructuredOutputError.InvalidValue, "$[1].name", 1)]
    [InlineData("""[{"name":"a","hours":1,"city":"x"},null]""", StructuredOutputError.InvalidValue, "$[1]", 1)]
    [InlineData("""{"list":[1]}""", StructuredOutputError.InvalidValue, "$", 0)]
    [InlineData("""{"items":{}}""", StructuredOutputError.InvalidValue, "$", 0)]
    [InlineData("""{"items":[{"name":"a","hours":1,"city":"x"}""", StructuredOutputError.InvalidJson, null, 1)]
    public async Task StreamItemsAsync_BadItemOrEnd_ThrowsAfterTheGoodItems(string text, StructuredOutputError error, string? path, int good)
    {
        var items = new List<Stop>();
        var reading = async () =>
        {
            await foreach (var item in new SynchronousClient(Answers.Text(text)).StreamItemsAsync("?", TripContext.Default.Stop))
            {
                items.Add(item);
            }
        };
        var exception = (await reading.Should().ThrowAsync<StructuredOutputException>()).Which;
        (exception.Error, exception.Path, items.Count).Should().Be((error, path, good));
    }

    [Fact]
    public async Task StreamItemsAsync_Truncated_GivesTheWholeItemsThenThrows()
    {
        var items = new List<Stop>();
        var reading = async () =>
        {
            await foreach (var item in new SynchronousClient(Answers.Text(Items[..^20], reason: FinishReason.Length)).StreamItemsAsync("?", TripContext.Default.Stop))
            {
                items.Add(item);
            }
        };
        (await reading.Should().ThrowAsync<StructuredOutputException>()).Which.Error.Should().Be(StructuredOutputError.Truncated);
        items.Should().HaveCount(2);
    }

    [Theory]
    [Trait("Law", "6")]
    [InlineData(20, false)]
    [InlineData(40, true)]
    public async Task StreamItemsAsync_Restarted_FailsOnlyWhenAnItemWasHandedOut(int shown, bool fails)
    {
        var restarted = new StreamRestarted { Attempt = 2, Reason = "it broke", Discarded = [0] };
        var client = new SynchronousClient([Answers.Started, .. Answers.Texts(Items[..shown], 1), restarted, .. Answers.Text(Items)]);
        var reading = () => client.StreamItemsAsync("?", TripContext.Default.Stop).ToListAsync().AsTask();
        if (fails)
        {
            await reading.Should().ThrowAsync<StreamInterruptedException>();
        }
        else
        {
            (await reading()).Should().HaveCount(3);
        }
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task StreamItemsAsync_Left_LeavesNothingOpen()
    {
        var client = FakeStreamClient.Of(Answers.Text(Items));
        await foreach (var _ in client.StreamItemsAsync("?", TripContext.Default.Stop))
        {
            break;
        }

        (client.Open, client.Finished).Should().Be((0, 1));
    }

    /// <summary>A list that tells how many of its elements were given.</summary>
    private sealed class Watched(IReadOnlyList<StreamEvent> events, Action<int> onGiven) : IReadOnlyList<StreamEvent>
    {
        public int Count => events.Count;

        public StreamEvent this[int index] => events[index];

        public IEnumerator<StreamEvent> GetEnumerator()
        {
            for (var index = 0; index < events.Count; index++)
            {
                onGiven(index + 1);
                yield return events[index];
            }
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
