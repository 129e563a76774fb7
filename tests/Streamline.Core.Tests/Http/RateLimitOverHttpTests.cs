using System.Net;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Tests.Http;

/// <summary>What the headers of a response say about rate limits, with real wires.</summary>
public sealed class RateLimitOverHttpTests
{
    public static TheoryData<string> All => Wires.All();

    [Theory]
    [MemberData(nameof(All))]
    public async Task StreamAsync_HeadersTellLimits_TheyComeOnceAfterTheFirstEvent(string wire)
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("The answer.").WithHeader("x-ratelimit-limit-tokens", "100").WithHeader("x-ratelimit-remaining-tokens", "7"));

        var events = await Wires.ClientOf(provider, wire).StreamAsync("Hi").CollectAsync();

        events[0].Should().NotBeOfType<RateLimitObserved>("the first event ends the wait for it");
        var window = events[1].Should().BeOfType<RateLimitObserved>().Which.Windows.Should().ContainSingle().Which;
        window.Should().BeEquivalentTo(new { Resource = "tokens", Limit = 100L, Remaining = 7L, Raw = "x-ratelimit-limit-tokens: 100; x-ratelimit-remaining-tokens: 7" });
        events.OfType<RateLimitObserved>().Should().ContainSingle();
        events[^1].Should().BeOfType<ResponseCompleted>();
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "10")]
    public async Task StreamAsync_RefusalWithHeaders_TheExceptionHasThem(string wire)
    {
        var provider = new ScriptedProvider(ScriptedReply.Error(HttpStatusCode.TooManyRequests, "slow down").WithHeader("x-ratelimit-remaining-requests", "0").WithHeader("x-ratelimit-reset-requests", "9s"));

        var (_, exception) = await Wires.ClientOf(provider, wire).StreamAsync("Hi").CatchAsync();

        var error = exception.Should().BeOfType<ProviderException>().Which;
        error.RateLimits.Should().ContainSingle().Which.Remaining.Should().Be(0);
        error.RetryAfter!.Value.TotalSeconds.Should().BeApproximately(9, 0.5);
    }
}
