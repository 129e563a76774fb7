using Streamline.TestSupport;

namespace Streamline.Tests.Resilience.RateLimit;

/// <summary>Whose turn it is in an <see cref="AdmissionQueue"/>, who is woken, and how long is waited.</summary>
public sealed class AdmissionTurnTests
{
    private static readonly RateLimitDemand Demand = new() { InputTokens = 1, OutputTokens = 1, Limits = [], Burst = TimeSpan.Zero };
    private static readonly RateLimitDecision Through = new() { ReservationId = "1" };

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Enter_ByPriority_AndThenInOrder()
    {
        var queue = Queue(Through);
        var low = queue.Enter(0, Demand);
        var other = queue.Enter(0, Demand);
        var high = queue.Enter(5, Demand);
        var middle = queue.Enter(3, Demand);

        foreach (var ticket in new[] { low, other, high, middle })
        {
            await queue.TryAdmitAsync(ticket, CancellationToken.None);
        }

        new[] { high, middle, low, other }.Select(ticket => ticket.Position).Should().Equal(0, 0, 2, 3);
        queue.Waiting.Should().Be(2, "the first two are through by now");
    }

    [Fact]
    [Trait("Law", "8")]
    public void Enter_QueueIsFull_TellsHowManyWait()
    {
        var queue = Queue(Through, new RateLimitOptions { MaxQueuedRequests = 2 });
        queue.Enter(0, Demand);
        queue.Enter(0, Demand);

        var thrown = FluentActions.Invoking(() => queue.Enter(9, Demand)).Should().Throw<StreamLimitException>().Which;
        (thrown.LimitName, thrown.Limit, thrown.Actual).Should().Be(("MaxQueuedRequests", 2, 3));
        queue.Waiting.Should().Be(2);
    }

    [Fact]
    public async Task TryAdmitAsync_NotTheFirst_WaitsForTheQueue()
    {
        var queue = Queue(Through);
        queue.Enter(0, Demand);
        var second = queue.Enter(0, Demand);
        second.WaitFor("tokens", TimeSpan.FromSeconds(1), 0);

        (await queue.TryAdmitAsync(second, CancellationToken.None)).Should().BeFalse();

        (second.Resource, second.Delay, second.Position, queue.Open).Should().Be(("queue", TimeSpan.Zero, 1, 0));
    }

    [Fact]
    public async Task TryAdmitAsync_AsManyAreOpenAsMayBe_WaitsForOneToEnd()
    {
        var queue = Queue(Through, new RateLimitOptions { MaxConcurrency = 1 });
        (await queue.TryAdmitAsync(queue.Enter(0, Demand), CancellationToken.None)).Should().BeTrue();
        var second = queue.Enter(0, Demand);
        second.WaitFor("tokens", TimeSpan.FromSeconds(1), 0);

        (await queue.TryAdmitAsync(second, CancellationToken.None)).Should().BeFalse();
        (second.Resource, second.Delay, second.Position, queue.Open).Should().Be(("concurrency", TimeSpan.Zero, 0, 1));
        IsWoken(second).Should().BeFalse();
        queue.Close();
        queue.Open.Should().Be(0);
        IsWoken(second).Should().BeTrue();
        (await queue.TryAdmitAsync(second, CancellationToken.None)).Should().BeTrue();
    }

    [Theory]
    [InlineData("tokens", "tokens")]
    [InlineData(null, "queue")]
    public async Task TryAdmitAsync_StoreSaysToWait_KeepsThePlace(string? resource, string expected)
    {
        var queue = Queue(new RateLimitDecision { Resource = resource, Wait = TimeSpan.FromSeconds(7) });
        var ticket = queue.Enter(0, Demand);
        _time.Advance(TimeSpan.FromSeconds(1));

        (await queue.TryAdmitAsync(ticket, CancellationToken.None)).Should().BeFalse();

        (ticket.Resource, ticket.Delay, ticket.DelaySince, ticket.ReservationId).Should().Be((expected, TimeSpan.FromSeconds(7), _time.GetTimestamp(), null));
        (queue.Open, queue.Waiting, IsWoken(ticket)).Should().Be((0, 1, false));
    }

    [Fact]
    public async Task TryAdmitAsync_StoreFails_KeepsThePlaceAndWakesNobodyElseForGood()
    {
        var queue = new AdmissionQueue("key", new RateLimitOptions(), new Store(new IOException("the store is gone")), _time);
        var ticket = queue.Enter(0, Demand);

        await FluentActions.Awaiting(() => queue.TryAdmitAsync(ticket, CancellationToken.None).AsTask()).Should().ThrowAsync<IOException>();

        (queue.Open, queue.Waiting).Should().Be((0, 1));
    }

    [Fact]
    public async Task TryAdmitAsync_Through_WakesTheNext()
    {
        var queue = Queue(Through);
        var (first, second, third) = (queue.Enter(0, Demand), queue.Enter(0, Demand), queue.Enter(0, Demand));

        (await queue.TryAdmitAsync(first, CancellationToken.None)).Should().BeTrue();

        first.ReservationId.Should().Be("1");
        (queue.Open, queue.Waiting, IsWoken(second), IsWoken(third)).Should().Be((1, 2, true, false));
    }

    [Fact]
    public async Task TryAdmitAsync_WokenBefore_ForgetsIt()
    {
        var queue = Queue(Through);
        queue.Enter(0, Demand);
        var second = queue.Enter(0, Demand);
        second.Wake();

        await queue.TryAdmitAsync(second, CancellationToken.None);

        IsWoken(second).Should().BeFalse();
        second.Wake();
        IsWoken(second).Should().BeTrue();
    }

    [Fact]
    public void Leave_TheFirst_WakesTheNext()
    {
        var queue = Queue(Through);
        var (first, second) = (queue.Enter(0, Demand), queue.Enter(0, Demand));

        queue.Leave(first);

        (queue.Waiting, IsWoken(second)).Should().Be((1, true));
    }

    [Fact]
    public async Task Tell_ClientDoesNotComeBack_TheNextIsWokenAndGoesFirst()
    {
        var queue = Queue(Through);
        var (first, second, third) = (queue.Enter(0, Demand), queue.Enter(0, Demand), queue.Enter(0, Demand));
        using var telling = queue.Tell(first);
        _time.Advance(AdmissionQueue.Patience - TimeSpan.FromTicks(1));
        first.IsAway.Should().BeFalse();
        _time.Advance(TimeSpan.FromTicks(1));

        (first.IsAway, IsWoken(first), IsWoken(second), IsWoken(third)).Should().Be((true, false, true, false));
        _time.Advance(TimeSpan.FromHours(1));
        await queue.TryAdmitAsync(third, CancellationToken.None);
        third.Position.Should().Be(1, "the first is passed over");
        queue.Wake();
        IsWoken(first).Should().BeTrue("it tries as soon as it comes back");
    }

    [Fact]
    public async Task IsAway_ClientComesBack_HasItsPlaceAgain()
    {
        var queue = Queue(Through);
        var (first, second) = (queue.Enter(0, Demand), queue.Enter(0, Demand));
        first.IsAway = true;
        first.Wake();
        await queue.WaitAsync(first, CancellationToken.None);
        first.IsAway.Should().BeFalse();
        (await queue.TryAdmitAsync(second, CancellationToken.None)).Should().BeFalse();

        first.IsAway = true;
        (await queue.TryAdmitAsync(first, CancellationToken.None)).Should().BeTrue();
        first.IsAway.Should().BeFalse();
    }

    [Fact]
    [Trait("Law", "12")]
    public async Task WaitAsync_PartOfTheDelayHasPassed_WaitsForTheRest()
    {
        var queue = Queue(Through, new RateLimitOptions { MaxWait = null });
        var ticket = Waiting(queue, TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(4));

        var waiting = queue.WaitAsync(ticket, CancellationToken.None).AsTask();
        _time.Advance(TimeSpan.FromSeconds(6) - TimeSpan.FromTicks(1));
        _time.ActiveTimers.Should().Be(1);
        _time.Advance(TimeSpan.FromTicks(1));

        await waiting.OrFail();
        _time.ActiveTimers.Should().Be(0);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task WaitAsync_DelayHasPassed_TriesAtOnce(int seconds)
    {
        var queue = Queue(Through, new RateLimitOptions { MaxWait = TimeSpan.FromMinutes(1) });
        var ticket = Waiting(queue, TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(seconds));

        queue.WaitAsync(ticket, CancellationToken.None).AsTask().IsCompletedSuccessfully.Should().BeTrue();
        await FluentActions.Awaiting(() => queue.WaitAsync(ticket, new CancellationToken(canceled: true)).AsTask()).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task WaitAsync_LongerThanItMayWait_FailsAtOnce()
    {
        var queue = Queue(Through, new RateLimitOptions { MaxWait = TimeSpan.FromSeconds(30) });
        var ticket = Waiting(queue, TimeSpan.FromSeconds(20));
        _time.Advance(TimeSpan.FromSeconds(10));
        ticket.WaitFor("tokens", TimeSpan.FromSeconds(20), _time.GetTimestamp());
        queue.WaitAsync(ticket, CancellationToken.None).AsTask().IsCompleted.Should().BeFalse("it is through within the time");
        ticket.WaitFor("tokens", TimeSpan.FromSeconds(21), _time.GetTimestamp());

        var thrown = (await FluentActions.Awaiting(() => queue.WaitAsync(ticket, CancellationToken.None).AsTask()).Should().ThrowAsync<StreamLimitException>()).Which;
        (thrown.LimitName, thrown.Limit, thrown.Actual).Should().Be(("MaxWait", 30_000, 31_000));
        thrown.Message.Should().Be("MaxWait is 30000 ms; found at least 31000 ms.");
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task WaitAsync_NobodyKnowsHowLong_EndsWhenItHasWaitedAsLongAsItMay()
    {
        var queue = Queue(Through, new RateLimitOptions { MaxWait = TimeSpan.FromSeconds(30) });
        var ticket = queue.Enter(0, Demand);
        _time.Advance(TimeSpan.FromSeconds(10));
        var waiting = queue.WaitAsync(ticket, CancellationToken.None).AsTask();
        _time.Advance(TimeSpan.FromSeconds(20) - TimeSpan.FromTicks(1));
        _time.ActiveTimers.Should().Be(1);
        _time.Advance(TimeSpan.FromTicks(1));
        await waiting.OrFail();

        var thrown = (await FluentActions.Awaiting(() => queue.WaitAsync(ticket, CancellationToken.None).AsTask()).Should().ThrowAsync<StreamLimitException>()).Which;
        thrown.Actual.Should().Be(30_000);
    }

    [Fact]
    public void WaitAsync_NoLimitAndNobodyKnowsHowLong_SetsNoTimer()
    {
        var queue = Queue(Through, new RateLimitOptions { MaxWait = null });

        queue.WaitAsync(queue.Enter(0, Demand), CancellationToken.None).AsTask().IsCompleted.Should().BeFalse();

        _time.Advance(TimeSpan.FromDays(100));
        _time.ActiveTimers.Should().Be(0);
    }

    [Fact]
    public async Task WaitAsync_OfATicket_IsNoLongerThanATimerTakes()
    {
        var ticket = Queue(Through).Enter(0, Demand);
        var waiting = ticket.WaitAsync(TimeSpan.FromDays(60), _time, CancellationToken.None).AsTask();
        _time.Advance(AdmissionTicket.LongestWait - TimeSpan.FromTicks(1));
        _time.ActiveTimers.Should().Be(1);
        _time.Advance(TimeSpan.FromTicks(1));

        await waiting.OrFail();
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task WaitAsync_Cancelled_LeavesNoTimer()
    {
        using var cancellation = new CancellationTokenSource();
        var waiting = Queue(Through).Enter(0, Demand).WaitAsync(TimeSpan.FromHours(1), _time, cancellation.Token).AsTask();
        await cancellation.CancelAsync();

        (await FluentActions.Awaiting(() => waiting.OrFail()).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancellation.Token);
        _time.ActiveTimers.Should().Be(0);
    }

    private bool IsWoken(AdmissionTicket ticket) => ticket.WaitAsync(TimeSpan.FromDays(1), _time, CancellationToken.None).AsTask().IsCompleted;

    private AdmissionTicket Waiting(AdmissionQueue queue, TimeSpan delay)
    {
        var ticket = queue.Enter(0, Demand);
        ticket.WaitFor("tokens", delay, _time.GetTimestamp());
        return ticket;
    }

    private AdmissionQueue Queue(RateLimitDecision decision, RateLimitOptions? options = null) => new("key", options ?? new RateLimitOptions(), new Store(decision), _time);

    private sealed class Store : IRateLimitStore
    {
        private readonly Func<RateLimitDecision> _reserve;

        public Store(RateLimitDecision decision) => _reserve = () => decision;

        public Store(Exception failure) => _reserve = () => throw failure;

        public ValueTask<RateLimitDecision> ReserveAsync(string key, RateLimitDemand demand, CancellationToken cancellationToken = default) => new(_reserve());

        public ValueTask ReportAsync(string key, RateLimitReport report, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
