using System.Net;
using System.Runtime.CompilerServices;

namespace Streamline.Tests.Resilience.RateLimit;

/// <summary>A provider with hard limits per sliding minute, which refuses what goes past one of them, and says with each response what is left.</summary>
internal sealed class LimitedProvider(TimeProvider time, long requests, long input, long output, int seed) : IStreamClient
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);
    private readonly Queue<(DateTimeOffset At, long Requests, long Input, long Output)> _window = new();

    public int Refused { get; private set; }

    public int Answered { get; private set; }

    /// <summary>How many requests are under way.</summary>
    public int Open { get; private set; }

    public List<(DateTimeOffset At, long Input, long Output)> Log { get; } = [];

    public async IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (inputTokens, outputTokens, first, rest) = Arrive(request);
        await Task.Delay(first, time, cancellationToken);
        yield return new ResponseStarted { Provider = "limited", ResponseId = "r" };
        yield return new RateLimitObserved { Windows = Windows() };
        yield return new UsageUpdated { Usage = new() { InputTokens = inputTokens, OutputTokens = 1 } };
        yield return Make.Words("answer");
        await Task.Delay(rest, time, cancellationToken);
        lock (_lock)
        {
            Open--;
            Answered++;
        }

        yield return new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = new() { InputTokens = inputTokens, OutputTokens = outputTokens } };
    }

    private (long Input, long Output, TimeSpan First, TimeSpan Further) Arrive(StreamRequest request)
    {
        lock (_lock)
        {
            // The estimate of the client is off by a third, either way.
            var inputTokens = (long)(request.Messages[0].Text.Length / 4d * (0.8 + (_random.NextDouble() * 0.6)));
            var outputTokens = 150L + _random.Next(200);
            var (usedRequests, usedInput, usedOutput) = Used();
            if (usedRequests + 1 > requests || usedInput + inputTokens > input || usedOutput + outputTokens > output)
            {
                Refused++;
                throw new ProviderException("limited", HttpStatusCode.TooManyRequests, "rate_limit_error", "slow down") { IsRetryable = true, RetryAfter = TimeSpan.FromSeconds(5) };
            }

            Open++;
            _window.Enqueue((time.GetUtcNow(), 1, inputTokens, outputTokens));
            Log.Add((time.GetUtcNow(), inputTokens, outputTokens));
            return (inputTokens, outputTokens, TimeSpan.FromMilliseconds(100 + _random.Next(200)), TimeSpan.FromMilliseconds(300 + _random.Next(900)));
        }
    }

    private IReadOnlyList<RateLimitWindow> Windows()
    {
        lock (_lock)
        {
            var used = Used();
            return [Window("requests", requests, used.Requests), Window("input-tokens", input, used.Input), Window("output-tokens", output, used.Output)];
        }

        RateLimitWindow Window(string resource, long limit, long used) =>
            new() { Resource = resource, Limit = limit, Remaining = Math.Max(0, limit - used), ResetAt = time.GetUtcNow() + Minute, ObservedAt = time.GetUtcNow(), Raw = "" };
    }

    private (long Requests, long Input, long Output) Used()
    {
        while (_window.TryPeek(out var oldest) && oldest.At <= time.GetUtcNow() - Minute)
        {
            _window.Dequeue();
        }

        return (_window.Sum(entry => entry.Requests), _window.Sum(entry => entry.Input), _window.Sum(entry => entry.Output));
    }
}
