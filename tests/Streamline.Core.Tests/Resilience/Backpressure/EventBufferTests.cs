using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streamline.Json;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Backpressure;

[Trait("Law", "8")]
public sealed class EventBufferTests
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(2_000).WithReplay(20260102, 1);

    /// <summary>Events with many deltas that can be merged; null stands for taking one from the buffer.</summary>
    private static Gen<StreamEvent?> Steps
    {
        get
        {
            var index = Gen.Choose(0, 1);
            var text = Gen.Choose(1, 5).Select(n => new string('a', n));
            return Gen.Frequency<StreamEvent?>(
                (6, index.SelectMany(i => text.Select(t => (StreamEvent?)Words(t, i)))),
                (3, index.SelectMany(i => text.Select(t => (StreamEvent?)Reasoning(t, i)))),
                (2, index.SelectMany(i => text.Select(t => (StreamEvent?)Input(t, i, "call" + i)))),
                (1, text.Select(t => (StreamEvent?)Refusal(t))),
                (2, Gen.Constant((StreamEvent?)new ContentStarted { Index = 1, Kind = ContentKind.Text })),
                (3, Gen.Constant((StreamEvent?)null)));
        }
    }

    [Fact]
    public void Add_AnySequence_KeepsBoundsOrderAndText()
    {
        var cases = Gen.Choose(1, 6)
            .SelectMany(capacity => Gen.Choose(1, 40).SelectMany(size => Gen.ListOf(Steps, 60).Select(steps => (capacity, size, steps: steps.ToArray()))))
            .ToArbitrary();
        foreach (var mode in Enum.GetValues<BackpressureFullMode>())
        {
            Check.One(Config, Prop.ForAll(cases, c => Holds(mode, c.capacity, c.size, c.steps)));
        }
    }

    [Fact]
    public async Task Add_MergeableWhileFull_IsMergedIntoTheLastEvent()
    {
        var document = new PartialJsonDocument();
        var buffer = new EventBuffer(new BackpressureOptions { Capacity = 2, FullMode = BackpressureFullMode.Coalesce });
        buffer.AddAsync(Words("a", 1), default).AsTask().IsCompleted.Should().BeTrue();
        buffer.AddAsync(Grown("{\"a\""), default).AsTask().IsCompleted.Should().BeTrue();
        buffer.AddAsync(Grown(":1"), default).AsTask().IsCompleted.Should().BeTrue("it is merged");
        buffer.AddAsync(Grown("}"), default).AsTask().IsCompleted.Should().BeTrue("it is merged");
        var other = buffer.AddAsync(Input("{", 1, "c2"), default).AsTask();
        other.IsCompleted.Should().BeFalse("it belongs to another call");

        Take(buffer).Should().BeOfType<TextDelta>();
        await other;
        var merged = Take(buffer).Should().BeOfType<ToolInputDelta>().Subject;

        (merged.Index, merged.CallId, merged.Fragment, merged.Input.IsComplete).Should().Be((1, "c1", "{\"a\":1}", true));
        Take(buffer).Should().BeOfType<ToolInputDelta>().Which.CallId.Should().Be("c2");
        buffer.TryTake(out _).Should().BeFalse();

        ToolInputDelta Grown(string fragment)
        {
            document.Append(fragment);
            return new ToolInputDelta { Index = 1, CallId = "c1", Fragment = fragment, Input = document.RootElement };
        }
    }

    [Fact]
    public async Task Add_WaitModeWhileFull_WaitsUntilTheEventHasRoom()
    {
        var buffer = new EventBuffer(new BackpressureOptions { Capacity = 1 });
        await buffer.AddAsync(Words("a"), default);

        var adding = buffer.AddAsync(Words("b"), default).AsTask();
        adding.IsCompleted.Should().BeFalse();
        Take(buffer);

        await adding;
        Take(buffer).Should().BeOfType<TextDelta>().Which.Text.Should().Be("b");
    }

    [Fact]
    public async Task Add_RoomInFront_IsNotMergedIntoAnEventThatWasTaken()
    {
        var buffer = new EventBuffer(new BackpressureOptions { Capacity = 1, FullMode = BackpressureFullMode.Coalesce });
        await buffer.AddAsync(Words("a"), default);
        Take(buffer).Should().BeOfType<TextDelta>().Which.Text.Should().Be("a");

        await buffer.AddAsync(Words("b"), default);
        await buffer.AddAsync(Words("c"), default);

        Take(buffer).Should().BeOfType<TextDelta>().Which.Text.Should().Be("bc");
        buffer.TryTake(out _).Should().BeFalse();
    }

    [Fact]
    public async Task Add_RoomInCoalesceMode_IsNotMerged()
    {
        var buffer = new EventBuffer(new BackpressureOptions { Capacity = 3, FullMode = BackpressureFullMode.Coalesce });
        foreach (var text in (string[])["a", "b", "c", "d"])
        {
            await buffer.AddAsync(Words(text), default);
        }

        string[] taken = [((TextDelta)Take(buffer)).Text, ((TextDelta)Take(buffer)).Text, ((TextDelta)Take(buffer)).Text];
        taken.Should().Equal("a", "b", "cd");
    }

    [Fact]
    public async Task Add_MergedTextBeyondTheLimit_WaitsForRoom()
    {
        var buffer = new EventBuffer(new BackpressureOptions { Capacity = 1, MaxBufferedChars = 4, FullMode = BackpressureFullMode.Coalesce });
        await buffer.AddAsync(Words("aa"), default);
        buffer.AddAsync(Words("bb"), default).AsTask().IsCompleted.Should().BeTrue();
        var beyond = buffer.AddAsync(Words("c"), default).AsTask();
        beyond.IsCompleted.Should().BeFalse();

        Take(buffer).Should().BeOfType<TextDelta>().Which.Text.Should().Be("aabb");
        await beyond;
        Take(buffer).Should().BeOfType<TextDelta>().Which.Text.Should().Be("c");
    }

    [Fact]
    public async Task Add_Cancelled_StopsWaiting()
    {
        using var cancellation = new CancellationTokenSource();
        var buffer = new EventBuffer(new BackpressureOptions { Capacity = 1 });
        await buffer.AddAsync(Words("a"), cancellation.Token);
        var adding = buffer.AddAsync(Words("b"), cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await FluentActions.Awaiting(() => adding).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Complete_WithEventsLeft_EndsAfterThem()
    {
        var failure = Interrupted();
        var buffer = new EventBuffer(new BackpressureOptions { Capacity = 2, FullMode = BackpressureFullMode.Coalesce });
        await buffer.AddAsync(Words("a"), default);
        await buffer.AddAsync(Reasoning("b"), default);

        buffer.Complete(failure);

        Take(buffer).Should().BeOfType<TextDelta>();
        (await buffer.WaitToTakeAsync()).Should().BeTrue();
        Take(buffer).Should().BeOfType<ReasoningDelta>();
        (await FluentActions.Awaiting(() => buffer.WaitToTakeAsync().AsTask()).Should().ThrowAsync<StreamInterruptedException>()).Which.Should().BeSameAs(failure);
    }

    [Fact]
    public void EventSize_EveryKindWithPayload_IsCounted()
    {
        var json = JsonDocument.Parse("[1,\"éé\"]").RootElement; // 10 bytes of UTF-8
        StreamEvent[] events =
        [
            Words("1234567890"), Reasoning("1234567890"), Refusal("1234567890"), Input("1234567890"),
            new CitationAdded { Index = 0, Citation = json },
            new ContentCompleted { Index = 0, Kind = ContentKind.Other, Raw = json },
            new ContentCompleted { Index = 0, Kind = ContentKind.Other, Signature = "1234567890" },
            new ToolCallStarted { Index = 0, CallId = "12345", Name = "67890" },
            new ToolCallStarted { Index = 0, CallId = "", Name = "", ProviderData = json },
            new ToolCallCompleted { Index = 0, CallId = "c", Name = "n", ArgumentsText = "1234567890" },
            new ToolCallCompleted { Index = 0, CallId = "c", Name = "n", ArgumentsText = "", Arguments = json },
            new ToolProgress { CallId = "c", Name = "n", Progress = json },
            new ToolResult { CallId = "c", Name = "n", Result = json },
            new ProviderMetadata { Name = "n", Value = json },
            new ProviderEvent { Name = "n", Data = "1234567890" },
        ];

        events.Should().OnlyContain(e => EventSize.Of(e) == 10);
        EventSize.Of(KeepAlive.Instance).Should().Be(0);
        EventSize.Of(new ToolResult { CallId = "c", Name = "n", Result = default }).Should().Be(0);
    }

    private static StreamEvent Take(EventBuffer buffer) => buffer.TryTake(out var streamEvent) ? streamEvent : throw new InvalidOperationException("The buffer is empty.");

    private static bool Holds(BackpressureFullMode mode, int capacity, int maxChars, StreamEvent?[] steps)
    {
        var buffer = new EventBuffer(new BackpressureOptions { Capacity = capacity, MaxBufferedChars = maxChars, FullMode = mode });
        var sent = new List<StreamEvent>();
        var received = new List<StreamEvent>();
        foreach (var step in steps)
        {
            if (step is null)
            {
                TakeInto(received, buffer);
                continue;
            }

            // One that waits for room frees it by taking; an emptied buffer must accept the event in the end.
            sent.Add(step);
            for (var adding = buffer.AddAsync(step, default).AsTask(); !adding.IsCompleted;)
            {
                if (!TakeInto(received, buffer))
                {
                    adding.Wait(TestSupport.EventCollector.Patience).Should().BeTrue("a producer waits only while there is something to take");
                }
            }

            var held = sent.Sum(EventSize.Of) - received.Sum(EventSize.Of);
            var single = sent.Max(EventSize.Of);
            held.Should().BeLessThanOrEqualTo(Math.Max(maxChars, single) + single, "the text in the buffer and one event that waits are all that is held");
        }

        buffer.Complete(failure: null);
        while (TakeInto(received, buffer))
        {
        }

        var more = buffer.WaitToTakeAsync().AsTask();
        more.IsCompletedSuccessfully.Should().BeTrue("the buffer is complete and empty");
        if (mode == BackpressureFullMode.Wait)
        {
            received.Should().Equal(sent);
        }

        Runs(received).Should().Be(Runs(sent));
        return true;
    }

    private static bool TakeInto(List<StreamEvent> received, EventBuffer buffer)
    {
        if (!buffer.TryTake(out var streamEvent))
        {
            return false;
        }

        received.Add(streamEvent);
        return true;
    }

    /// <summary>What a sequence says, however its deltas are cut.</summary>
    private static string Runs(IEnumerable<StreamEvent> events)
    {
        var text = new System.Text.StringBuilder();
        var last = "";
        foreach (var streamEvent in events)
        {
            var (kind, piece) = streamEvent switch
            {
                TextDelta d => ($"text{d.Index}", d.Text),
                ReasoningDelta d => ($"reasoning{d.Index}", d.Text),
                RefusalDelta d => ($"refusal{d.Index}", d.Text),
                ToolInputDelta d => ($"input{d.Index}{d.CallId}", d.Fragment),
                _ => (streamEvent.GetType().Name + text.Length, ""),
            };
            text.Append(kind == last ? "" : $"|{kind}:").Append(piece);
            last = kind;
        }

        return text.ToString();
    }
}
