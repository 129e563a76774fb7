using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Events;

/// <summary>Events that say what the pipeline does: they are shown at once, and are not a part of the answer.</summary>
public sealed class NoticeTests
{
    public static TheoryData<StreamEvent> Notices =>
    [
        new CacheAnswered { IsLive = true }, new ClientChanged { Client = "b", Previous = "a", Kind = FailureKind.Other, Reason = "r" }, new HedgeStarted { Client = "b", Delay = TimeSpan.Zero },
        new HedgeEnded { Winner = "a", Loser = "b" }, new RateLimitWait { Resource = "requests", Delay = TimeSpan.Zero, Position = 0 },
    ];

    [Theory]
    [Trait("Law", "6")]
    [MemberData(nameof(Notices), DisableDiscoveryEnumeration = true)]
    public async Task StreamAsync_FailsAfterANotice_IsTriedAgainAndTheNoticeIsShown(StreamEvent notice)
    {
        var client = new FakeStreamClient(Fails(Interrupted(), notice), Ends(Started(), Words("a"), Completed()));

        var events = await new StreamClientBuilder(client).UseTimeProvider(new EagerTimeProvider()).UseRetry().Build().StreamAsync(Request).CollectAsync();

        events.Select(streamEvent => streamEvent.GetType()).Should().Equal(notice.GetType(), typeof(RetryScheduled), typeof(ResponseStarted), typeof(TextDelta), typeof(ResponseCompleted));
    }
}
