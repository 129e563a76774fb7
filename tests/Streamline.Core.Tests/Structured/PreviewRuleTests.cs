namespace Streamline.Tests.Structured;

/// <summary>What is shown only when it is complete, and what must be there before anything is shown.</summary>
public sealed class PreviewRuleTests
{
    private const string Text =
        """{"tickets":[{"text":"t","id":"one","file":"a.cs","code":"x=1"},{"id":"two","code":"y=2","file":"b.cs","text":"u"}],"snippet":{"language":"c","code":"main"},"text":"end"}""";

    [Fact]
    public async Task Preview_RequiredMembers_HoldTheObjectBack()
    {
        var partials = await Reading.ReadAsync(Text, PlanContext.Default.Notes);
        foreach (var ticket in Tickets(partials))
        {
            ticket.Id.Should().NotBeEmpty();
            ticket.Code.Should().BeOneOf("x=1", "y=2");
        }

        partials.First(partial => partial.Value?.Tickets.Count == 1).Element["tickets"][0]["code"].IsComplete.Should().BeTrue();
        partials.First(partial => partial.Value?.Tickets.Count == 2).Value!.Tickets[1].File.Should().BeEmpty("it comes after the members that are required");
        partials.Select(partial => partial.Value?.Tickets.Count ?? 0).Should().BeInAscendingOrder();
    }

    [Fact]
    public async Task Preview_WhenComplete_IsNotShownInPart()
    {
        var partials = await Reading.ReadAsync(Text, PlanContext.Default.Notes);
        Tickets(partials).Select(ticket => ticket.File).Distinct().Should().BeEquivalentTo("a.cs", "b.cs", "");
        partials.Select(partial => partial.Value?.Snippet).Distinct().Should().BeEquivalentTo([null, new Snippet("c", "main")]);
        partials.Should().Contain(partial => partial.Value != null && partial.Value.Text == "en", "other members grow");
    }

    [Fact]
    public async Task Preview_RulesOfTheOptions_CountLikeAttributes()
    {
        var options = new StructuredOutputOptions();
        options.Previews.ShowWhenComplete<LogEntry>(entry => entry.Text).RequireToShow<LogEntry>(entry => entry.Id).ShowWhenComplete<Log>(log => log.Summary);
        var partials = await Reading.ReadAsync("""{"entries":[{"text":"abc","id":7}],"summary":"done"}""", PlanContext.Default.Log, options: options);
        partials.SelectMany(partial => partial.Value?.Entries ?? []).Distinct().Should().Equal(new LogEntry(7, "abc"));
        partials.Select(partial => partial.Value?.Summary ?? "").Distinct().Should().Equal("", "done");

        var without = await Reading.ReadAsync("""{"entries":[{"text":"abc","id":7}],"summary":"done"}""", PlanContext.Default.Log);
        without.Should().Contain(partial => partial.Value != null && partial.Value.Summary == "don");
    }

    [Fact]
    public async Task Preview_OverriddenMember_FollowsWhatIsSaidOfItsBase()
    {
        var options = new StructuredOutputOptions();
        options.Previews.ShowWhenComplete<Coded>(coded => coded.Id);
        var partials = await Reading.ReadAsync("""{"code":"abc","id":"xyz"}""", OddContext.Default.Coupon, options: options);
        partials.Select(partial => partial.Value?.Code ?? "").Distinct().Should().Equal("", "abc");
        partials.Select(partial => partial.Value?.Id ?? "").Distinct().Should().Equal("", "xyz");
    }

    [Fact]
    public void Rules_OfAMemberThatIsNotThere_Throw()
    {
        var options = new StructuredOutputOptions();
        options.Previews.ShowWhenComplete<Owner>(owner => owner.Name);
        var client = new SynchronousClient([]);
        client.Invoking(c => c.StreamObjectAsync("?", PlanContext.Default.Log, options)).Should().Throw<ArgumentException>().WithMessage("*'Owner.Name'*Log*");
        client.Invoking(c => c.StreamObjectAsync("?", PlanContext.Default.Plan, options)).Should().NotThrow();
        FluentActions.Invoking(() => new PartialReader<Log>(PlanContext.Default.Log, options.Previews)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Rules_NotAMember_Throw()
    {
        var rules = new PreviewRules();
        rules.Invoking(r => r.ShowWhenComplete<Log>(log => log.Summary.Length)).Should().Throw<ArgumentException>();
        rules.Invoking(r => r.RequireToShow<Log>(log => 5)).Should().Throw<ArgumentException>();
        rules.Invoking(r => r.RequireToShow<Log>(null!)).Should().Throw<ArgumentNullException>();
    }

    private static IEnumerable<Ticket> Tickets(IEnumerable<Partial<Notes>> partials) => partials.SelectMany(partial => partial.Value?.Tickets ?? []);
}
