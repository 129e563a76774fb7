using System.Text.Json;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Continue;

public sealed class ShownBlocksTests
{
    private readonly ShownBlocks _shown = new();

    public static TheoryData<StreamEvent> EventsOfBlocks =>
    [
        Words("a", 3), Reasoning("a", 3), Input("{", 3), Refusal("a", 3), new CitationAdded { Index = 3, Citation = JsonElement.Parse("{}") }, new ContentStarted { Index = 3, Kind = ContentKind.Text },
        new ContentCompleted { Index = 3, Kind = ContentKind.Text }, new ToolCallStarted { Index = 3, CallId = "c", Name = "t" }, new ToolCallCompleted { Index = 3, CallId = "c", Name = "t", ArgumentsText = "" },
    ];

    [Theory]
    [MemberData(nameof(EventsOfBlocks), DisableDiscoveryEnumeration = true)]
    public void Add_EventOfABlock_NotesTheBlock(StreamEvent streamEvent)
    {
        _shown.Add(streamEvent);

        _shown.Indexes.Should().Equal(3);
        (_shown.Any, _shown.IsFinal).Should().Be((true, false));
    }

    [Fact]
    public void Indexes_OfSeveralBlocks_AreInOrderAndOnce()
    {
        foreach (var index in new[] { 4, 4, 1, 4, 0, 1, 7 })
        {
            _shown.Add(Words("a", index));
        }

        _shown.Indexes.Should().Equal(0, 1, 4, 7);
        _shown.TakeIndexes().Should().Equal(0, 1, 4, 7);
        _shown.Indexes.Should().BeEmpty();
        _shown.Any.Should().BeFalse();
        _shown.Add(Words("a", 7));
        _shown.Indexes.Should().Equal(7);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Indexes_OfTheFirstBlocks_AreKnownBeforeAndAfterARestart(int first)
    {
        for (var i = 0; i < 2; i++)
        {
            _shown.Add(Words("a", first));
            _shown.Indexes.Should().Equal(first);
            _shown.Add(Words("b", first + 1));
            _shown.Add(Words("a", first));
            _shown.Add(Completed());
            _shown.TakeIndexes().Should().Equal(first, first + 1);
            _shown.Indexes.Should().BeEmpty();
        }
    }

    [Fact]
    public void Add_Notice_ShowsNothing()
    {
        _shown.Add(new RateLimitWait { Resource = "r", Delay = TimeSpan.Zero, Position = 0 });

        _shown.Any.Should().BeFalse();
        _shown.Add(Started());
        _shown.Any.Should().BeTrue();
        _shown.Indexes.Should().BeEmpty();
    }

    [Fact]
    public void Add_Restart_ForgetsWhatIsDiscarded()
    {
        _shown.Add(Words("a", 2));
        _shown.Add(new StreamRestarted { Attempt = 2, Reason = "r", Discarded = [2] });

        _shown.Indexes.Should().BeEmpty();
        _shown.Any.Should().BeFalse();
    }

    [Fact]
    public void IsFinal_ResponseHasEndedOrToolsRun_IsTrue()
    {
        StreamEvent[] final =
        [
            Completed(), new ToolExecutionStarted { CallId = "c", Name = "t" }, new ToolProgress { CallId = "c", Name = "t", Progress = JsonElement.Parse("1") }, new ToolResult { CallId = "c", Name = "t", Result = JsonElement.Parse("1") },
        ];
        foreach (var streamEvent in final)
        {
            var shown = new ShownBlocks();
            shown.Add(streamEvent);
            shown.Add(Words("a"));
            shown.Add(streamEvent);
            shown.IsFinal.Should().BeTrue(streamEvent.GetType().Name);
        }

        _shown.Add(Started());
        _shown.IsFinal.Should().BeFalse();
    }
}
