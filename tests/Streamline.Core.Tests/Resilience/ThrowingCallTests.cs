using System.Net;
using Microsoft.Extensions.Logging;
using Streamline.Tests.Hosting;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience;

/// <summary>Clients that throw out of <see cref="IStreamClient.StreamAsync"/> itself fail like those that throw while they are enumerated.</summary>
public sealed class ThrowingCallTests
{
    private readonly ManualTimeProvider _time = new();

    private static ProviderException Refusal => new("test", HttpStatusCode.TooManyRequests, null, null) { RetryAfter = TimeSpan.FromSeconds(30) };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task UseRateLimit_Refusal_HoldsTheNextRequestBack(bool outOfTheCall)
    {
        var client = new StreamClientBuilder(new RefusingClient(outOfTheCall)).UseTimeProvider(_time).UseRateLimit().Build();
        (await client.StreamAsync(Request).CatchAsync()).Exception.Should().BeOfType<ProviderException>();

        await using var next = client.StreamAsync(Request).GetAsyncEnumerator();
        (await next.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();

        next.Current.Should().BeOfType<RateLimitWait>().Which.Should().Match<RateLimitWait>(wait => wait.Resource == "retry-after" && wait.Delay >= TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task UseLogging_Refusal_IsLogged(bool outOfTheCall)
    {
        using var log = new LogList();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(log));
        var client = new StreamClientBuilder(new RefusingClient(outOfTheCall)).UseTimeProvider(_time).UseLogging(options => options.LoggerFactory = factory).Build();

        (await client.StreamAsync(Request).CatchAsync()).Exception.Should().BeOfType<ProviderException>();

        log.Lines.Should().ContainSingle(line => line.Contains(nameof(ProviderException), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("timeouts")]
    [InlineData("backpressure")]
    [InlineData("retry")]
    [InlineData("hedging")]
    [InlineData("cache")]
    [InlineData("smoothing")]
    [InlineData("defaults")]
    public async Task Stage_ClientThrowsOutOfTheCall_GivesItsExceptionAndLeavesNothing(string stage)
    {
        var builder = new StreamClientBuilder(new RefusingClient(outOfTheCall: true)).UseTimeProvider(_time);
        var client = (stage switch
        {
            "timeouts" => builder.UseTimeouts(),
            "backpressure" => builder.UseBackpressure(),
            "retry" => builder.UseRetry(),
            "hedging" => builder.UseHedging(),
            "cache" => builder.UseCache(),
            "smoothing" => builder.UseSmoothing(),
            _ => builder.UseDefaults(),
        }).Build();

        (await client.StreamAsync(Request).CatchAsync()).Exception.Should().BeOfType<ProviderException>();
        _time.ActiveTimers.Should().Be(0);
    }

    private sealed class RefusingClient(bool outOfTheCall) : IStreamClient
    {
        public IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default) =>
            outOfTheCall ? throw Refusal : FakeStreamClient.StreamThenThrow(Refusal);
    }
}
