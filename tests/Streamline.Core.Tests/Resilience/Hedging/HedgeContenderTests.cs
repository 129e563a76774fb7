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
}
