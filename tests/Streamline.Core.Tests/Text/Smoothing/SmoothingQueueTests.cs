using System.Globalization;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Text.Smoothing;

[Trait("Law", "12")]
public sealed class SmoothingQueueTests
{
    private static readonly TimeSpan MaxDelay = SmoothingOptions.DefaultMaxDelay;

    /// <summary>How the events of a stream arrive: so many at a time, every so many milliseconds.</summary>
    public static TheoryData<int, int> Rhythms => new() { { 1, 1 }, { 1, 20 }, { 1, 90 }, { 5, 100 }, { 20, 400 }, { 200, 1000 }, { 1, 500 } };

    [CorpusTheory(Recordings.Pydantic)]
    [MemberData(nameof(Rhythms))]
    [Trait("Law", "1")]
    public async Task RecordedStreams_InAnyRhythm_AreTheSameTextWithinTheDelay(int burst, int everyMilliseconds)
    {
        foreach (var recording in Recordings.All().Where((_, i) => i % 5 == 0))
        {
            var events = (await recording.Protocol.ReadAsync(new MemoryStream(recording.Body)).CatchAsync()).Events;
            var shown = Play(events.Select((streamEvent, i) => (TimeSpan.FromMilliseconds(i / burst * everyMilliseconds), streamEvent)));

            Joined(shown.Select(s => s.Event)).Should().Equal(Joined(events), recording.File);
            foreach (var (arrival, time, text) in CharsOf(events, shown, burst, everyMilliseconds))
            {
                (time - arrival).Should().BeLessThanOrEqualTo(MaxDelay, "{0}: {1}", recording.File, text);
            }
        }
    }

    [Fact]
    public void FastText_KeepsUpWithoutABacklog()
    {
        // 10 characters every 5 ms are 2,000 a second.
        var arrivals = Enumerable.Range(0, 2000).Select(i => (TimeSpan.FromMilliseconds(5 * i), (StreamEvent)Words("0123456789"))).ToList();
        var shown = Play(arrivals);

        (shown[^1].Time - arrivals[^1].Item1).Should().BeLessThanOrEqualTo(MaxDelay);
        shown.Should().OnlyContain(s => ((TextDelta)s.Event).Text.Length <= SmoothingOptions.DefaultMaxChars);
    }

    [Fact]
    public void Bursts_AreSpreadOverTheDelay()
    {
        var arrivals = Enumerable.Range(0, 20).Select(i => (TimeSpan.FromMilliseconds(150 * i), (StreamEvent)Words(new string('x', 60)))).ToList();
        var pieces = Play(arrivals).Skip(20).Select(s => ((TextDelta)s.Event).Text.Length).ToList();

        pieces.Max().Should().BeLessThanOrEqualTo(20, "60 characters in 150 ms are 13 per 33 ms, not 60 at once");
    }

    [Fact]
    public void Pieces_AreWholeGraphemeClusters()
    {
        const string Family = "👩‍👩‍👧‍👦";
        var text = string.Concat(Enumerable.Repeat(Family + "e\u0301" + "🇩🇪" + "ab", 40));
        var arrivals = text.Chunk(3).Select((chars, i) => (TimeSpan.FromMilliseconds(i), (StreamEvent)Words(new string(chars)))).ToList();
        var shown = Play(arrivals).Select(s => ((TextDelta)s.Event).Text).ToList();

        string.Concat(shown).Should().Be(text);
        var borders = StringInfo.ParseCombiningCharacters(text).ToHashSet();
        var position = 0;
        foreach (var piece in shown)
        {
            borders.Should().Contain(position);
            position += piece.Length;
        }
    }

    [Fact]
    public void OtherEvents_LetTheTextOutAtOnce_ReportsWaitTheirTurn()
    {
        var queue = new SmoothingQueue(new SmoothingOptions { MaxChars = 4 });
        queue.Add(Words("abcdefghij"), TimeSpan.Zero);
        queue.Add(new UsageUpdated { Usage = new TokenUsage { OutputTokens = 1 } }, TimeSpan.Zero);
        queue.Add(Words("k"), TimeSpan.Zero);
        Take(queue).Should().Equal(["abc"], "11 characters leave in five ticks, now and every 33 ms");

        queue.Add(Completed(), TimeSpan.Zero);
        Take(queue).Should().Equal("defg", "hij", "UsageUpdated", "k", "ResponseCompleted");
        queue.IsEmpty.Should().BeTrue();
        queue.UntilDue(TimeSpan.Zero).Should().BeNull();
    }

    [Fact]
    [Trait("Law", "8")]
    public void TextThatComesAtOnce_IsNotHeld()
    {
        var queue = new SmoothingQueue(new SmoothingOptions { MaxChars = int.MaxValue });
        queue.Add(Words(new string('x', SmoothingQueue.MaxWaitingChars + 1)), TimeSpan.Zero);

        Take(queue).Should().ContainSingle().Which.Should().HaveLength(SmoothingQueue.MaxWaitingChars + 1);
    }

    private static List<string> Take(SmoothingQueue queue)
    {
        var taken = new List<string>();
        while (queue.TryTake(TimeSpan.Zero, out var streamEvent))
        {
            taken.Add(streamEvent is TextDelta text ? text.Text : streamEvent!.GetType().Name);
        }

        return taken;
    }

    /// <summary>Plays arrivals to a consumer that is always ready.</summary>
    private static List<(TimeSpan Time, StreamEvent Event)> Play(IEnumerable<(TimeSpan Time, StreamEvent Event)> arrivals)
    {
        var queue = new SmoothingQueue(new SmoothingOptions());
        var shown = new List<(TimeSpan, StreamEvent)>();
        var now = TimeSpan.Zero;
        foreach (var (time, streamEvent) in arrivals)
        {
            RunTo(time);
            queue.Add(streamEvent, time);
        }

        RunTo(TimeSpan.MaxValue);
        return shown;

        void RunTo(TimeSpan end)
        {
            while (true)
            {
                if (queue.TryTake(now, out var streamEvent))
                {
                    shown.Add((now, streamEvent!));
                }
                else if (queue.UntilDue(now) is { } due && due <= end - now)
                {
                    due.Should().BePositive("a consumer must not spin");
                    now += due;
                }
                else
                {
                    now = end;
                    return;
                }
            }
        }
    }

    // The events in order, with the deltas of a block that follow each other joined.
    private static List<string> Joined(IEnumerable<StreamEvent> events)
    {
        var joined = new List<string>();
        var last = "";
        foreach (var streamEvent in events)
        {
            var (key, text) = KeyOf(streamEvent) is { } k ? (k, DeltaText.Of(streamEvent)!) : ("", StreamEventJson.Serialize(streamEvent));
            if (key.Length > 0 && key == last)
            {
                joined[^1] += text;
            }
            else
            {
                joined.Add(key + text);
            }

            last = key;
        }

        return joined;
    }

    private static string? KeyOf(StreamEvent streamEvent) => streamEvent switch
    {
        TextDelta delta => $"text {delta.Index}: ",
        ReasoningDelta delta => $"reasoning {delta.Index}: ",
        RefusalDelta delta => $"refusal {delta.Index}: ",
        _ => null,
    };

    private static IEnumerable<(TimeSpan Arrival, TimeSpan Shown, string Text)> CharsOf(
        List<StreamEvent> events, List<(TimeSpan Time, StreamEvent Event)> shown, int burst, int everyMilliseconds)
    {
        var arrivals = events.SelectMany((e, i) => KeyOf(e) is null ? [] : Enumerable.Repeat(TimeSpan.FromMilliseconds(i / burst * everyMilliseconds), DeltaText.Of(e)!.Length));
        var times = shown.SelectMany(s => KeyOf(s.Event) is null ? [] : Enumerable.Repeat((s.Time, DeltaText.Of(s.Event)!), DeltaText.Of(s.Event)!.Length));
        return arrivals.Zip(times, (arrival, time) => (arrival, time.Time, time.Item2));
    }
}
