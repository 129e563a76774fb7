namespace Streamline.Tests.Resilience.Timeouts;

[Trait("Law", "8")]
public sealed class TimeoutOptionsTests
{
    [Fact]
    public void Defaults_AreAsDocumented()
    {
        var options = new TimeoutOptions();

        options.FirstEvent.Should().Be(TimeSpan.FromMinutes(5));
        options.Idle.Should().Be(TimeSpan.FromMinutes(2));
        options.Total.Should().BeNull();
        options.Progress.Should().Be(TimeSpan.FromMinutes(10));
        options.MinThroughput.Should().BeNull();
        options.MaxLag.Should().Be(TimeSpan.FromSeconds(30));
        TimeoutOptions.DefaultTotal.Should().Be(TimeSpan.FromHours(1));
        options.TimeProvider.Should().BeNull("the pipeline has one");
    }

    [Fact]
    public void Set_OutOfRange_Throws()
    {
        foreach (var value in new[] { TimeSpan.Zero, TimeSpan.FromTicks(-1), Timeout.InfiniteTimeSpan, TimeoutOptions.Longest + TimeSpan.FromTicks(1), TimeSpan.MaxValue })
        {
            foreach (Action<TimeoutOptions> set in new Action<TimeoutOptions>[] { o => o.FirstEvent = value, o => o.Idle = value, o => o.Progress = value, o => o.MaxLag = value, o => o.Total = value })
            {
                FluentActions.Invoking(() => set(new TimeoutOptions())).Should().Throw<ArgumentOutOfRangeException>(value.ToString()).Which.ParamName.Should().BeOneOf(typeof(TimeoutOptions).GetProperties().Select(option => option.Name));
            }
        }

        foreach (var rate in new[] { 0, -1, double.NaN, double.PositiveInfinity })
        {
            FluentActions.Invoking(() => new TimeoutOptions().MinThroughput = rate).Should().Throw<ArgumentOutOfRangeException>();
        }

        FluentActions.Invoking(() => StreamClientBuilderExtensions.UseTimeouts(null!)).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public async Task Set_Edges_WorkWithTheSystemsTimers()
    {
        var source = TestSupport.FakeStreamClient.Of(Make.Words("a"), Make.Completed());
        var client = new StreamClientBuilder(source).UseTimeouts(options => options.FirstEvent = options.Idle = options.Progress = options.Total = TimeoutOptions.Longest).Build();

        (await client.GetResponseAsync(Make.Request)).Text.Should().Be("a");
    }
}
