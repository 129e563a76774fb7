using System.Globalization;
using Microsoft.Extensions.AI;

namespace Streamline.Tests.Resilience.Hedging;

public sealed class HedgeGovernorTests
{
    [Fact]
    [Trait("Law", "8")]
    public void NoteTime_ManyNamesOfModels_KeepsABoundedNumber()
    {
        var governor = new HedgeGovernor(new HedgingOptions { MinimumRequests = 1, Percentile = 0.5 });
        for (var i = 0; i < 5000; i++)
        {
            governor.NoteTime(For(i), tokens: 100, TimeSpan.FromSeconds(3));
        }

        governor.Kinds.Should().Be(1001);
        governor.DelayOf(For(7), tokens: 100).Should().Be(TimeSpan.FromSeconds(3));
        governor.DelayOf(For(9999), tokens: 100).Should().Be(TimeSpan.FromSeconds(3), "further models share what is known");

        static StreamRequest For(int model) => new() { Messages = [], Options = new ChatOptions { ModelId = string.Create(CultureInfo.InvariantCulture, $"model-{model}") } };
    }
}
