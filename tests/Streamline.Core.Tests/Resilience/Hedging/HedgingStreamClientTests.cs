using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Hedging;

/// <summary>What is learned from an answer for the decision on the next second request.</summary>
public sealed class HedgingStreamClientTests
{
    private static readonly HedgingOptions Options = new() { MaxFailureRatio = 0, Budget = 1 };

    private readonly HedgeGovernor _governor = new(Options);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StreamAsync_Fails_CountsAsAFailure(bool hasContent)
    {
        var failure = Overloaded();

        var (events, exception) = await Build(Fails(failure, hasContent ? [Started(), Words("a")] : [Started()])).StreamAsync(Request).CatchAsync();

        exception.Should().BeSameAs(failure);
        events.Should().HaveCount(hasContent ? 2 : 0);
        MayHedge().Should().BeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StreamAsync_IsCancelled_CountsAsNoFailure(bool hasContent)
    {
        using var cancellation = new CancellationTokenSource();
        var events = Build(Stalls(hasContent ? [Words("a"), Words("b")] : [new KeepAlive()])).StreamAsync(Request, cancellation.Token).GetAsyncEnumerator();
        await events.MoveNextAsync();
        if (hasContent)
        {
            await events.MoveNextAsync();
        }

        var next = events.MoveNextAsync().AsTask();
        await cancellation.CancelAsync();
        await FluentActions.Awaiting(() => next.OrFail()).Should().ThrowAsync<OperationCanceledException>();
        await events.DisposeAsync();

        MayHedge().Should().BeTrue();
    }

    [Fact]
    public async Task StreamAsync_Ends_CountsAsNoFailure()
    {
        (await Build(Ends(Started(), Words("a"), Completed())).StreamAsync(Request).CollectAsync()).Should().HaveCount(3);

        MayHedge().Should().BeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StreamAsync_LittleIsLeftOfALimit_IsNoted(bool afterContent)
    {
        var report = new RateLimitObserved { Windows = [new RateLimitWindow { Resource = "requests", Limit = 100, Remaining = 1, ObservedAt = DateTimeOffset.UnixEpoch, Raw = "" }] };

        await Build(Ends(afterContent ? [Started(), Words("a"), report, Completed()] : [Started(), report, Words("a"), Completed()])).StreamAsync(Request).CollectAsync();

        MayHedge().Should().BeFalse();
    }

    private bool MayHedge()
    {
        _governor.NoteEnd(1000, hasFailed: false);
        return _governor.TryTake(1);
    }

    private HedgingStreamClient Build(Func<StreamRequest, CancellationToken, IAsyncEnumerable<StreamEvent>> attempt) => new(new FakeStreamClient(attempt), Options, new ManualTimeProvider(), _governor);
}
