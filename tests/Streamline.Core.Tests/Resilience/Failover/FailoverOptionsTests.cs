using Streamline.TestSupport;

namespace Streamline.Tests.Resilience.Failover;

[Trait("Law", "8")]
public sealed class FailoverOptionsTests
{
    [Fact]
    public void Set_OutOfRange_ThrowsWithTheNameOfTheOption()
    {
        (string Option, Action<FailoverOptions> Set, string Message)[] refused =
        [
            ("PrimaryName", o => o.PrimaryName = "", "*"),
            ("PrimaryMaxInputTokens", o => o.PrimaryMaxInputTokens = 0, "*"),
            ("MaxClients", o => o.MaxClients = 0, "*"),
            ("FailureRatio", o => o.FailureRatio = 0, "Expected more than 0 and at most 1.*"),
            ("FailureRatio", o => o.FailureRatio = 1.01, "*"),
            ("MinimumRequests", o => o.MinimumRequests = 0, "*"),
            ("SamplingWindow", o => o.SamplingWindow = TimeSpan.Zero, "*"),
            ("SamplingWindow", o => o.SamplingWindow = TimeSpan.FromDays(1) + TimeSpan.FromTicks(1), "*"),
            ("Cooldown", o => o.Cooldown = TimeSpan.Zero, "*"),
            ("Cooldown", o => o.Cooldown = TimeSpan.FromDays(1) + TimeSpan.FromTicks(1), "*"),
            ("MaxCooldown", o => o.MaxCooldown = TimeSpan.Zero, "*"),
            ("MaxCooldown", o => o.MaxCooldown = TimeSpan.FromDays(1) + TimeSpan.FromTicks(1), "*"),
            ("DownCooldown", o => o.DownCooldown = TimeSpan.Zero, "*"),
            ("DownCooldown", o => o.DownCooldown = TimeSpan.FromDays(1) + TimeSpan.FromTicks(1), "*"),
            ("MaxHeldEvents", o => o.MaxHeldEvents = 0, "*"),
            ("MidStream", o => o.MidStream = (MidStreamPolicy)9, "Expected Fail, Restart or Continue.*"),
            ("Classify", o => o.Classify = null!, "*"),
        ];
        foreach (var (option, set, message) in refused)
        {
            FluentActions.Invoking(() => set(new FailoverOptions())).Should().Throw<ArgumentException>(option).WithMessage(message).Which.ParamName.Should().Be(option);
        }
    }

    [Fact]
    public void Set_EdgesOfRanges_Hold()
    {
        Action<FailoverOptions>[] edges =
        [
            o => o.PrimaryMaxInputTokens = 1,
            o => o.PrimaryMaxInputTokens = null,
            o => o.MaxClients = 1,
            o => o.MaxClients = null,
            o => o.FailureRatio = 0.001,
            o => o.FailureRatio = 1,
            o => o.MinimumRequests = 1,
            o => o.SamplingWindow = TimeSpan.FromTicks(1),
            o => o.SamplingWindow = TimeSpan.FromDays(1),
            o => o.Cooldown = TimeSpan.FromTicks(1),
            o => o.Cooldown = TimeSpan.FromDays(1),
            o => o.MaxCooldown = TimeSpan.FromTicks(1),
            o => o.MaxCooldown = TimeSpan.FromDays(1),
            o => o.DownCooldown = TimeSpan.FromTicks(1),
            o => o.DownCooldown = TimeSpan.FromDays(1),
            o => o.MaxHeldEvents = 1,
        ];
        foreach (var set in edges)
        {
            FluentActions.Invoking(() => set(new FailoverOptions())).Should().NotThrow();
        }
    }

    [Fact]
    public void Defaults_AreAsDocumented() => new FailoverOptions().Should().BeEquivalentTo(new
    {
        PrimaryName = "primary",
        PrimaryMaxInputTokens = (long?)null,
        MaxClients = (int?)null,
        FailureRatio = 0.5,
        SamplingWindow = TimeSpan.FromSeconds(30),
        MinimumRequests = 5,
        Cooldown = TimeSpan.FromSeconds(15),
        MaxCooldown = TimeSpan.FromMinutes(2),
        DownCooldown = TimeSpan.FromMinutes(30),
        MaxHeldEvents = 256,
        MidStream = MidStreamPolicy.Fail,
        TimeProvider = (TimeProvider?)null,
    });

    [Fact]
    public void Copy_ClientsThatCannotBeToldApart_AreRefusedWithTheReason()
    {
        var client = FakeStreamClient.Of();
        FluentActions.Invoking(() => With().Copy()).Should().Throw<InvalidOperationException>().WithMessage("Clients is empty; expected at least one client that can take over.");
        FluentActions.Invoking(() => With(new("a", client), null!).Copy()).Should().Throw<InvalidOperationException>().WithMessage("Clients has a client that is null.");
        FluentActions.Invoking(() => With(new("a", client), new("a", client)).Copy()).Should().Throw<InvalidOperationException>()
            .WithMessage("Clients has two clients named 'a'; names must be unique, because events use them.");
        With(new("a", client), new("A", client)).Copy().FixedClients.Should().HaveCount(2);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Copy_ContinuationBeyondAnEnd_IsRefusedWithTheReason(bool onLength, bool onPause)
    {
        var options = With(new FailoverClient("a", FakeStreamClient.Of()));
        (options.Continue.OnLength, options.Continue.OnPause) = (onLength, onPause);

        FluentActions.Invoking(options.Copy).Should().Throw<InvalidOperationException>().WithMessage("OnLength and OnPause concern no failure: set them in the options of the client's retry.");
    }

    [Fact]
    public void Copy_ChangedLater_StaysAsItIs()
    {
        var options = With(new FailoverClient("a", FakeStreamClient.Of()));
        options.Continue.MinOverlap = 20;
        var copy = options.Copy();
        options.Clients.Add(new("b", FakeStreamClient.Of()));
        options.Continue.MinOverlap = 30;

        copy.FixedClients.Should().ContainSingle();
        copy.Continue.MinOverlap.Should().Be(20);
    }

    [Fact]
    public void NextRandom_IsFromZeroToOne()
    {
        var options = new FailoverOptions();
        var random = Enumerable.Range(0, 1000).Select(_ => options.NextRandom()).ToList();

        random.Should().OnlyContain(x => x >= 0 && x <= 1);
        random.Distinct().Should().HaveCountGreaterThan(900);
    }

    [Fact]
    public void FailoverClient_OutOfRange_IsRefused()
    {
        var client = FakeStreamClient.Of();
        FluentActions.Invoking(() => new FailoverClient("", client)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new FailoverClient("a", null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => new FailoverClient("a", client) { MaxInputTokens = 0 }).Should().Throw<ArgumentOutOfRangeException>().Which.ParamName.Should().Be("MaxInputTokens");
        new FailoverClient("a", client) { MaxInputTokens = 1 }.MaxInputTokens.Should().Be(1);
        new FailoverClient("a", client) { MaxInputTokens = null }.MaxInputTokens.Should().BeNull();
    }

    private static FailoverOptions With(params FailoverClient[] clients)
    {
        var options = new FailoverOptions();
        foreach (var client in clients)
        {
            options.Clients.Add(client);
        }

        return options;
    }
}
