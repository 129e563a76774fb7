using System.Text.Json;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Continue;

public sealed class HeldContinuationTests
{
    private readonly HeldContinuation _held = new();

    [Fact]
    public void Take_ReasoningOfOneBlock_IsOneDelta()
    {
        Add(Reasoning("a"), Reasoning("b"), Reasoning("c", 1), Event("x"), Reasoning("d", 1), Reasoning("e", 1));

        Take().ToLines().Should().Be(new StreamEvent[] { Reasoning("ab"), Reasoning("c", 1), Event("x"), Reasoning("de", 1) }.ToLines());
        Take().Should().BeEmpty("they are forgotten");
        Add(Reasoning("f", 1));
        Take().ToLines().Should().Be(new StreamEvent[] { Reasoning("f", 1) }.ToLines());
    }

    [Fact]
    public void Take_BeforeText_LeavesNothingThatWouldGoBackToTheProvider()
    {
        var data = JsonElement.Parse("{}");
        var text = new ContentStarted { Index = 2, Kind = ContentKind.Text, ProviderData = data };
        StreamEvent[] events =
        [
            new ContentStarted { Index = 0, Kind = ContentKind.Reasoning, ProviderData = data, Choice = 3 }, new ContentStarted { Index = 1, Kind = ContentKind.RedactedReasoning, ProviderData = data },
            new ContentCompleted { Index = 1, Kind = ContentKind.RedactedReasoning, Signature = "s", Raw = data }, text,
        ];
        Add(events);
        _held.Take(hasText: true).ToLines().Should().Be(new StreamEvent[]
        {
            new ContentStarted { Index = 0, Kind = ContentKind.Reasoning, Choice = 3 }, new ContentStarted { Index = 1, Kind = ContentKind.RedactedReasoning },
            new ContentCompleted { Index = 1, Kind = ContentKind.RedactedReasoning }, text,
        }.ToLines());

        Add(events);
        Take().Should().Equal(events, "without text, it is an answer of its own");
    }

    [Fact]
    public void Clear_WhatWasHeld_IsForgotten()
    {
        Add(Event("x"), Reasoning("a"));
        _held.Clear();
        Take().Should().BeEmpty();

        Add(Reasoning("a"));
        _held.Clear();
        Add(Reasoning("b"));
        Take().ToLines().Should().Be(new StreamEvent[] { Reasoning("b") }.ToLines());
    }

    [Fact]
    [Trait("Law", "8")]
    public void Add_MoreReasoningThanIsKept_LeavesTheRestOut()
    {
        const int Most = 1024 * 1024;
        Add(Reasoning(new string('x', Most - 1)), Reasoning("ab"), Reasoning("c"));

        Take().Should().ContainSingle().Which.Should().BeOfType<ReasoningDelta>().Which.Text.Should().HaveLength(Most + 1).And.EndWith("xab");
        Add(Reasoning(new string('x', Most)), Reasoning("c"));
        Take().Should().ContainSingle().Which.Should().BeOfType<ReasoningDelta>().Which.Text.Should().HaveLength(Most);
    }

    [Fact]
    [Trait("Law", "8")]
    public void Add_MoreEventsThanAreKept_KeepsTheEndsOfBlocks()
    {
        Add([.. Enumerable.Range(0, 2000).Select(i => Event("x"))]);
        Add(new ContentCompleted { Index = 0, Kind = ContentKind.Reasoning });

        var events = Take();
        events.Should().HaveCount(1025);
        events[^1].Should().BeOfType<ContentCompleted>();
    }

    private static ProviderEvent Event(string name) => new() { Name = name, Data = "" };

    private void Add(params StreamEvent[] events) => Array.ForEach(events, _held.Add);

    private List<StreamEvent> Take() => [.. _held.Take(hasText: false)];
}
