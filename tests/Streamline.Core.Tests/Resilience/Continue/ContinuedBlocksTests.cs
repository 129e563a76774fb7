using System.Text.Json;
using Streamline.Json;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Continue;

public sealed class ContinuedBlocksTests
{
    private static readonly JsonElement Data = JsonElement.Parse("""{"a":1}""");

    public static TheoryData<StreamEvent, StreamEvent> Events => new()
    {
        { Words("a", 7), Words("a", 3) },
        { Reasoning("a", 7), Reasoning("a", 3) },
        { Refusal("a", 7), Refusal("a", 3) },
        { new CitationAdded { Index = 7, Citation = Data }, new CitationAdded { Index = 3, Citation = Data } },
        { new ContentStarted { Index = 7, Kind = ContentKind.Other, Choice = 2, ProviderData = Data }, new ContentStarted { Index = 3, Kind = ContentKind.Other, Choice = 2, ProviderData = Data } },
        { new ContentCompleted { Index = 7, Kind = ContentKind.Reasoning, Signature = "s", Raw = Data }, new ContentCompleted { Index = 3, Kind = ContentKind.Reasoning, Signature = "s", Raw = Data } },
        {
            new ToolCallStarted { Index = 7, CallId = "c", Name = "t", IsProviderExecuted = true, ProviderData = Data, Choice = 2 },
            new ToolCallStarted { Index = 3, CallId = "c", Name = "t", IsProviderExecuted = true, ProviderData = Data, Choice = 2 }
        },
        { Input("{", 7), Input("{", 3) },
        {
            new ToolCallCompleted { Index = 7, CallId = "c", Name = "t", ArgumentsText = "{}", Arguments = Data, ParseError = "e", IsProviderExecuted = true, ProviderData = Data },
            new ToolCallCompleted { Index = 3, CallId = "c", Name = "t", ArgumentsText = "{}", Arguments = Data, ParseError = "e", IsProviderExecuted = true, ProviderData = Data }
        },
        { new ProviderMetadata { Name = "n", Value = Data, Index = 7 }, new ProviderMetadata { Name = "n", Value = Data, Index = 3 } },
        {
            new TextFinding { Name = "n", Index = 7, Start = 1, Length = 2, Result = Data, Error = "e" },
            new TextFinding { Name = "n", Index = 3, Start = 1, Length = 2, Result = Data, Error = "e" }
        },
    };

    [Theory]
    [MemberData(nameof(Events), DisableDiscoveryEnumeration = true)]
    public void Place_EventOfABlock_GetsTheNextFreeIndexAndIsOtherwiseTheSame(StreamEvent streamEvent, StreamEvent expected) =>
        new[] { Blocks(Words("shown", 2)).Place(streamEvent) }.ToLines().Should().Be(new[] { expected }.ToLines());

    [Fact]
    public void Place_ViewOfAToolsInput_StaysTheSame()
    {
        var input = PartialJson.Parse("""{"a":1""");

        Blocks(Words("shown")).Place(new ToolInputDelta { Index = 0, CallId = "c", Fragment = "1", Input = input }).Should().BeOfType<ToolInputDelta>().Which.Input.Should().Be(input);
    }

    [Fact]
    public void Place_EventOfNoBlock_IsTheSame()
    {
        var blocks = Blocks(Words("shown"));
        StreamEvent[] events = [new ProviderMetadata { Name = "n", Value = Data }, new ProviderEvent { Name = "n", Data = "" }, Completed()];

        events.Select(blocks.Place).Should().Equal(events);
    }

    [Fact]
    public void Place_SeveralBlocks_KeepTheirPlaces()
    {
        var blocks = Blocks(Words("shown", 2));

        new[] { 5, 0, 5, 9 }.Select(index => ((TextDelta)blocks.Place(Words("a", index))).Index).Should().Equal(3, 4, 3, 5);
        blocks.IsJoined(5).Should().BeFalse();
        blocks.Joined.Should().BeNull();
    }

    [Fact]
    public void Join_BlockThatWritesOn_HasThePlaceOfTheOpenOne()
    {
        var blocks = Blocks(Words("shown", 2));
        blocks.Join(7);

        (blocks.Joined, blocks.IsJoined(7), blocks.IsJoined(2)).Should().Be((2, true, false));
        ((TextDelta)blocks.Place(Words("a", 7))).Index.Should().Be(2);
        ((TextDelta)blocks.Place(Words("a", 2))).Index.Should().Be(3);
        blocks.IsJoined(2).Should().BeFalse();
    }

    [Fact]
    public void Place_EndOfATextThatIsNotWhatTheProviderSent_LosesItsOwnForm()
    {
        var blocks = Blocks(Words("shown", 2));
        blocks.Join(7);
        blocks.NoteChanged(8);

        Signature(7).Should().BeNull("it holds only the rest");
        Signature(8).Should().BeNull();
        Signature(9).Should().Be("s");

        string? Signature(int index)
        {
            var completed = (ContentCompleted)blocks.Place(new ContentCompleted { Index = index, Kind = ContentKind.Text, Signature = "s", Raw = Data });
            completed.Kind.Should().Be(ContentKind.Text);
            (completed.Raw is null).Should().Be(completed.Signature is null);
            return completed.Signature;
        }
    }

    private static ContinuedBlocks Blocks(params StreamEvent[] shown)
    {
        var state = new StreamState();
        Array.ForEach(shown, state.Apply);
        return new ContinuedBlocks(CutAnswer.Read(state));
    }
}
