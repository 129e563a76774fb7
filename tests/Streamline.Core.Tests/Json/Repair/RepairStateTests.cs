using System.Text.Json;
using System.Text.Json.Nodes;
using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>The table of malformed states in the documentation is what happens.</summary>
public sealed class RepairStateTests
{
    [Fact]
    public void Repair_EveryStateOfThePage_BecomesWhatThePageSays()
    {
        var checkedStates = 0;
        foreach (var (example, becomes, kind, _) in RepairPage.States())
        {
            var repaired = PartialJson.Repair(example);
            JsonNode.DeepEquals(JsonNode.Parse(repaired), JsonNode.Parse(becomes)).Should().BeTrue("{0} became {1}", example, repaired);
            Read(example, PartialJsonRepairMode.Guess).Repairs.Should().Contain(repair => repair.Kind.ToString() == kind, example);
            checkedStates++;
        }

        checkedStates.Should().BeGreaterThan(40);
    }

    [Fact]
    public void Append_EveryStateOfThePageInSafe_IsRepairedOrRefusedAsThePageSays()
    {
        foreach (var (example, becomes, kind, isGuess) in RepairPage.States())
        {
            var document = Read(example, PartialJsonRepairMode.Safe);
            if (isGuess)
            {
                // What may as well be text that is cut short stays open; everything else is refused.
                document.IsComplete.Should().BeFalse(example);
                (document.Error is StreamProtocolException { Error: StreamProtocolError.InvalidJson } || document.RepairCount == 0).Should().BeTrue(example);
                document.Repairs.Should().NotContain(repair => repair.Confidence == PartialJsonRepairConfidence.Guess, example);
            }
            else
            {
                document.Repairs.Where(repair => repair.Kind.ToString() == kind).Should().NotBeEmpty(example)
                    .And.OnlyContain(repair => repair.Confidence == PartialJsonRepairConfidence.Safe, becomes);
            }
        }
    }

    [Fact]
    public void Kinds_OfThePage_AreAllThereAre() => RepairPage.Kinds().Distinct().Should().BeEquivalentTo(Enum.GetNames<PartialJsonRepairKind>());

    [Fact]
    public void Append_AnyStateWithoutRepairs_IsMalformed()
    {
        foreach (var (example, _, kind, _) in RepairPage.States().Where(state => state.Kind is not (nameof(PartialJsonRepairKind.CutToken) or nameof(PartialJsonRepairKind.MissingQuote))))
        {
            Read(example, PartialJsonRepairMode.None).Error.Should().NotBeNull("{0}: {1}", kind, example);
        }
    }

    [Fact]
    public void Append_BytesThatAreNotUtf8_BecomeReplacementCharacters()
    {
        foreach (var (bytes, expected, offset) in new (byte[], string, int)[]
        {
            ([(byte)'"', (byte)'a', 0xFF, (byte)'b', (byte)'"'], "a\uFFFDb", 2),
            ([(byte)'"', 0xE2, 0x82, (byte)'x', (byte)'"'], "\uFFFDx", 1),
            ([(byte)'"', 0xC3, 0xC3, 0xA9, (byte)'"'], "\uFFFDé", 1),
        })
        {
            var document = new PartialJsonDocument(new PartialJsonOptions { Repair = PartialJsonRepairMode.Safe });
            document.Append(bytes);
            document.Complete();
            document.RootElement.GetString().Should().Be(expected);
            document.Repairs.Should().ContainSingle().Which.Should().Be(
                new PartialJsonRepair(PartialJsonRepairKind.InvalidUtf8, offset, PartialJsonRepairConfidence.Safe));
        }
    }

    [Fact]
    public void Append_SurrogateWithoutItsOtherHalf_BecomesAReplacementCharacter()
    {
        var document = new PartialJsonDocument(new PartialJsonOptions { Repair = PartialJsonRepairMode.Safe });
        document.Append("[\"a\uD83Db\"]");
        document.Complete();
        document.RootElement[0].GetString().Should().Be("a\uFFFDb");
        document.Repairs.Should().ContainSingle().Which.Should().Be(
            new PartialJsonRepair(PartialJsonRepairKind.LoneSurrogate, 3, PartialJsonRepairConfidence.Safe));
    }

    private static PartialJsonDocument Read(string text, PartialJsonRepairMode mode)
    {
        var document = new PartialJsonDocument(new PartialJsonOptions { Repair = mode });
        document.TryAppend(text);
        document.TryComplete();
        return document;
    }
}
