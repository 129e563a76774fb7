using Streamline.Resilience;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Hedging;

[Trait("Law", "8")]
public sealed class HedgeContenderTests
{
    [Theory]
    [InlineData(256, 1)]
    [InlineData(4, 300_000)]
    public async Task TakeAsync_EventsWithoutContent_AreHeldUpToALimit(int most, int chars)
    {
        var source = FakeStreamClient.Of([.. Enumerable.Range(0, 1000).Select(_ => new ProviderEvent { Name = "n", Data = new string(' ', chars) })]);
        await using var contender = new HedgeContender("primary", source, Request, CancellationToken.None);
        var held = 0;
        while (!contender.HasWon)
        {
            await contender.ReadAsync();
            await contender.TakeAsync();
            held++;
        }

        held.Should().Be(most);
    }

    [Fact]
    public async Task TakeAsync_EndsWithoutContent_HasWonAndEnded()
    {
        await using var contender = Contender(Ends());
        await NextAsync(contender);

        (contender.HasWon, contender.HasEnded, contender.Failure).Should().Be((true, true, null));
        (await contender.MoveNextAsync()).Should().BeFalse();
    }

    [Fact]
    public async Task TakeAsync_Fails_HasEndedAndNotWon()
    {
        var failure = Overloaded();
        await using var contender = Contender(Fails(failure));
        await NextAsync(contender);

        (contender.HasWon, contender.HasEnded, contender.Failure).Should().Be((false, true, failure));
        await using var thrown = Contender((_, _) => throw failure);
        await NextAsync(thrown);
        thrown.Failure.Should().BeSameAs(failure);
    }

    [Fact]
    public async Task TakeAsync_Notice_IsShownAtOnceAndTheRestIsHeld()
    {
        var notice = new KeepAlive();
        await using var contender = Contender(Ends(Started(), notice, Words("a"), Words("b")));

        (await NextAsync(contender)).Should().BeNull();
        (await NextAsync(contender)).Should().BeSameAs(notice);
        contender.HasWon.Should().BeFalse();
        (await NextAsync(contender)).Should().BeNull();
        contender.HasWon.Should().BeTrue();
        var held = new List<StreamEvent?>();
        while (contender.TryTakeHeld(out var streamEvent))
        {
            held.Add(streamEvent);
        }

        held.Select(streamEvent => streamEvent!.GetType()).Should().Equal(typeof(ResponseStarted), typeof(TextDelta));
        (await contender.MoveNextAsync()).Should().BeTrue();
        contender.Current.Should().BeEquivalentTo(Words("b"));
    }

    [Fact]
    public async Task Usage_IsWhatWasReportedLast()
    {
        await using var contender = Contender(Ends(Usage(1), Usage(2), Started()));
        await NextAsync(contender);
        contender.Usage!.InputTokens.Should().Be(1);
        await NextAsync(contender);
        await NextAsync(contender);

        contender.Usage!.InputTokens.Should().Be(2);
    }

    private static UsageUpdated Usage(long input) => new() { Usage = new TokenUsage { InputTokens = input } };

    private static HedgeContender Contender(Func<StreamRequest, CancellationToken, IAsyncEnumerable<StreamEvent>> attempt) => new("primary", new FakeStreamClient(attempt), Request, CancellationToken.None);

    private static async Task<StreamEvent?> NextAsync(HedgeContender contender)
    {
        await contender.ReadAsync();
        return await contender.TakeAsync();
    }
}
