namespace Streamline.Tests.Structured;

/// <summary>The whole object growing, and the items of one of its lists as they close, in one stream.</summary>
public sealed class PartialItemsTests
{
    private const string Text = """{"entries":[{"id":1,"text":"a"},{"id":2,"text":"b"},{"id":3,"text":"c"}],"summary":"done"}""";

    [Fact]
    public async Task StreamObjectAsync_WithItems_GivesEachItemWhenItClosesAndTheObjectWhileItGrows()
    {
        foreach (var size in new[] { 1, 5, 1000 })
        {
            var items = new List<LogEntry>();
            var partials = new List<Partial<Log>>();
            await foreach (var partial in new SynchronousClient(Answers.Text(Text, size)).StreamObjectAsync("?", PlanContext.Default.Log, log => log.Entries))
            {
                items.AddRange(partial.NewItems);
                partials.Add(partial);
                if (!partial.IsComplete && partial.Value is { } value)
                {
                    value.Entries.Count.Should().BeGreaterThanOrEqualTo(items.Count);
                    partial.IsMemberComplete(log => log.Entries[0]).Should().Be(items.Count > 0);
                }
            }

            items.Should().Equal(new LogEntry(1, "a"), new LogEntry(2, "b"), new LogEntry(3, "c"));
            partials[^1].Value!.Summary.Should().Be("done");
        }
    }

    [Fact]
    public async Task StreamObjectAsync_WithItems_HandsThemOutWithTheByteThatClosesThem()
    {
        var partials = await new SynchronousClient(Answers.Text(Text)).StreamObjectAsync("?", PlanContext.Default.Log, log => log.Entries).ToListAsync();
        partials.Index().Where(partial => partial.Item.NewItems.Count > 0).Select(partial => partial.Index)
            .Should().Equal(Text.Index().Where(c => c.Item == '}').Select(c => c.Index).SkipLast(1));
    }

    [Fact]
    public async Task StreamObjectAsync_ListAtTheRoot_IsItsOwnItems()
    {
        foreach (var text in new[] { "[1,2,3]", """{"value":[1,2,3]}""", """{"items":[1,2,3]}""" })
        {
            var partials = await new SynchronousClient(Answers.Text(text)).StreamObjectAsync("?", PlanContext.Default.Int32Array, list => list).ToListAsync();
            partials.SelectMany(partial => partial.NewItems).Should().Equal(1, 2, 3);
            partials[^1].Value.Should().Equal(1, 2, 3);
        }
    }

    [Fact]
    public async Task StreamObjectAsync_BadItem_ThrowsAfterTheGoodOnes()
    {
        var items = new List<LogEntry>();
        var reading = async () =>
        {
            await foreach (var partial in new SynchronousClient(Answers.Text(Text.Replace("2", "\"x\"", StringComparison.Ordinal))).StreamObjectAsync("?", PlanContext.Default.Log, log => log.Entries))
            {
                items.AddRange(partial.NewItems);
            }
        };
        var fault = (await reading.Should().ThrowAsync<StructuredOutputException>()).Which;
        (fault.Error, fault.Path).Should().Be((StructuredOutputError.InvalidValue, "$.entries[1].id"));
        fault.PartialValue.Should().BeOfType<Log>().Which.Entries.Should().HaveCount(2);
        items.Should().Equal(new LogEntry(1, "a"));
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task StreamObjectAsync_Restarted_ItemsStartOver()
    {
        var restarted = new StreamRestarted { Attempt = 2, Reason = "it broke", Discarded = [0] };
        var client = new SynchronousClient([Answers.Started, .. Answers.Texts(Text[..40], 1), restarted, .. Answers.Text(Text)]);
        var partials = await client.StreamObjectAsync("?", PlanContext.Default.Log, log => log.Entries).ToListAsync();
        partials.Where(partial => partial.Restarts == 0).SelectMany(partial => partial.NewItems).Should().HaveCount(1);
        partials.Where(partial => partial.Restarts == 1).SelectMany(partial => partial.NewItems).Should().HaveCount(3);
    }

    [Fact]
    public void StreamObjectAsync_WithItemsThatCannotBe_ThrowsAtOnce()
    {
        var client = new SynchronousClient([]);
        client.Invoking(c => c.StreamObjectAsync("?", PlanContext.Default.Log, log => log.Entries.Where(entry => entry.Id > 0))).Should().Throw<ArgumentException>();
        client.Invoking(c => c.StreamObjectAsync("?", PlanContext.Default.Log, log => log.Summary)).Should().Throw<ArgumentException>();
        client.Request.Should().BeNull();
    }
}
