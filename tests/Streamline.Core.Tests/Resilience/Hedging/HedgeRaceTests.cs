using System.Threading.Channels;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Hedging;

/// <summary>One race, step by step: when the second request is sent, who wins, and what is learned from it.</summary>
public sealed class HedgeRaceTests
{
    private static readonly double Tokens = RequestSize.EstimateTokens(Request);
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time = new();
    private readonly Steps _primary = new();
    private readonly Steps _hedge = new();
    private readonly HedgingOptions _options;
    private readonly HedgeGovernor _governor;

    public HedgeRaceTests()
    {
        _options = new HedgingOptions { Client = _hedge, MinimumRequests = 1, Budget = 1 };
        _governor = new HedgeGovernor(_options);
        _governor.NoteTime(Request, Tokens, Usual);
        _governor.NoteEnd(1000, hasFailed: false);
    }

    [Fact]
    public async Task MoveNextAsync_FirstFailsWhileTheSecondRuns_TheSecondAnswers()
    {
        await using var race = Race();
        await StartHedgeAsync(race);
        await _primary.FailAsync(Overloaded());
        var next = race.MoveNextAsync().AsTask();
        await _hedge.SendAsync(Words("a"));

        (await next.OrFail()).Should().BeTrue();
        race.Current.Should().BeEquivalentTo(new { Winner = "hedge", Loser = "primary", LoserFailed = true, LoserUsage = (TokenUsage?)null });
        race.Failure.Should().BeNull();
        (await race.MoveNextAsync()).Should().BeFalse();
    }

    [Fact]
    public async Task MoveNextAsync_BothFail_IsTheFailureOfTheFirst()
    {
        var (first, second) = (Overloaded(), Interrupted());
        await using var race = Race();
        await StartHedgeAsync(race);
        await _hedge.FailAsync(second);
        await _primary.FailAsync(first);

        (await race.MoveNextAsync().AsTask().OrFail()).Should().BeFalse();
        race.Failure.Should().BeSameAs(first);
        race.Winner.Should().BeNull();
    }

    [Fact]
    public async Task MoveNextAsync_SecondWins_TheTimeOfTheFirstIsNotKnown()
    {
        await using var race = Race();
        await StartHedgeAsync(race);
        _time.Advance(TimeSpan.FromSeconds(2));
        await _hedge.SendAsync(Words("a"));
        (await race.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();

        _governor.DelayOf(Request, Tokens).Should().Be(Usual, "only that it took longer");
    }

    [Fact]
    public async Task MoveNextAsync_FirstWins_ItsTimeIsLearned()
    {
        await using var race = Race();
        var next = race.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));
        (await next.OrFail()).Should().BeTrue();
        _time.Advance(TimeSpan.FromSeconds(2));
        await _primary.SendAsync(Words("a"));
        (await race.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();

        race.Current.Should().BeEquivalentTo(new { Winner = "primary", LoserFailed = false });
        _governor.DelayOf(Request, Tokens).Should().Be(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task MoveNextAsync_LoserIsClosed_HasNotFailedByItself()
    {
        for (var i = 0; i < 50; i++)
        {
            var (primary, hedge) = (new Steps(), new Steps());
            _options.Client = hedge;
            await using var race = new HedgeRace(primary, Request, _options, _governor, _time, CancellationToken.None);
            await StartHedgeAsync(race);
            await hedge.SendAsync(Words("a"));
            (await race.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();

            race.Current.Should().BeOfType<HedgeEnded>().Which.LoserFailed.Should().BeFalse();
        }
    }

    [Fact]
    public async Task MoveNextAsync_LoserHasWritten_CostsItsOutput()
    {
        await using var race = Race();
        await StartHedgeAsync(race);
        await _primary.SendAsync(new UsageUpdated { Usage = new() { InputTokens = 3, OutputTokens = 900 } });
        var next = race.MoveNextAsync().AsTask();
        next.IsCompleted.Should().BeFalse();
        await _hedge.SendAsync(Words("a"));
        (await next.OrFail()).Should().BeTrue();

        race.Current.Should().BeOfType<HedgeEnded>().Which.LoserUsage!.OutputTokens.Should().Be(900);
        _governor.TryTake(101 - Tokens).Should().BeFalse();
        _governor.TryTake(99 - Tokens).Should().BeTrue();
    }

    [Fact]
    public async Task MoveNextAsync_SeveralNoticesOfWaiting_AreNoTimeOfTheProvider()
    {
        await _primary.SendAsync(new RateLimitWait { Resource = "requests", Delay = TimeSpan.Zero, Position = 0 });
        await _primary.SendAsync(new RetryScheduled { Attempt = 2, Delay = TimeSpan.Zero, Reason = "r" });
        await using var race = Race();
        (await race.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        (await race.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        var next = race.MoveNextAsync().AsTask();
        _time.ActiveTimers.Should().Be(0, "it is not late");
        _time.Advance(TimeSpan.FromSeconds(9));
        await _primary.SendAsync(Words("a"));

        (await next.OrFail()).Should().BeFalse();
        race.Winner!.Name.Should().Be("primary");
        _governor.DelayOf(Request, Tokens).Should().Be(Usual);
    }

    [Fact]
    [Trait("Law", "12")]
    public async Task MoveNextAsync_EventsWithoutContent_DoNotPutOffTheSecondRequest()
    {
        await _primary.SendAsync(new KeepAlive());
        await using var race = Race();
        (await race.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        _time.Advance(TimeSpan.FromSeconds(0.4));

        var next = race.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(0.6));

        (await next.OrFail()).Should().BeTrue();
        race.Current.Should().BeOfType<HedgeStarted>().Which.Delay.Should().Be(Usual);
    }

    [Fact]
    public async Task MoveNextAsync_ConsumerComesBackLater_TheSecondRequestIsSentAtOnce()
    {
        await _primary.SendAsync(new KeepAlive());
        await using var race = Race();
        (await race.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        _time.Advance(TimeSpan.FromSeconds(5));

        (await race.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();

        race.Current.Should().BeOfType<HedgeStarted>().Which.Delay.Should().Be(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task MoveNextAsync_NoBudget_WaitsForTheFirst()
    {
        _governor.TryTake(1000).Should().BeTrue();
        await using var race = Race();
        var next = race.MoveNextAsync().AsTask();
        _time.Advance(Usual);
        await _primary.SendAsync(new KeepAlive());
        (await next.OrFail()).Should().BeTrue();
        next = race.MoveNextAsync().AsTask();
        _governor.NoteEnd(1000, hasFailed: false);
        await _primary.SendAsync(new KeepAlive());
        (await next.OrFail()).Should().BeTrue();
        race.Current.Should().BeOfType<KeepAlive>();
        next = race.MoveNextAsync().AsTask();
        await _primary.SendAsync(Words("a"));

        (await next.OrFail()).Should().BeFalse("it is decided once for each answer");
        race.Winner!.Name.Should().Be("primary");
        _hedge.Requests.Should().Be(0);
    }

    private HedgeRace Race() => new(_primary, Request, _options, _governor, _time, CancellationToken.None);

    private async Task StartHedgeAsync(HedgeRace race)
    {
        var next = race.MoveNextAsync().AsTask();
        _time.Advance(Usual);
        (await next.OrFail()).Should().BeTrue();
        race.Current.Should().BeOfType<HedgeStarted>();
    }

    /// <summary>A client whose stream is sent event by event.</summary>
    private sealed class Steps : IStreamClient
    {
        private readonly Channel<StreamEvent> _events = Channel.CreateUnbounded<StreamEvent>(new() { AllowSynchronousContinuations = true });

        public int Requests { get; private set; }

        /// <summary>Sends an event. A reader that waits for it has taken it by the end: away from the test's synchronization context, continuations run at once.</summary>
        public Task<bool> SendAsync(StreamEvent streamEvent) => Task.Run(() => _events.Writer.TryWrite(streamEvent));

        public Task FailAsync(Exception exception) => Task.Run(() => _events.Writer.Complete(exception));

        public IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default)
        {
            Requests++;
            return _events.Reader.ReadAllAsync(cancellationToken);
        }
    }
}
