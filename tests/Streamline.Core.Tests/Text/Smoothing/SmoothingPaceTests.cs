using static Streamline.Tests.Make;

namespace Streamline.Tests.Text.Smoothing;

/// <summary>Which piece leaves when, to the character.</summary>
[Trait("Law", "12")]
public sealed class SmoothingPaceTests
{
    [Fact]
    public void TryTake_OneBurst_LeavesEvenlyUpToItsDeadline()
    {
        var queue = Queue(maxDelay: 100, interval: 10);
        queue.Add(Words(new string('x', 60)), Ms(0));

        var shown = new List<(int Time, string Text)>();
        for (var now = 0; now <= 200; now++)
        {
            shown.AddRange(Take(queue, now).Select(text => (now, text)));
        }

        shown.Should().Equal(Enumerable.Range(0, 11).Select(i => (10 * i, i < 5 ? "xxxxxx" : "xxxxx")));
    }

    [Fact]
    public void TryTake_FastText_LeavesAtTheAverageOfTheLastSecond()
    {
        var queue = Queue(maxDelay: 10_000, interval: 100, maxChars: int.MaxValue);
        queue.Add(Words(new string('x', 1000)), Ms(1000));
        Lengths(queue, 1000).Should().Equal([100], "a tenth of what came in a second");

        queue.Add(Words("y"), Ms(2000));
        Lengths(queue, 2000).Should().Equal([36], "1000 / e and 1 a second");
    }

    [Theory]
    [InlineData(10, 100, 10)] // 110 characters in the 11 ticks up to the second deadline
    [InlineData(100, 1, 17)] // 100 characters in the 6 ticks up to the first one
    public void TryTake_TwoDeadlines_KeepsTheOneThatNeedsTheFasterPace(int first, int second, int expected)
    {
        var queue = Queue(maxDelay: 100, interval: 10);
        queue.Add(Words(new string('x', first)), Ms(0));
        queue.Add(Words(new string('y', second)), Ms(50));

        Lengths(queue, 50).Should().Equal(expected);
    }

    [Fact]
    public void TryTake_AfterTheDeadline_LetsEverythingOut()
    {
        var queue = Queue(maxDelay: 100, interval: 10, maxChars: 60);
        queue.Add(Words(new string('x', 100)), Ms(0));

        Lengths(queue, 200).Should().Equal(60, 40);
    }

    [Fact]
    public void TryTake_BeforeTheNextTick_GivesNothing()
    {
        var queue = Queue(maxDelay: 100, interval: 10, maxChars: 4);
        queue.Add(Words(new string('x', 60)), Ms(0));

        Lengths(queue, 0).Should().Equal([4, 2], "6 are due, in pieces of 4");
        Lengths(queue, 9).Should().BeEmpty();
        queue.UntilDue(Ms(9)).Should().Be(Ms(1));
        queue.UntilDue(Ms(12)).Should().Be(TimeSpan.Zero);
        Lengths(queue, 10).Should().Equal(4, 2);
    }

    [Fact]
    public void TryTake_ClusterThatDoesNotFit_WaitsForTheNextPiece()
    {
        var queue = Queue(maxDelay: 100, interval: 10, maxChars: 3);
        queue.Add(Words("😀😀ab😀👨‍👩‍👧c"), Ms(0));
        queue.Flush();

        Take(queue, 0).Should().Equal("😀", "😀a", "b😀", "👨‍👩‍👧", "c");
    }

    [Fact]
    public void TryTake_LastCluster_WaitsUntilATickBeforeItsDeadline()
    {
        var queue = Queue(maxDelay: 100, interval: 10);
        queue.Add(Words("e"), Ms(5));

        Lengths(queue, 5).Should().BeEmpty("an accent may follow");
        queue.UntilDue(Ms(5)).Should().Be(Ms(90));
        Lengths(queue, 95).Should().Equal(1);
        queue.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public void TryTake_TickThatShowedNothing_IsOver()
    {
        var queue = Queue(maxDelay: 100, interval: 10);
        queue.Add(Words("a"), Ms(0));
        Lengths(queue, 0).Should().BeEmpty();

        queue.Add(Words("bc"), Ms(5));
        Lengths(queue, 5).Should().BeEmpty();
        Lengths(queue, 10).Should().Equal(1);
    }

    [Fact]
    public void TryTake_TextAfterAnEvent_StillWaitsForItsLastCluster()
    {
        var queue = Queue(maxDelay: 100, interval: 10);
        queue.Add(new UsageUpdated { Usage = new TokenUsage() }, Ms(0));
        queue.Add(Words("a"), Ms(0));

        Take(queue, 0).Should().Equal("UsageUpdated");
        queue.Add(Words("\u0301b"), Ms(10));
        Take(queue, 10).Should().Equal("a\u0301");
    }

    [Fact]
    public void TryTake_TextOfAnotherBlock_ClosesTheOneBefore()
    {
        var queue = Queue(maxDelay: 100, interval: 10);
        queue.Add(Words("a"), Ms(0));
        queue.Add(Words("b", index: 1), Ms(0));

        Take(queue, 0).Should().Equal("a");
        queue.UntilDue(Ms(0)).Should().Be(Ms(90));
        queue.TryTake(Ms(90), out var second).Should().BeTrue();
        second.Should().BeOfType<TextDelta>().Which.Index.Should().Be(1);
    }

    [Fact]
    public void TryTake_EmptyAgain_SmoothsWhatComesNext()
    {
        var queue = Queue(maxDelay: 100, interval: 10);
        queue.Add(Words(new string('x', 60)), Ms(0));
        queue.Flush();
        Lengths(queue, 0).Should().Equal(50, 10);

        queue.Flush();
        queue.Add(Words(new string('y', 60)), Ms(20));
        Lengths(queue, 20).Should().Equal(6);
    }

    [Fact]
    [Trait("Law", "8")]
    public void Add_AsMuchTextAsMayWait_IsStillSmoothed()
    {
        var queue = Queue(maxDelay: 1000, interval: 10, maxChars: int.MaxValue);
        queue.Add(Words(new string('x', SmoothingQueue.MaxWaitingChars)), Ms(0));
        Lengths(queue, 0).Should().Equal([655], "a hundredth of what came in a second");

        queue.Add(Words(new string('x', 655)), Ms(0));
        Lengths(queue, 0).Should().BeEmpty();
        queue.Add(Words("x"), Ms(0));
        Lengths(queue, 0).Should().Equal(SmoothingQueue.MaxWaitingChars + 1);
    }

    [Fact]
    public void Add_ReportsAndNotes_LetTheTextBeforeThemWait()
    {
        var source = System.Text.Json.JsonElement.Parse("1"u8);
        StreamEvent[] notes =
        [
            new UsageUpdated { Usage = new TokenUsage() },
            new ProviderMetadata("name", source),
            new ProviderEvent { Name = "name", Data = "{}" },
            new CitationAdded(0, source),
            new TextFinding { Name = "n", Index = 0, Start = 0, Length = 1 },
            new RateLimitObserved { Windows = [] },
        ];
        foreach (var note in notes)
        {
            var queue = Queue(maxDelay: 100, interval: 10);
            queue.Add(Words(new string('x', 60)), Ms(0));
            queue.Add(note, Ms(0));
            Lengths(queue, 0).Should().Equal([6], note.GetType().Name);
        }
    }

    [Fact]
    public void Add_WhatAConsumerWaitsFor_LetsTheTextBeforeItOut()
    {
        StreamEvent[] events = [new RetryScheduled { Attempt = 2, Delay = Ms(1), Reason = "r" }, new ContentCompleted { Index = 0, Kind = ContentKind.Text }, Input("{"), Completed()];
        foreach (var streamEvent in events)
        {
            var queue = Queue(maxDelay: 100, interval: 10);
            queue.Add(Words(new string('x', 60)), Ms(0));
            queue.Add(streamEvent, Ms(0));
            Take(queue, 0).Should().HaveCount(3).And.Subject.Last().Should().Be(streamEvent.GetType().Name);
        }
    }

    [Theory]
    [InlineData(true, 6)]
    [InlineData(false, 60)]
    public void Add_Reasoning_IsSmoothedIfItIsIncluded(bool isIncluded, int expected)
    {
        var queue = new SmoothingQueue(new SmoothingOptions { MaxDelay = Ms(100), Interval = Ms(10), IncludeReasoning = isIncluded });
        queue.Add(Reasoning(new string('x', 60)), Ms(0));

        queue.TryTake(Ms(0), out var shown).Should().BeTrue();
        shown.Should().BeOfType<ReasoningDelta>().Which.Text.Should().HaveLength(expected);
    }

    [Fact]
    public void Add_EmptyText_IsDropped()
    {
        var queue = Queue(maxDelay: 100, interval: 10);
        queue.Add(Words(""), Ms(0));
        queue.Add(Refusal(""), Ms(0));

        queue.IsEmpty.Should().BeTrue();
    }

    private static SmoothingQueue Queue(int maxDelay, int interval, int maxChars = SmoothingOptions.DefaultMaxChars) =>
        new(new SmoothingOptions { MaxDelay = Ms(maxDelay), Interval = Ms(interval), MaxChars = maxChars });

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static IEnumerable<int> Lengths(SmoothingQueue queue, int now) => Take(queue, now).Select(text => text.Length);

    private static List<string> Take(SmoothingQueue queue, int now)
    {
        var taken = new List<string>();
        while (queue.TryTake(Ms(now), out var streamEvent))
        {
            taken.Add(streamEvent is ToolInputDelta ? nameof(ToolInputDelta) : DeltaText.Of(streamEvent!) ?? streamEvent!.GetType().Name);
        }

        return taken;
    }
}
