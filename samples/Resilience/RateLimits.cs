using System.Globalization;
using Streamline;
using Streamline.Resilience;
using Streamline.Testing;

namespace ResilienceSample;

/// <summary>Four questions at once to a provider that allows ten a second.</summary>
internal static class RateLimits
{
    public static async Task RunAsync()
    {
        Console.WriteLine("Rate limits");
        var provider = new ScriptedProvider(request => ScriptedReply.Text($"You asked: {request.LastUserText}")
            .WithHeader("anthropic-ratelimit-requests-limit", "600").WithHeader("anthropic-ratelimit-requests-remaining", "599"));
        using var http = new HttpClient(provider.CreateHandler());
        var source = StreamProtocols.Anthropic.CreateClient(http, "no-key", "scripted");

        // begin: rate-limit
        var client = new StreamClientBuilder(source)
            .UseRetry()
            .UseRateLimit(options =>
            {
                options.Limits.Add(new RateLimit(RateLimit.Requests, 600));          // per minute
                options.Limits.Add(new RateLimit(RateLimit.InputTokens, 100_000));
                options.Burst = TimeSpan.Zero;                                       // an even pace from the first request on
                options.Priority = request => request.Items.ContainsKey("background") ? -1 : 0;
            })
            .UseTimeouts()
            .Build();
        // end: rate-limit

        await Task.WhenAll(Enumerable.Range(1, 4).Select(number => AskAsync(client, number)));
        Console.WriteLine();
    }

    private static async Task AskAsync(IStreamClient client, int number)
    {
        // begin: rate-limit-events
        await foreach (var streamEvent in client.StreamAsync($"question {number}"))
        {
            switch (streamEvent)
            {
                case RateLimitWait wait:
                    Console.WriteLine($"{number}: waits for {wait.Resource}, position {wait.Position}");
                    break;
                case RateLimitObserved observed:
                    foreach (var window in observed.Windows)
                    {
                        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number}: {window.Remaining} of {window.Limit} {window.Resource} are left"));
                    }

                    break;
                default:
                    break;
            }
        }
        // end: rate-limit-events
    }
}
