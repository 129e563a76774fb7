using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Retry;

/// <summary>Attempts whose events are there already, so that nothing has to be waited for.</summary>
public sealed class RetryOpeningTests
{
    private readonly ManualTimeProvider _time = new();

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
