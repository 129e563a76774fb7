using System.Text.Json;
using System.Text.RegularExpressions;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Text.Guard;

public sealed partial class GuardStreamClientTests
{
    private static readonly JsonElement Source = JsonElement.Parse("""{"url":"u"}"""u8);

    [Theory]
    [Trait("Law", "1")]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(50)]
    public async Task Windows_AreTheSameHoweverTheTextArrives(int size)
    {
        var windows = new List<string>();
        var events = await Guard(Saying(size, "Hello 😀 wide world, this is it."), guard =>
        {
            (guard.WindowChars, guard.ContextChars, guard.LookaheadChars) = (7, 4, 3);
            guard.Check = (window, _) =>
            {
                windows.Add($"{window.Position}:{window.Context}|{window.Text}|{window.Lookahead}|{window.IsLast}");
                return new(window.Text.Contains("wide", StringComparison.Ordinal) ? GuardVerdict.Replace("???") : GuardVerdict.Allow);
            };
        }).StreamAsync(Request).CollectAsync();

        windows.Should().Equal("0:|Hello 😀| wi|False", "8:o 😀| wide w|orl|False", "15:???|orld, t|his|False", "22:d, t|his is |it.|False", "29: is |it.||True");
        TextOf(events).Should().Be("Hello 😀???orld, this is it.");
    }

    [Fact]
    public async Task Redact_ReplacesTheRangesOfAWindow()
    {
        var client = Guard(Saying(5, "abcdefghij"), guard =>
        {
            (guard.WindowChars, guard.LookaheadChars) = (5, 0);
            guard.Check = (window, _) => new(GuardVerdict.Redact([0..1, ^2..^1], "*"));
        });

        TextOf(await client.StreamAsync(Request).CollectAsync()).Should().Be("*bc*e*gh*j");
    }

    [Fact]
    public async Task Block_EndsTheResponseAsAContentFilterDoes()
    {
        var source = new FakeStreamClient(Stalls(Started(), Open(0), Words("fine, "), new UsageUpdated { Usage = new TokenUsage { OutputTokens = 3 } }, Words("forbidden "), Words("more")));
        var events = await Guard(source, guard => guard.Rules.Add(GuardRule.Block("forbidden", "policy 7"))).StreamAsync(Request).CollectAsync();

        TextOf(events).Should().Be("fine, ");
        events[^2].Should().BeOfType<ContentCompleted>();
        events[^1].Should().BeOfType<ResponseCompleted>().Which.Should().BeEquivalentTo(
            new { FinishReason = FinishReason.ContentFilter, RawFinishReason = "policy 7", Usage = new TokenUsage { OutputTokens = 3 }, Outcome = StreamOutcome.Refused });
        source.Open.Should().Be(0, "the source is left, though it has more to say");
    }

    [Theory]
    [Trait("Law", "9")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancellation_LeavesACheckThatIgnoresItsToken_AndNothingIsShownAfterwards(bool isCall)
    {
        using var cancellation = new CancellationTokenSource();
        var never = new TaskCompletionSource<GuardVerdict>();
        StreamEvent[] answer = isCall ? [Started(), new ToolCallCompleted { Index = 0, CallId = "c", Name = "f", Arguments = Source, ArgumentsText = "{}" }, Completed()] : [Started(), Words("some text"), Words(" more"), Completed()];
        var source = new FakeStreamClient(Stalls(answer));
        var client = Guard(source, guard =>
        {
            guard.WindowChars = 2;
            guard.LookaheadChars = 0;
            guard.Check = (_, _) => Ignoring();
            guard.CheckToolCall = (_, _) => Ignoring();
        });
        var shown = new List<StreamEvent>();

        var reading = async () =>
        {
            await foreach (var streamEvent in client.StreamAsync(Request, cancellation.Token))
            {
                shown.Add(streamEvent);
            }
        };

        await reading.Should().ThrowAsync<OperationCanceledException>().Where(exception => exception.CancellationToken == cancellation.Token);
        shown.Should().OnlyContain(streamEvent => streamEvent is ResponseStarted);
        source.Open.Should().Be(0);

        ValueTask<GuardVerdict> Ignoring()
        {
            cancellation.Cancel();
            return new(never.Task);
        }
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Cancellation_WithinACheckThatAllows_ShowsNothingOfTheWindow()
    {
        using var cancellation = new CancellationTokenSource();
        var client = Guard(Saying(5, "abcdefghij"), guard =>
        {
            (guard.WindowChars, guard.LookaheadChars) = (5, 0);
            guard.Check = async (_, _) =>
            {
                await cancellation.CancelAsync();
                return GuardVerdict.Allow;
            };
        });

        var shown = new List<StreamEvent>();
        var reading = async () =>
        {
            await foreach (var streamEvent in client.StreamAsync(Request, cancellation.Token))
            {
                shown.Add(streamEvent);
            }
        };

        await reading.Should().ThrowAsync<OperationCanceledException>();
        shown.Should().NotContain(streamEvent => streamEvent is TextDelta);
    }

    [Fact]
    public async Task PatternThatTimesOut_EndsTheStreamWithALimitException()
    {
        var pattern = new Regex("(?<run>a+)+$z", RegexOptions.None, TimeSpan.FromMilliseconds(1));
        var client = Guard(Saying(500, new string('a', 1000)), guard => guard.Rules.Add(GuardRule.Redact(pattern)));

        var reading = async () => await client.StreamAsync(Request).CollectAsync();

        (await reading.Should().ThrowAsync<InvalidOperationException>()).WithInnerException<StreamLimitException>().Which.LimitName.Should().Be("MatchTimeout");
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task ToolCall_WaitsForTheTextBeforeIt_AndForItsOwnCheck()
    {
        var events = new List<string>();
        var source = FakeStreamClient.Of(
            Started(), Open(0), Words("short"), new ToolCallStarted { Index = 1, CallId = "c", Name = "rm" }, Input("{}", 1),
            new ToolCallCompleted { Index = 1, CallId = "c", Name = "rm", ArgumentsText = "{}", Arguments = JsonElement.Parse("{}"u8) }, Completed());
        var client = Guard(source, guard =>
        {
            guard.Check = (window, _) =>
            {
                events.Add($"check {window.Text}");
                return new(GuardVerdict.Allow);
            };
            guard.CheckToolCall = (call, _) =>
            {
                events.Add($"check {call.Name}{call.ArgumentsText}");
                return new(GuardVerdict.Block("no deletions"));
            };
        });
        await foreach (var streamEvent in client.StreamAsync(Request))
        {
            events.Add(streamEvent.GetType().Name);
        }

        events.Should().Equal(
            "ResponseStarted", "ContentStarted", "check short", "TextDelta", "ToolCallStarted", "ToolInputDelta", "check rm{}", "ContentCompleted", "ResponseCompleted");
    }

    [Fact]
    public async Task Events_KeepTheirPlaceInTheText_ReportsPass()
    {
        var source = FakeStreamClient.Of(
            Started(), Open(0), Words("abc"), new CitationAdded { Index = 0, Citation = Source }, new KeepAlive(), Words("defghi"),
            new ProviderMetadata { Name = "logprobs", Value = Source, Index = 0 }, Closed(0), Completed());
        var events = await Guard(source, guard => guard.Rules.Add(GuardRule.Redact("cd", "##"))).StreamAsync(Request).CollectAsync();

        events.Select(e => e is TextDelta text ? text.Text : e.GetType().Name).Should().Equal(
            ["ResponseStarted", "ContentStarted", "a", "KeepAlive", "b##efg", "CitationAdded", "hi", "ContentCompleted", "ResponseCompleted"],
            "the place of the citation was redacted, and log probabilities repeat the text");
    }

    [Theory]
    [InlineData(false, true, false)]
    [InlineData(true, true, true)]
    [InlineData(false, false, true)]
    public async Task WhatMayRepeatTheText_IsShownOnlyIfItIsWanted_OrNoTextIsChecked(bool passMetadata, bool checksText, bool isShown)
    {
        var source = FakeStreamClient.Of(
            Started(), new ProviderEvent { Name = "delta/new", Data = "\"cd\"" }, Open(0), Words("abcd"), new ProviderEvent { Name = "delta/new", Data = "\"cd\"" }, Closed(0),
            new ProviderMetadata { Name = "logprobs", Value = Source, Index = 0 }, Completed());
        var events = await Guard(source, guard =>
        {
            guard.PassMetadata = passMetadata;
            guard.CheckToolCall = (_, _) => new(GuardVerdict.Allow);
            if (checksText)
            {
                guard.Rules.Add(GuardRule.Redact("cd", "##"));
            }
        }).StreamAsync(Request).CollectAsync();

        events.Count(e => e is ProviderEvent).Should().Be(isShown ? 2 : 0);
        events.Count(e => e is ProviderMetadata).Should().Be(isShown ? 1 : 0, "the metadata of a block comes after its end too");
        TextOf(events).Should().Be(checksText ? "ab##" : "abcd");
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task Restart_ForgetsWhatWasHeld()
    {
        var source = FakeStreamClient.Of(
            Started(), Open(0), Words("held"), new StreamRestarted { Attempt = 2, Reason = "r", Discarded = [0] }, Started("r2"), Open(1), Words("new", 1), Closed(1), Completed());
        var events = await Guard(source, guard => guard.Rules.Add(GuardRule.Redact("0123456789"))).StreamAsync(Request).CollectAsync();

        events.OfType<TextDelta>().Select(delta => delta.Text).Should().Equal("new");
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task CheckThatThrows_EndsTheStream_AndShowsNothingUndecided()
    {
        var source = new FakeStreamClient(Stalls(Started(), Open(0), Words("allowed!"), Words("withheld"), Words("more")));
        var (events, exception) = await Guard(source, guard =>
        {
            (guard.WindowChars, guard.LookaheadChars) = (8, 0);
            guard.Check = (window, _) => window.Position == 0 ? new(GuardVerdict.Allow) : throw new InvalidTimeZoneException("down");
        }).StreamAsync(Request).CatchAsync();

        TextOf(events).Should().Be("allowed!");
        exception.Should().BeOfType<InvalidTimeZoneException>();
        PartialResponse.TryGet(exception!, out var partial).Should().BeTrue();
        partial!.Text.Should().Be("allowed!");
        source.Open.Should().Be(0);
    }

    [CorpusFact(Recordings.Pydantic)]
    public async Task RecordedStreams_ShowNothingOfWhatIsRedacted()
    {
        foreach (var recording in Recordings.All().Where((_, i) => i % 5 == 0))
        {
            var original = (await recording.Protocol.ReadAsync(new MemoryStream(recording.Body)).CatchAsync()).Events;
            var guarded = (await Guard(FakeStreamClient.Of([.. original]), guard => guard.Rules.Add(GuardRule.Redact(Word(), "w"))).StreamAsync(Request).CatchAsync()).Events;
            var words = original.Where(e => e is TextDelta or ReasoningDelta or RefusalDelta).SelectMany(e => Word().Matches(DeltaText.Of(e)!)).Select(match => match.Value)
                .Where(word => word.Length > 12).ToHashSet();
            var shown = guarded.Where(e => e is TextDelta or ReasoningDelta or RefusalDelta or ContentCompleted { Kind: ContentKind.Text or ContentKind.Reasoning }).ToLines();

            words.Should().NotContain(word => shown.Contains(word), recording.File);
        }
    }

    [Fact]
    public void Build_GuardOutsideOfTools_IsRejected()
    {
        var builder = new StreamClientBuilder(FakeStreamClient.Of()).UseGuard(guard => guard.Rules.Add(GuardRule.Redact("x"))).Use(StreamStage.Tools, (inner, _) => inner);

        builder.Invoking(b => b.Build()).Should().Throw<InvalidOperationException>().WithMessage("UseGuard is outside of UseTools: tools would run before their calls are checked.*UseTools, UseGuard.");
        FluentActions.Invoking(() => builder.UseGuard(_ => { })).Should().Throw<ArgumentException>().WithMessage("*neither rules nor a check*");
    }

    private static IStreamClient Guard(IStreamClient source, Action<GuardOptions> configure) => new StreamClientBuilder(source).UseGuard(configure).Build();

    private static FakeStreamClient Saying(int size, string text) =>
        FakeStreamClient.Of([Started(), Open(0), .. text.Chunk(size).Select(chars => Words(new string(chars))), Closed(0), Completed()]);

    private static ContentStarted Open(int index) => new() { Index = index, Kind = ContentKind.Text };

    private static ContentCompleted Closed(int index) => new() { Index = index, Kind = ContentKind.Text };

    [GeneratedRegex(@"\w+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();
}
