using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience;

/// <summary>A caller that has cancelled gets none of the events that the cache still has.</summary>
[Trait("Law", "9")]
public sealed class CancelledConsumerTests
{
    private static readonly StreamEvent[] Answer =
        [Started(), .. Enumerable.Range(0, 300).Select(number => Words($"{number} ")), new ResponseCompleted { FinishReason = FinishReason.Stop }];

    [Theory]
    [InlineData("stored", true)]
    [InlineData("stored", false)]
    [InlineData("live", true)]
    [InlineData("live", false)]
    public async Task MoveNextAsync_CallerHasCancelled_Throws(string stage, bool ofCall)
    {
        var source = new FakeStreamClient((_, _) => FakeStreamClient.Stream(Answer));
        var builder = new StreamClientBuilder(source);
        var client = (stage switch
        {
            "stored" => builder.UseCache(options => options.Cache = new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()))),
            _ => builder.UseCache(),
        }).Build();
        if (stage == "stored")
        {
            await client.StreamAsync(Request).CollectAsync();
        }

        using var cancellation = new CancellationTokenSource();
        var (call, enumeration) = ofCall ? (cancellation.Token, CancellationToken.None) : (CancellationToken.None, cancellation.Token);
        await using var events = client.StreamAsync(Request, call).GetAsyncEnumerator(enumeration);
        for (var i = 0; i < 5; i++)
        {
            (await events.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        }

        await cancellation.CancelAsync();

        var cancelled = (await FluentActions.Awaiting(() => events.MoveNextAsync().AsTask().OrFail()).Should().ThrowAsync<OperationCanceledException>()).Which;
        cancelled.CancellationToken.Should().Be(cancellation.Token);
        cancelled.GetPartialResponse()!.Text.Should().StartWith("0 1 2").And.NotContain("5", "nothing is in it that was not shown");
    }

    [Fact]
    public async Task MoveNextAsync_CallerCancelsAfterTheLastEvent_Ends()
    {
        using var cancellation = new CancellationTokenSource();
        await using var events = new StreamClientBuilder(FakeStreamClient.Of(Answer)).UseCache().Build().StreamAsync(Request, cancellation.Token).GetAsyncEnumerator(CancellationToken.None);
        do
        {
            (await events.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        }
        while (events.Current is not ResponseCompleted);
        await cancellation.CancelAsync();

        (await events.MoveNextAsync().AsTask().OrFail()).Should().BeFalse();
    }
}
