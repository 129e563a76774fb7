using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streamline.Json;
using static Streamline.Tests.Middleware.Make;

namespace Streamline.Tests.Middleware.Backpressure;

[Trait("Law", "8")]
public sealed class EventQueueTests
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(2_000).WithReplay(20260102, 1);

    /// <summary>Events with many deltas that can be merged; null stands for taking one from the queue.</summary>
    private static Gen<StreamEvent?> Steps
    {
        get
        {
            var index = Gen.Choose(0, 1);
            var text = Gen.Choose(1, 5).Select(n => new string('a', n));
            return Gen.Frequency<StreamEvent?>(
                (6, index.SelectMany(i => text.Select(t => (StreamEvent?)Text(t, i)))),
                (3, index.SelectMany(i => text.Select(t => (StreamEvent?)Reasoning(t, i)))),
                (2, index.SelectMany(i => text.Select(t => (StreamEvent?)Input(t, i, "call" + i)))),
                (1, text.Select(t => (StreamEvent?)Refusal(t))),
                (2, Gen.Constant((StreamEvent?)new ContentStarted { Index = 1, Kind = ContentKind.Text })),
                (3, Gen.Constant((StreamEvent?)null)));
        }
    }

    [Fact]
    public void TryEnqueue_AnySequence_KeepsBoundsOrderAndText()
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
    public void TryEnqueue_FullOfDeltas_AnotherKindMakesThemMerge()
    {
        var queue = new EventQueue(new BackpressureOptions { Capacity = 20, FullMode = BackpressureFullMode.Coalesce });
        for (var i = 0; i < 20; i++)
        {
            queue.TryEnqueue(Text("x")).Should().BeTrue();
        }

        queue.TryEnqueue(Completed()).Should().BeTrue();

        queue.Count.Should().Be(2);
        queue.Dequeue().Should().BeOfType<TextDelta>().Which.Text.Should().Be(new string('x', 20));
        queue.Dequeue().Should().BeOfType<ResponseCompleted>();
    }

    [Fact]
    public void TryEnqueue_Merging_KeepsTheLatestInputAndIsNotDoneAcrossCalls()
    {
        var document = new PartialJsonDocument();
        var queue = new EventQueue(new BackpressureOptions { Capacity = 1, FullMode = BackpressureFullMode.Coalesce });
        queue.TryEnqueue(Grown("{\"a\"")).Should().BeTrue();
        queue.TryEnqueue(Grown(":1}")).Should().BeTrue();
        queue.TryEnqueue(Input("{", 1, "c2")).Should().BeFalse();
        queue.TryEnqueue(Text("{", 1)).Should().BeFalse();

        var merged = queue.Dequeue().Should().BeOfType<ToolInputDelta>().Subject;
        (merged.Index, merged.CallId, merged.Fragment, merged.Input.IsComplete).Should().Be((1, "c1", "{\"a\":1}", true));

        ToolInputDelta Grown(string fragment)
        {
            document.Append(fragment);
            return new ToolInputDelta { Index = 1, CallId = "c1", Fragment = fragment, Input = document.RootElement };
        }
    }

    [Fact]
    public void EventSize_EveryKindWithPayload_IsCounted()
    {
        var json = JsonDocument.Parse("[1,\"éé\"]").RootElement; // 10 bytes of UTF-8
        StreamEvent[] events =
        [
            Text("1234567890"), Reasoning("1234567890"), Refusal("1234567890"), Input("1234567890"),
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

    private static bool Holds(BackpressureFullMode mode, int capacity, int maxChars, StreamEvent?[] steps)
    {
        var queue = new EventQueue(new BackpressureOptions { Capacity = capacity, MaxBufferedChars = maxChars, FullMode = mode });
        var sent = new List<StreamEvent>();
        var received = new List<StreamEvent>();
        foreach (var step in steps)
        {
            // A step that takes, or an event for which there is no room, frees a place; a freed queue must take the event in the end.
            while ((step is null || !queue.TryEnqueue(step)) && queue.Count > 0)
            {
                received.Add(queue.Dequeue());
                if (step is null)
                {
                    break;
                }
            }

            if (step is not null)
            {
                sent.Add(step);
            }

            queue.Count.Should().BeLessThanOrEqualTo(capacity);
        }

        while (queue.Count > 0)
        {
            received.Add(queue.Dequeue());
        }

        // The size is counted back to zero, neither above it nor below.
        queue.TryEnqueue(Text("x")).Should().BeTrue();
        queue.TryEnqueue(new ProviderEvent { Name = "n", Data = new string('x', maxChars) }).Should().BeFalse();
        queue.TryEnqueue(new ProviderEvent { Name = "n", Data = new string('x', maxChars - 1) }).Should().Be(capacity > 1);
        if (mode == BackpressureFullMode.Wait)
        {
            received.Should().Equal(sent);
        }

        Runs(received).Should().Be(Runs(sent));
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
