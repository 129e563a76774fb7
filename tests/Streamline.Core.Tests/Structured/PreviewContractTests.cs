using Streamline.Json;

namespace Streamline.Tests.Structured;

/// <summary>Previews keep to what the contract says: names, nulls, duplicates, late discriminators; and a whole value is made once.</summary>
public sealed class PreviewContractTests
{
    [Fact]
    public async Task Names_InAnotherCase_AreTheSameMembers()
    {
        var client = new SynchronousClient(Answers.Text("""{"Entries":[{"Id":1,"Text":"a"}],"Summary":"done"}"""));
        var partials = await client.StreamObjectAsync("?", PlanContext.Default.Log, log => log.Entries).ToListAsync();
        partials.SelectMany(partial => partial.NewItems).Should().Equal(new LogEntry(1, "a"));
        var last = partials[^1];
        last.IsMemberComplete(log => log.Entries[0].Text).Should().BeTrue();
        last.CompletedMembers.Should().OnlyContain(name => last.IsMemberComplete(name));
        last.IsMemberComplete("/entries/0/TEXT").Should().BeTrue();
    }

    [Fact]
    public async Task Names_OfDictionaryEntries_KeepTheirCase()
    {
        var last = (await Reading.ReadAsync("""{"byId":{"-5":{"name":"a"}},"title":"t","bytes":"","counts":{"A":1},"parts":[]}""", OddContext.Default.Keyed))[^1];
        last.IsMemberComplete("/counts/A").Should().BeTrue();
        last.IsMemberComplete("/counts/a").Should().BeFalse();
        last.IsMemberComplete(keyed => keyed.ById[-5].Name).Should().BeTrue();
        last.Invoking(partial => partial.IsMemberComplete(keyed => keyed.Parts[-5])).Should().Throw<ArgumentException>().WithMessage("*expected a number from 0.*");
    }

    [Fact]
    public void Items_OfWhatIsNoArrayInJson_ThrowAtOnce()
    {
        var client = new SynchronousClient([]);
        client.Invoking(c => c.StreamObjectAsync("?", OddContext.Default.Keyed, keyed => keyed.Title)).Should().Throw<ArgumentException>().WithMessage("*String*expected a list*");
        client.Invoking(c => c.StreamObjectAsync("?", OddContext.Default.Keyed, keyed => keyed.Bytes)).Should().Throw<ArgumentException>().WithMessage("*Byte*expected a list*");
        client.Invoking(c => c.StreamObjectAsync("?", OddContext.Default.Keyed, keyed => keyed.Counts)).Should().Throw<ArgumentException>().WithMessage("*expected a list*");
        client.Request.Should().BeNull();
    }

    [Fact]
    public async Task Null_WhereThereIsNone_IsNotShown()
    {
        var (partials, fault) = await Reading.FailAsync(Answers.Text("""{"title":null,"byId":null,"counts":{"a":1},"bytes":"","parts":[]}"""), OddContext.Default.Keyed);
        fault.Path.Should().Be("$.title");
        partials.Should().OnlyContain(partial => partial.Value == null || (partial.Value.Title == "" && partial.Value.ById != null));
        partials[^1].Value!.Counts.Should().ContainKey("a");
    }

    [Fact]
    public async Task Member_ThatComesTwice_IsAFault()
    {
        var (partials, fault) = await Reading.FailAsync(Answers.Text("""{"entries":[{"id":1,"text":"a"},{"id":2,"text":"b","Text":"c"}],"summary":"x"}"""), PlanContext.Default.Log);
        (fault.Error, fault.Path).Should().Be((StructuredOutputError.InvalidValue, "$.entries[1].Text"));
        partials[^1].IsMemberComplete(log => log.Entries[1].Text).Should().BeTrue();
        (_, fault) = await Reading.FailAsync(Answers.Text("""{"byId":{},"title":"t","bytes":"","counts":{"A":1,"a":2,"A":3},"parts":[]}"""), OddContext.Default.Keyed);
        fault.Path.Should().Be("$.counts.A");
    }

    [Fact]
    public async Task IsMemberComplete_MemberThatComesTwice_StaysTrue()
    {
        var (partials, _) = await Reading.FailAsync(Answers.Text("""{"summary":"a","summary":"bcd","entries":[]}"""), PlanContext.Default.Log);
        partials.Select(partial => partial.IsMemberComplete("summary")).Should().BeInAscendingOrder();
    }

    [Fact]
    public async Task Unknown_MembersThatComeTwice_AreSkippedAsEver() =>
        (await Reading.ReadAsync("""{"x":1,"x":2,"entries":[],"summary":"s"}""", PlanContext.Default.Log))[^1].Value!.Summary.Should().Be("s");

    [Fact]
    public async Task Value_ShownOnlyWhenComplete_IsMadeOnce()
    {
        var partials = await Reading.ReadAsync("""["a","b"] and that is all of it""", OddContext.Default.HashSetString);
        var shown = partials.SkipLast(1).Select(partial => partial.Value).Where(value => value is not null).ToList();
        shown.Should().HaveCountGreaterThan(3);
        shown.Distinct(ReferenceEqualityComparer.Instance).Should().ContainSingle();
    }

    [Fact]
    public async Task Union_WithALateDiscriminator_IsShownOnceItsTypeIsKnown()
    {
        var partials = await Reading.ReadAsync("""[{"value":1,"name":"abc","$type":"leaf"},{"$type":"leaf","name":"xyz","value":2},{"value":3}]""", OddContext.Default.ListNode);
        partials[^1].Value.Should().Equal(new Leaf(1, "abc"), new Leaf(2, "xyz"), new Node(3, null));
        partials.SelectMany(partial => partial.Value ?? []).Should().NotContain(node => node.GetType() == typeof(Node) && node.Value != 3);
        partials.Should().Contain(partial => partial.Value != null && partial.Value.Count == 2 && partial.Value[1].Name == "xy");
    }

    [Fact]
    public void Union_WithALateDiscriminator_LooksAtEachPropertyOnce()
    {
        var few = AllocatedBytes(1000);
        AllocatedBytes(2000).Should().BeLessThan((long)(2.2 * few), "each name is read once");

        static long AllocatedBytes(int properties)
        {
            var (document, previews) = (new PartialJsonDocument(), new PreviewBuilder(PreviewContracts.Of(OddContext.Default.Options), typeof(Node)));
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var piece in ("{" + string.Concat(Enumerable.Repeat("\"abc\":1,", properties))).Chunk(8))
            {
                document.Append(piece);
                _ = previews.Build(document.RootElement);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public async Task Path_OfAnItem_IsWrittenAsTheSerializerWritesIt()
    {
        var reading = () => new SynchronousClient(Answers.Text("""{"list.x/y":[1,"a"]}""")).StreamObjectAsync("?", OddContext.Default.OddName, odd => odd.Numbers).ToListAsync().AsTask();
        (await reading.Should().ThrowAsync<StructuredOutputException>()).Which.Path.Should().Be("$['list.x/y'][1]");
    }
}
