namespace Streamline.Tests.Resilience.Retry;

[Trait("Law", "8")]
public sealed class RetryOptionsTests
{
    public static TheoryData<string, Action<RetryOptions>> Refused => new()
    {
        { "no attempt", options => options.MaxAttempts = 0 },
        { "nothing held", options => options.MaxHeldEvents = 0 },
        { "negative base", options => options.BaseDelay = TimeSpan.FromTicks(-1) },
        { "long base", options => options.BaseDelay = TimeSpan.FromDays(1) + TimeSpan.FromTicks(1) },
        { "negative cap", options => options.MaxDelay = TimeSpan.FromTicks(-1) },
        { "long cap", options => options.MaxDelay = TimeSpan.MaxValue },
        { "negative hint", options => options.MaxRetryAfter = TimeSpan.FromTicks(-1) },
        { "long hint", options => options.MaxRetryAfter = TimeSpan.MaxValue },
        { "unknown policy", options => options.MidStream = (MidStreamPolicy)9 },
    };

    [Fact]
    public void Defaults_AreAsDocumented()
    {
        var options = new RetryOptions();

        options.MaxAttempts.Should().Be(3);
        options.BaseDelay.Should().Be(TimeSpan.FromMilliseconds(500));
        options.MaxDelay.Should().Be(TimeSpan.FromSeconds(8));
        options.MaxRetryAfter.Should().Be(TimeSpan.FromSeconds(60));
        options.MaxHeldEvents.Should().Be(256);
        options.MidStream.Should().Be(MidStreamPolicy.Fail);
        options.TimeProvider.Should().BeNull("the pipeline has one");
        options.Pipeline.Should().BeNull();
        var random = Enumerable.Range(0, 1000).Select(_ => options.NextRandom()).ToList();
        random.Should().OnlyContain(x => x >= 0 && x <= 1);
        random.Distinct().Should().HaveCountGreaterThan(900);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Set_OutOfRange_Throws(string what, Action<RetryOptions> set)
    {
        var setting = () => set(new RetryOptions());

        setting.Should().Throw<ArgumentOutOfRangeException>(what).Which.ParamName.Should().BeOneOf(typeof(RetryOptions).GetProperties().Select(option => option.Name));
    }

    [Fact]
    public void MidStream_Unknown_IsRefusedWithTheReason() =>
        FluentActions.Invoking(() => new RetryOptions { MidStream = (MidStreamPolicy)9 }).Should().Throw<ArgumentOutOfRangeException>().WithMessage("Expected Fail, Restart or Continue.*");

    [Fact]
    public void Set_EdgesOfRanges_Hold()
    {
        var options = new RetryOptions
        {
            MaxAttempts = 1,
            MaxHeldEvents = 1,
            BaseDelay = TimeSpan.Zero,
            MaxDelay = TimeSpan.FromDays(1),
            MaxRetryAfter = TimeSpan.Zero,
            MidStream = MidStreamPolicy.Restart,
        };

        options.MaxAttempts.Should().Be(1);
        options.MaxDelay.Should().Be(TimeSpan.FromDays(1));
    }

    [Fact]
    public void Set_Null_Throws()
    {
        FluentActions.Invoking(() => new RetryOptions { ShouldHandle = null! }).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => StreamClientBuilderExtensions.UseRetry(null!)).Should().Throw<ArgumentNullException>();
    }
}
