using System.Text.Json;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Text.Guard;

/// <summary>Which events of a guarded response are shown, when, and in which order.</summary>
public sealed class GuardedResponseTests
{
    private static readonly JsonElement Source = JsonElement.Parse("1"u8);

    private readonly GuardOptions _options = new() { WindowChars = 2, ContextChars = 1, LookaheadChars = 1 };
    private readonly Queue<StreamEvent> _shown = new();
    private readonly List<GuardWindow> _windows = [];

    [Fact]
    public async Task Check_Windows_NeverSplitASurrogatePair()
    {
        Check(_ => GuardVerdict.Allow);
        var guard = new GuardedResponse(_options);
        await Add(guard, Words("ab😀cde"), Completed());

        _windows.Select(window => (window.Position, window.Context, window.Text, window.Lookahead, window.IsLast)).Should().Equal(
            (0, "", "ab", "", false), (2, "b", "😀", "c", false), (4, "", "cd", "e", false), (6, "d", "e", "", true));
        _windows.Should().OnlyContain(window => window.Index == 0 && window.Kind == ContentKind.Text);
    }

    [Fact]
    public async Task Check_TextThatIsOneWindow_IsTheLast()
    {
        Check(_ => GuardVerdict.Allow);
        var guard = new GuardedResponse(_options);
        await Add(guard, Words("abc"));
        _windows.Should().BeEmpty("the window and what it looks ahead at are 3 characters: one more may follow");
        await Add(guard, Words("d"));
        _windows.Should().ContainSingle();
        await Add(guard, Completed());
        _windows.Select(window => window.IsLast).Should().Equal(false, true);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(3, "abc")]
    public async Task Check_Context_IsWhatItsLengthSays(int length, string expected)
    {
        _options.ContextChars = length;
        Check(_ => GuardVerdict.Allow);
        await Add(new GuardedResponse(_options), Words("abcd"), Completed());

        _windows[^1].Context.Should().Be(expected[..Math.Min(expected.Length, 2)]);
    }

    [Fact]
    public async Task Check_EachKindOfText_IsToldApart()
    {
        Check(_ => GuardVerdict.Replace("*"));
        var guard = new GuardedResponse(_options);
        await Add(guard, Reasoning("ab", 0), Refusal("cd", 1), Words("ef", 2), Completed());

        _windows.Select(window => (window.Index, window.Kind, window.Text)).Should().Equal(
            (0, ContentKind.Reasoning, "ab"), (1, ContentKind.Refusal, "cd"), (2, ContentKind.Text, "ef"));
        _shown.Take(3).Select(delta => (delta.GetType(), DeltaText.Of(delta))).Should().Equal((typeof(ReasoningDelta), "*"), (typeof(RefusalDelta), "*"), (typeof(TextDelta), "*"));
    }

    [Fact]
    public async Task Check_ReasoningThatIsNotIncluded_Passes()
    {
        _options.IncludeReasoning = false;
        Check(_ => GuardVerdict.Replace("*"));
        var reasoning = Reasoning("ab");
        await Add(new GuardedResponse(_options), reasoning);

        _shown.Should().Equal(reasoning);
        _windows.Should().BeEmpty();
    }

    [Fact]
    public async Task Check_NoVerdict_IsReported()
    {
        Check(_ => null!);

        await FluentActions.Awaiting(() => Add(new GuardedResponse(_options), Words("abcd"))).Should().ThrowAsync<InvalidOperationException>()
            .WithMessage("A guard's check returned null, expected a verdict.");
    }

    [Theory]
    [InlineData("null", "A guard's check of a tool call returned null, expected a verdict.")]
    [InlineData("replace", "A guard's check of a tool call changed its text, expected GuardVerdict.Allow or GuardVerdict.Block.")]
    [InlineData("redact", "A guard's check of a tool call changed its text, expected GuardVerdict.Allow or GuardVerdict.Block.")]
    public async Task CheckToolCall_VerdictThatCannotBe_IsReported(string verdict, string message)
    {
        _options.CheckToolCall = (_, _) => new(verdict switch { "null" => null!, "replace" => GuardVerdict.Replace(""), _ => GuardVerdict.Redact([0..1]) });

        await FluentActions.Awaiting(() => Add(new GuardedResponse(_options), Call())).Should().ThrowAsync<InvalidOperationException>().WithMessage(message);
    }

    [Fact]
    public async Task CheckToolCall_Allowed_IsShown()
    {
        var asked = 0;
        _options.CheckToolCall = (_, _) =>
        {
            asked++;
            return new(GuardVerdict.Allow);
        };
        var guard = new GuardedResponse(_options);
        await Add(guard, Call(), Completed());

        _shown.Should().HaveCount(2);
        asked.Should().Be(1);
        guard.IsBlocked.Should().BeFalse();
    }

    [Fact]
    public async Task Block_WhatIsOpen_EndsInTheOrderOfItsIndex()
    {
        Check(window => window.Text.Contains('x', StringComparison.Ordinal) ? GuardVerdict.Block("why") : GuardVerdict.Allow);
        var guard = new GuardedResponse(_options);
        var usage = new TokenUsage { OutputTokens = 7 };
        await Add(
            guard,
            new ContentStarted { Index = 2, Kind = ContentKind.Text },
            new ContentStarted { Index = 0, Kind = ContentKind.Reasoning },
            new ContentStarted { Index = 1, Kind = ContentKind.Refusal },
            new ContentCompleted { Index = 1, Kind = ContentKind.Refusal },
            new UsageUpdated { Usage = usage },
            Words("xyzw", 2));

        guard.IsBlocked.Should().BeTrue();
        _shown.Skip(5).Select(streamEvent => streamEvent switch
        {
            ContentCompleted end => $"{end.Index} {end.Kind}",
            ResponseCompleted end => $"{end.FinishReason} {end.RawFinishReason} {end.Usage!.OutputTokens}",
            _ => streamEvent.GetType().Name,
        }).Should().Equal("0 Reasoning", "2 Text", "ContentFilter why 7");
    }

    [Fact]
    public async Task Block_BeforeTheEnd_ShowsNothingAfterIt()
    {
        Check(_ => GuardVerdict.Block("why"));
        var guard = new GuardedResponse(_options);
        await Add(guard, Words("a", 1), Words("b", 0), Completed());

        _windows.Should().ContainSingle("the first block ended the response").Which.Index.Should().Be(0);
        _shown.Should().ContainSingle().Which.Should().BeOfType<ResponseCompleted>().Which.FinishReason.Should().Be(FinishReason.ContentFilter);
    }

    [Fact]
    public async Task End_OfTheResponse_EndsEveryBlockInOrder()
    {
        Check(_ => GuardVerdict.Allow);
        await Add(new GuardedResponse(_options), Words("b", 5), Words("a", 3), Completed());

        _shown.OfType<TextDelta>().Select(delta => (delta.Index, delta.Text)).Should().Equal((3, "a"), (5, "b"));
    }

    [Fact]
    public async Task End_OfABlock_LeavesTheOthers()
    {
        Check(_ => GuardVerdict.Allow);
        var guard = new GuardedResponse(_options);
        await Add(guard, Words("a", 0), Words("b", 1), new ContentCompleted { Index = 0, Kind = ContentKind.Text });

        _shown.Select(streamEvent => streamEvent.GetType()).Should().Equal(typeof(TextDelta), typeof(ContentCompleted));
        _shown.OfType<TextDelta>().Single().Index.Should().Be(0);
    }

    [Fact]
    public async Task Citation_OfABlockWithoutText_Passes_AndOneOfTextThatWasShownToo()
    {
        _options.Rules.Add(GuardRule.Redact("abc"));
        var guard = new GuardedResponse(_options);
        var (first, second) = (new CitationAdded(4, Source), new CitationAdded(0, Source));
        await Add(guard, first);
        _shown.Should().Equal(first);

        await Add(guard, Words("xyzxyz"));
        await Add(guard, second);
        _shown.Should().HaveCount(2).And.NotContain(second, "three characters before it are not decided");
        await Add(guard, Words("xyz"));
        _shown.Should().HaveCount(4).And.Contain(second);
    }

    [Fact]
    public async Task Citation_WithinTextThatIsChecked_KeepsItsPlace()
    {
        (_options.WindowChars, _options.LookaheadChars) = (4, 4);
        Check(_ => GuardVerdict.Allow);
        var guard = new GuardedResponse(_options);
        var citation = new CitationAdded(0, Source);
        await Add(guard, Words("abcd"), citation, Words("efgh"));
        _shown.Should().BeEmpty();

        await Add(guard, Words("i"));
        _shown.Should().HaveCount(2);
        _shown.Last().Should().BeSameAs(citation);
    }

    [Fact]
    public void Add_TextUpToASurrogatePair_DoesNotSplitIt() =>
        new GuardRuleFilter([GuardRule.Redact("xy")]).Add("a😀b", isLast: false).Should().Be("a");

    [Fact]
    public void Add_PatternThatLooksBack_SeesWhatWasShown()
    {
        var pattern = new System.Text.RegularExpressions.Regex("(?<=abc)d", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
        var filter = new GuardRuleFilter([GuardRule.Redact(pattern, "*", maxChars: 4)]);

        var shown = string.Concat("xxxxxxabcdyyyyyyyy".Select(character => filter.Add(character.ToString(), isLast: false)));
        (shown + filter.Add("", isLast: true)).Should().Be("xxxxxxabc*yyyyyyyy");
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task Block_AfterARestart_DoesNotEndWhatWasDiscarded()
    {
        _options.Rules.Add(GuardRule.Block("stop", "why"));
        await Add(
            new GuardedResponse(_options),
            new ContentStarted { Index = 0, Kind = ContentKind.Text },
            new StreamRestarted { Attempt = 2, Reason = "r", Discarded = [0] },
            Words("stop", 1),
            Completed());

        _shown.Should().NotContain(streamEvent => streamEvent is ContentCompleted);
        _shown.Last().Should().BeOfType<ResponseCompleted>().Which.RawFinishReason.Should().Be("why");
    }

    [Fact]
    public async Task Metadata_OfABlockOfText_IsHeldBack_AndOthersPass()
    {
        _options.Rules.Add(GuardRule.Redact("abc"));
        var guard = new GuardedResponse(_options);
        var (unknown, whole) = (new ProviderMetadata("n", Source, 9), new ProviderMetadata("n", Source));
        await Add(guard, Words("x"), new ContentStarted { Index = 1, Kind = ContentKind.Text }, new ProviderMetadata("n", Source, 0), new ProviderMetadata("n", Source, 1), unknown, whole);

        _shown.OfType<ProviderMetadata>().Should().Equal(unknown, whole);
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task Restart_ForgetsOnlyWhatIsDiscarded()
    {
        _options.Rules.Add(GuardRule.Redact("0123456789"));
        var guard = new GuardedResponse(_options);
        await Add(
            guard,
            new ContentStarted { Index = 0, Kind = ContentKind.Text },
            new ContentStarted { Index = 1, Kind = ContentKind.Text },
            Words("held", 0),
            Words("kept", 1),
            new StreamRestarted { Attempt = 2, Reason = "r", Discarded = [0] },
            new ProviderMetadata("n", Source, 0));
        _shown.Should().ContainSingle(streamEvent => streamEvent is ProviderMetadata, "the block is not known any more");
        _shown.Should().NotContain(streamEvent => streamEvent is TextDelta);

        await Add(guard, Completed());
        _shown.OfType<TextDelta>().Select(delta => delta.Text).Should().Equal("kept");
    }

    [Fact]
    public async Task Report_WhileTextIsHeld_PassesIt()
    {
        _options.Rules.Add(GuardRule.Redact("0123456789"));
        var guard = new GuardedResponse(_options);
        await Add(guard, Words("a"), Input("{", 1), Started(), KeepAlive.Instance, new UsageUpdated { Usage = new TokenUsage() });

        _shown.Should().HaveCount(4).And.NotContain(streamEvent => streamEvent is TextDelta);
        await Add(guard, new ToolCallStarted { Index = 1, CallId = "c", Name = "n" });
        _shown.Skip(4).Select(streamEvent => streamEvent.GetType()).Should().Equal(typeof(TextDelta), typeof(ToolCallStarted));
    }

    private static ToolCallCompleted Call() => new() { Index = 0, CallId = "c", Name = "n", ArgumentsText = "{}" };

    private void Check(Func<GuardWindow, GuardVerdict> check) => _options.Check = (window, _) =>
    {
        _windows.Add(window);
        return new(check(window));
    };

    private async Task Add(GuardedResponse guard, params StreamEvent[] events)
    {
        foreach (var streamEvent in events)
        {
            if (!guard.IsBlocked)
            {
                await guard.AddAsync(streamEvent, _shown, CancellationToken.None);
            }
        }
    }
}
