using Microsoft.Extensions.AI;
using Polly;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Retry;

/// <summary>What is shown of an attempt before its first content, and how another attempt is announced.</summary>
public sealed class RetryOpeningTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly ShownBlocks _shown = new();
    private readonly RetryOptions _options = new();
    private readonly RetryOpening _opening;
    private readonly RetryAttempts _attempts;
    private readonly RetryRecovery _recovery;

    public RetryOpeningTests()
    {
        _opening = new RetryOpening(_shown, maxHeldEvents: 10);
        _attempts = new RetryAttempts(ResiliencePipeline.Empty, isOwn: true, _shown, before: 0, CancellationToken.None);
        _recovery = new RetryRecovery(FakeStreamClient.Of(), Request, _options, _shown);
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task StreamAsync_NoticeBeforeTheResponse_DoesNotShowWhatComesBeforeContent()
    {
        var notice = new RateLimitWait { Resource = "requests", Delay = TimeSpan.Zero, Position = 0 };
        var client = new FakeStreamClient(
            AtOnce(Interrupted(), notice, Started("lost")),
            AtOnce(null, notice, Started("kept"), Words("a"), Words("b"), Completed()));

        var (events, exception) = await _time.RunAsync(new StreamClientBuilder(client).UseTimeProvider(_time).UseRetry().Build().StreamAsync(Request));

        exception.Should().BeNull();
        events.Select(streamEvent => streamEvent.GetType()).Should().Equal(
            typeof(RateLimitWait), typeof(RetryScheduled), typeof(RateLimitWait), typeof(ResponseStarted), typeof(TextDelta), typeof(TextDelta), typeof(ResponseCompleted));
        events.OfType<ResponseStarted>().Single().ResponseId.Should().Be("kept");
    }

    [Fact]
    public async Task MoveNextAsync_AfterTheEnd_StaysThere()
    {
        var client = new FakeStreamClient(AtOnce(null, Started(), Words("a"), Completed()));
        await using var events = new StreamClientBuilder(client).UseRetry().Build().StreamAsync(Request).GetAsyncEnumerator();
        while (await events.MoveNextAsync())
        {
        }

        (await events.MoveNextAsync()).Should().BeFalse();
        client.Requests.Should().ContainSingle();
    }

    [Fact]
    public void Add_Continuation_IsShownAtOnce_AndSoIsWhatFollows()
    {
        Show(Words("a"));
        _opening.Break(Interrupted(), isResumed: false);
        var resumed = new StreamResumed { Attempt = 2, Reason = "r", Strategy = ResumeStrategy.Prefill };

        _opening.Add(resumed, _attempts, _recovery);

        _opening.IsLive.Should().BeFalse("the announcement comes first");
        Take().Should().Equal(resumed);
        _opening.IsLive.Should().BeTrue();
    }

    [Fact]
    public void Add_WithoutContent_IsHeldUntilThereIsSome()
    {
        var (started, words) = (Started(), Words("a"));
        Add(started);
        _opening.IsOver.Should().BeFalse();
        Take().Should().BeEmpty();
        _opening.Latest.Should().BeSameAs(started);

        Add(words);
        _opening.IsOver.Should().BeTrue();
        _opening.IsLive.Should().BeFalse("what was held comes first");
        Take().Should().Equal(started, words);
        _opening.IsLive.Should().BeTrue();
    }

    [Fact]
    public void End_AfterABrokenResponse_AnnouncesThatItIsDiscarded()
    {
        Show(Words("a", index: 3));
        _opening.Break(Interrupted(), isResumed: false);

        _opening.End(_attempts, _recovery);

        Take().Should().ContainSingle().Which.Should().BeOfType<StreamRestarted>().Which.Discarded.Should().Equal(3);
        _opening.IsOver.Should().BeTrue();
        _opening.IsLive.Should().BeFalse("nothing follows");
    }

    [Fact]
    public void End_InPlaceOfTheRest_DiscardsNothing()
    {
        Show(Words("a"));
        var failure = Resumable();
        Decide(failure, isBroken: true);
        _opening.Break(failure, isResumed: true);

        _opening.End(_attempts, _recovery);

        Take().Should().BeEmpty("the response ended where it was cut");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Break_WhatIsHeld_RemainsOnlyIfTheSameResponseGoesOn(bool isResumed)
    {
        var started = Started();
        Add(started);
        _opening.Break(Interrupted(), isResumed);
        var words = Words("a");
        Add(words);

        Take().Should().Equal(isResumed ? [started, words] : [words]);
    }

    [Fact]
    public void Reopen_AfterAnEnd_HoldsAgain()
    {
        Show(Words("a"));
        Show(new UsageUpdated { Usage = new TokenUsage() });
        _opening.End(_attempts, _recovery);
        _opening.Reopen();
        _opening.IsOver.Should().BeFalse();
        _opening.Latest.Should().BeNull();

        Add(Started());
        Take().Should().BeEmpty();
        Add(Words("b"));
        _opening.IsLive.Should().BeFalse();
        Take().Should().HaveCount(2);
        _opening.IsLive.Should().BeTrue();
    }

    [Fact]
    [Trait("Law", "6")]
    public void Add_TheRestOfAResponse_IsAnnouncedFirst()
    {
        Show(Words("a"));
        var failure = Resumable();
        Decide(failure, isBroken: true);
        _opening.Break(failure, isResumed: true);
        var words = Words("b");

        _opening.Add(words, _attempts, _recovery);

        var shown = Take();
        shown.Should().HaveCount(2);
        shown[0].Should().BeOfType<StreamResumed>().Which.Should().BeEquivalentTo(new { Attempt = 0, Reason = FailureWords.Of(failure), Strategy = ResumeStrategy.ServerResume });
        shown[1].Should().BeSameAs(words);
        _recovery.Resuming.Should().BeNull();
        _opening.IsLive.Should().BeTrue();
    }

    [Fact]
    public void Add_TheRestOfAResponseThatWasHeld_NeedsNoAnnouncement()
    {
        var started = Started();
        Add(started);
        var failure = Resumable();
        Decide(failure, isBroken: false);
        _opening.Break(failure, isResumed: true);
        var words = Words("b");

        _opening.Add(words, _attempts, _recovery);

        Take().Should().Equal(started, words);
        _recovery.Resuming.Should().BeNull();
    }

    [Fact]
    [Trait("Law", "6")]
    public void Add_AnotherResponseInPlaceOfTheRest_IsAFailureOfTheOneThatWasShown()
    {
        Show(Words("a"));
        var failure = Resumable();
        Decide(failure, isBroken: true);
        _opening.Break(failure, isResumed: true);

        FluentActions.Invoking(() => _opening.Add(Started(), _attempts, _recovery)).Should().Throw<StreamInterruptedException>().Which.Should().BeSameAs(failure);
        failure.Attempts.Should().Be(1);
    }

    [Fact]
    public void Add_AnotherResponseInPlaceOfTheRest_RestartsWhereThatIsAllowed()
    {
        _options.MidStream = MidStreamPolicy.Restart;
        Show(Words("a"));
        var failure = Resumable();
        Decide(failure, isBroken: true);
        _opening.Break(failure, isResumed: true);
        var (started, words) = (Started(), Words("b"));

        _opening.Add(started, _attempts, _recovery);
        _recovery.Resuming.Should().BeNull();
        _recovery.Strategy.Should().BeNull();
        _opening.Add(words, _attempts, _recovery);

        Take().Select(streamEvent => streamEvent.GetType()).Should().Equal(typeof(StreamRestarted), typeof(ResponseStarted), typeof(TextDelta));
    }

    [Fact]
    public void Add_AnotherResponseInPlaceOfTheRestOfOneThatWasHeld_TakesItsPlace()
    {
        Add(Started("lost"));
        var failure = Resumable();
        Decide(failure, isBroken: false);
        _opening.Break(failure, isResumed: true);
        var (started, words) = (Started("kept"), Words("b"));

        _opening.Add(started, _attempts, _recovery);
        _opening.Add(words, _attempts, _recovery);

        Take().Should().Equal(started, words);
    }

    private static StreamInterruptedException Resumable()
    {
        var exception = Interrupted();
        PartialResponse.Set(exception, new ChatResponse { ContinuationToken = new ResumptionToken(new byte[] { 1 }, new object(), lastEvent: null) });
        return exception;
    }

    private void Decide(Exception failure, bool isBroken)
    {
        _recovery.Decide(failure, latest: null, isBroken, state: null, out var decided).Should().BeTrue();
        decided.Should().BeSameAs(failure);
        _recovery.Strategy.Should().Be(ResumeStrategy.ServerResume);
    }

    private void Add(StreamEvent streamEvent) => _opening.Add(streamEvent, _attempts, recovery: null);

    private void Show(StreamEvent streamEvent)
    {
        Add(streamEvent);
        Take().Should().Equal(streamEvent);
    }

    private List<StreamEvent> Take()
    {
        var taken = new List<StreamEvent>();
        while (_opening.TryTake(out var streamEvent))
        {
            taken.Add(streamEvent);
            _shown.Add(streamEvent);
        }

        return taken;
    }

#pragma warning disable CS1998 // Nothing is waited for.
    private static async IAsyncEnumerable<StreamEvent> AtOnceAsync(Exception? failure, StreamEvent[] events)
#pragma warning restore CS1998
    {
        foreach (var streamEvent in events)
        {
            yield return streamEvent;
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    private static Func<StreamRequest, CancellationToken, IAsyncEnumerable<StreamEvent>> AtOnce(Exception? failure, params StreamEvent[] events) => (_, _) => AtOnceAsync(failure, events);
}
