using Streamline.Json;
using Streamline.TestSupport.Json;

namespace Streamline.Tests.Json;

/// <summary>The work is linear in the text, and no text makes the repairer go on for ever. Counted in bytes looked at, not in time.</summary>
[Trait("Law", "8")]
public sealed class RepairWorkTests
{
    private const int Small = 20_000;
    private const int Large = 10 * Small;
    private const double LinearFactor = 11;
    private const int FixedWork = 4 * 1024;

    public static IEnumerable<object[]> HostileTexts => HostileJson.Texts.Select(text => new object[] { text.Start, text.Repeated });

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void Append_HostileText_TakesLinearWork(string start, string repeated)
    {
        foreach (var mode in new[] { PartialJsonRepairMode.Safe, PartialJsonRepairMode.Guess })
        {
            var small = Work(start, repeated, Small, mode);
            var large = Work(start, repeated, Large, mode);

            large.Should().BeLessThanOrEqualTo((long)(small * LinearFactor) + FixedWork, mode.ToString());
            large.Should().BeLessThanOrEqualTo(((long)Large * RepairOracle.MaxWorkPerByte) + FixedWork, mode.ToString());
        }
    }

    [Fact]
    public void Append_ValidText_IsLookedAtOnce()
    {
        var text = JsonFeed.Utf8("[" + string.Join(',', Enumerable.Range(0, 200).Select(RandomJson.Create)) + "]");
        var document = JsonFeed.InPieces(text, 16, new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess });

        document.IsComplete.Should().BeTrue();
        document.BytesExamined.Should().BeLessThanOrEqualTo(text.Length + 2, "the opening bracket and the byte behind it are looked at before the document begins");
    }

    [Fact]
    public void Repair_MillionOpenBrackets_IsWellFormed()
    {
        var text = new string('[', 1_000_000);
        PartialJson.Repair(text).Should().Be(text + new string(']', text.Length));
    }

    private static long Work(string start, string repeated, int length, PartialJsonRepairMode mode)
    {
        var text = JsonFeed.Utf8(start + string.Concat(Enumerable.Repeat(repeated, length / JsonFeed.Utf8(repeated).Length)));
        var document = new PartialJsonDocument(new PartialJsonOptions { Repair = mode, MaxDepth = int.MaxValue });
        document.TryAppend(text);
        document.TryComplete();
        return document.BytesExamined;
    }
}
