using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>Decisions that stand from a distance on: made at one byte, whenever a snapshot is taken, and never taken back.</summary>
public sealed class RepairDistanceTests
{
    [Theory]
    [Trait("Law", "2")]
    [InlineData(PartialJsonMode.Safe)]
    [InlineData(PartialJsonMode.Aggressive)]
    public void RootElement_NameReopenedBehindASettledString_LeavesItComplete(PartialJsonMode mode)
    {
        // The quote behind the name is the byte that settles the value; to reconsider that quote takes it back.
        var name = new string('n', 254);
        var document = JsonFeed.Whole("{\"a\":\"b\",\"" + name, new PartialJsonOptions { Mode = mode });
        document.RootElement["a"].IsComplete.Should().BeFalse();
        document.Append("\""u8);
        document.RootElement["a"].IsComplete.Should().BeTrue();
        document.Append("x"u8);
        document.RootElement["a"].IsComplete.Should().BeTrue();
    }
}
