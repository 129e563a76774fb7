using System.Globalization;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using Xunit.Abstractions;

namespace Streamline.Tests.Resilience.RateLimit;

/// <summary>Four clients share the quota of a provider with hard limits: none is refused, and the quota is used.</summary>
public sealed class RateLimitQuotaTests(ITestOutputHelper output)
{
    private const int Clients = 4;
    private const int RequestsPerClient = 40;
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [Trait("Law", "12")]
    [InlineData("requests", 300, 10_000_000, 10_000_000, 1)]
    [InlineData("requests", 300, 10_000_000, 10_000_000, 2)]
    [InlineData("input", 100_000, 300_000, 10_000_000, 3)]
    [InlineData("input", 100_000, 300_000, 10_000_000, 4)]
    [InlineData("output", 100_000, 10_000_000, 200_000, 5)]
    [InlineData("output", 100_000, 10_000_000, 200_000, 6)]
    [InlineData("input", 100_000, 300_000, 10_000_000, 7)]
    [InlineData("input", 100_000, 300_000, 10_000_000, 8)]
    [InlineData("input", 100_000, 300_000, 10_000_000, 9)]
    public async Task FourClients_OneStore_AreNeverRefusedAndUseTheQuota(string binding, long requests, long input, long outputTokens, int seed)
    {
        var provider = new LimitedProvider(_time, requests, input, outputTokens, seed);
        var store = new InMemoryRateLimitStore(_time);
        var clients = Enumerable.Range(0, Clients).Select(_ => new RateLimitStreamClient(provider, Options(store, requests, input, outputTokens), _time)).ToArray();
        using var end = new CancellationTokenSource();
        var workers = clients.SelectMany((client, c) => Enumerable.Range(0, RequestsPerClient).Select(w => WorkAsync(client, (c * RequestsPerClient) + w, end.Token))).ToArray();

        var start = _time.GetUtcNow();
        while (_time.GetUtcNow() < start + TimeSpan.FromMinutes(4))
        {
            await SettleAsync(clients, provider, workers);
            _time.Advance(TimeSpan.FromMilliseconds(20));
        }

        await end.CancelAsync();
        await Task.WhenAll(workers).OrFail();

        // Of the second to the fourth minute: the first one begins with an empty window.
        var log = provider.Log.Where(entry => entry.At >= start + TimeSpan.FromMinutes(1) && entry.At < start + TimeSpan.FromMinutes(4)).ToList();
        var use = binding switch
        {
            "requests" => log.Count / 3d / requests,
            "input" => log.Sum(entry => entry.Input) / 3d / input,
            _ => log.Sum(entry => entry.Output) / 3d / outputTokens,
        };
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{binding}: {provider.Answered} answered, {provider.Refused} refused, {use:P1} of the quota"));
        provider.Refused.Should().Be(0);
        use.Should().BeGreaterThanOrEqualTo(0.95).And.BeLessThanOrEqualTo(1.0);
    }

    private static RateLimitOptions Options(IRateLimitStore store, long requests, long input, long outputTokens)
    {
        var options = new RateLimitOptions { Store = store, MaxWait = null };
        options.Limits.Add(new(Streamline.Resilience.RateLimit.Requests, requests));
        options.Limits.Add(new(Streamline.Resilience.RateLimit.InputTokens, input));
        options.Limits.Add(new(Streamline.Resilience.RateLimit.OutputTokens, outputTokens));
        return options.Copy();
    }

    private static async Task WorkAsync(RateLimitStreamClient client, int number, CancellationToken cancellationToken)
    {
        var random = new Random(number);
        try
        {
            while (true)
            {
                var request = new StreamRequest { Messages = [new ChatMessage(ChatRole.User, new string('x', 400 + random.Next(3600)))] };
                await foreach (var _ in client.StreamAsync(request, cancellationToken))
                {
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    // Until every worker waits: in a queue, or for the provider. One timer for each request that is under way, and one for the head of each queue.
    private async Task SettleAsync(RateLimitStreamClient[] clients, LimitedProvider provider, Task[] workers)
    {
        var patience = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var waiting = clients.Sum(client => client.Waiting);
            if (waiting + provider.Open == Clients * RequestsPerClient && _time.ActiveTimers == provider.Open + clients.Count(client => client.Waiting > 0) && clients.All(client => client.Told == 0))
            {
                return;
            }

            if (Array.Find(workers, worker => worker.IsFaulted) is { } refused)
            {
                await refused;
            }

            await Task.Yield();
            TimeProvider.System.GetElapsedTime(patience).Should().BeLessThan(EventCollector.Patience, $"{waiting} wait, {provider.Open} are open, {_time.ActiveTimers} timers");
        }
    }
}
