using System.Globalization;
using System.Net;
using System.Text;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Shared.RateLimits;

/// <summary>Every row of the table of headers and bodies in which providers tell of their limits.</summary>
public sealed class RateLimitReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    // Anthropic
    [InlineData("anthropic-ratelimit-requests-limit: 50|anthropic-ratelimit-requests-remaining: 49|anthropic-ratelimit-requests-reset: 2026-11-29T12:00:01Z", "requests 50 49 1")]
    [InlineData("anthropic-ratelimit-tokens-limit: 90000|anthropic-ratelimit-tokens-remaining: 88000|anthropic-ratelimit-tokens-reset: 2026-11-29T12:01:20Z", "tokens 90000 88000 80")]
    [InlineData("anthropic-ratelimit-input-tokens-limit: 30000|anthropic-ratelimit-input-tokens-remaining: 0|anthropic-ratelimit-input-tokens-reset: 2026-11-29T12:00:30+00:00", "input-tokens 30000 0 30")]
    [InlineData("Anthropic-RateLimit-Output-Tokens-Limit: 8000|anthropic-ratelimit-output-tokens-remaining: 8000|anthropic-ratelimit-output-tokens-reset: 2026-11-29T12:00:00Z", "output-tokens 8000 8000 0")]
    [InlineData("anthropic-fast-input-tokens-limit: 0|anthropic-fast-input-tokens-remaining: 0|anthropic-fast-output-tokens-limit: 10", "fast-input-tokens 0 0 -;fast-output-tokens 10 - -")]
    [InlineData("anthropic-priority-input-tokens-limit: 10000|anthropic-priority-input-tokens-remaining: 9618|anthropic-priority-input-tokens-reset: 2026-11-29T12:01:00Z", "priority-input-tokens 10000 9618 60")]
    [InlineData("anthropic-ratelimit-unified-5h-status: allowed|anthropic-ratelimit-unified-5h-utilization: 0.25|anthropic-ratelimit-unified-5h-reset: 1795953660", "unified-5h - - 60 0.25 allowed")]
    [InlineData("anthropic-ratelimit-unified-status: rejected|anthropic-ratelimit-unified-reset: 1795953720|anthropic-ratelimit-unified-fallback-percentage: 0.5", "unified - - 120 - rejected")]

    // OpenAI, Azure, Groq: durations of Go
    [InlineData("x-ratelimit-limit-requests: 10,000|x-ratelimit-remaining-requests: 9,999|x-ratelimit-reset-requests: 6m0s", "requests 10000 9999 360")]
    [InlineData("x-ratelimit-limit-tokens: 150000|x-ratelimit-remaining-tokens: 149984|x-ratelimit-reset-tokens: 120ms", "tokens 150000 149984 0.12")]
    [InlineData("x-ratelimit-limit-project-tokens: 5000|x-ratelimit-remaining-project-tokens: 12|x-ratelimit-reset-project-tokens: 1h2m3s", "project-tokens 5000 12 3723")]
    [InlineData("x-ratelimit-limit-requests: 1/0|x-ratelimit-remaining-requests: -1|x-ratelimit-reset-requests: 0s", "requests - - 0")]
    [InlineData("x-ratelimit-limit-tokens: 18000|x-ratelimit-remaining-tokens: 17997|x-ratelimit-reset-tokens: 7.66s", "tokens 18000 17997 7.66")]
    [InlineData("x-ratelimit-limit-requests-day: 14400|x-ratelimit-remaining-requests-day: 14399|x-ratelimit-reset-requests-day: 2m59.56s", "requests-day 14400 14399 179.56")]

    // OpenRouter: Unix milliseconds
    [InlineData("X-RateLimit-Limit: 20|X-RateLimit-Remaining: 0|X-RateLimit-Reset: 1795953660000", "requests 20 0 60")]
    // Mistral, and the names that the IETF proposes: seconds
    [InlineData("X-RateLimit-Remaining: 4", "requests - 4 -")]
    [InlineData("RateLimit-Limit: 100|RateLimit-Remaining: 99|RateLimit-Reset: 30", "requests 100 99 30")]

    // LiteLLM: its own limits first, those of the provider where it has none
    [InlineData("llm_provider-x-ratelimit-limit-tokens: 7|llm_provider-x-ratelimit-remaining-tokens: 6", "tokens 7 6 -")]
    [InlineData("llm_provider-anthropic-ratelimit-requests-limit: 7|x-ratelimit-limit-requests: 3|llm_provider-anthropic-ratelimit-tokens-limit: 8", "requests 3 - -;tokens 8 - -")]

    // APISIX: by instance
    [InlineData("X-AI-RateLimit-Limit-openai: 500|X-AI-RateLimit-Remaining-openai: 400|X-AI-RateLimit-Reset-openai: 60", "tokens@openai 500 400 60")]

    // What cannot be read is left out, never an exception
    [InlineData("x-ratelimit-limit-tokens: many|x-ratelimit-remaining-tokens: |x-ratelimit-reset-tokens: 5 parsecs", "tokens - - -")]
    [InlineData("x-ratelimit-limit-tokens: 99999999999999999999999|x-ratelimit-reset-tokens: 1e300", "tokens - - -")]
    [InlineData("x-request-id: 7|retry-after: 3|x-ratelimit: 1|anthropic-ratelimit-limit: 1|x-ratelimit-limits: 2", "")]
    public void Read_HeadersOfAProvider_BecomeOneRecord(string headers, string expected)
    {
        using var response = new HttpResponseMessage();
        foreach (var header in headers.Split('|'))
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            response.Headers.TryAddWithoutValidation(header[..colon], header[(colon + 1)..].Trim()).Should().BeTrue();
        }

        var windows = RateLimitReader.Read(response.Headers, Now);

        string.Join(';', windows.Select(Describe)).Should().Be(expected);
        windows.Where(window => window.ObservedAt != Now || !window.Raw.Contains(": ", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("""{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"@type":"x/QuotaFailure","violations":[{"quotaMetric":"m","quotaId":"GenerateRequestsPerMinutePerProjectPerModel-FreeTier","quotaValue":"15"}]},{"@type":"x/RetryInfo","retryDelay":"37s"}]}}""", "requests 15 0 -", 37d)]
    [InlineData("""[{"error":{"code":429,"details":[{"violations":[{"quotaId":"GenerateContentInputTokensPerModelPerDay"}]}]}}]""", "input-tokens-day - 0 -", null)]
    [InlineData("""{"type":"error","status":429,"headers":{"x-ratelimit-limit-tokens":"10","x-ratelimit-remaining-tokens":"0","x-ratelimit-reset-tokens":"2s"},"error":{"message":"m"}}""", "tokens 10 0 2", 2d)]
    [InlineData("""{"error":{"message":"Rate limit reached for model `m`. Limit 6000, Used 5800. Please try again in 5.289s. Need more?","code":"rate_limit_exceeded"}}""", "", 5.289)]
    [InlineData("""{"error":{"message":"Please try again in 1m5s."}}""", "", 65d)]
    [InlineData("""{"error":{"message":"Please try again in 20ms."}}""", "", 0.02)]
    [InlineData("""{"error":{"message":"Please try again in 7 seconds."}}""", "", 7d)]
    [InlineData("""{"error":{"message":"Please try again in a while."}}""", "", null)]
    [InlineData("not json", "", null)]
    public void ReadError_BodyOfARefusal_TellsLimitsAndWait(string body, string expected, double? wait)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);

        var error = StreamProtocols.OpenAIChat.ReadError(HttpStatusCode.TooManyRequests, response.Headers, Encoding.UTF8.GetBytes(body), Now);

        string.Join(';', error.RateLimits.Select(Describe)).Should().Be(expected);
        error.RetryAfter?.TotalSeconds.Should().BeApproximately(wait ?? -1, 0.001);
        (error.RetryAfter is null).Should().Be(wait is null);
    }

    [Theory]
    [InlineData("retry-after-ms: 1500|retry-after: 9|x-ratelimit-remaining-tokens: 0|x-ratelimit-reset-tokens: 30s", 1.5)]
    [InlineData("retry-after: 9|x-ratelimit-remaining-tokens: 0|x-ratelimit-reset-tokens: 30s", 9)]
    [InlineData("x-ratelimit-remaining-tokens: 0|x-ratelimit-reset-tokens: 30s", 5)]
    public void ReadError_SeveralHints_TheMostExactOneCounts(string headers, double seconds)
    {
        using var response = new HttpResponseMessage();
        foreach (var header in headers.Split('|'))
        {
            response.Headers.TryAddWithoutValidation(header.Split(": ")[0], header.Split(": ")[1]);
        }

        var error = StreamProtocols.OpenAIChat.ReadError(HttpStatusCode.TooManyRequests, response.Headers, """{"error":{"message":"Try again in 5s"}}"""u8, Now);

        error.RetryAfter.Should().Be(TimeSpan.FromSeconds(seconds));
        error.RateLimits.Should().ContainSingle();
    }

    [Fact]
    public void ReadError_OnlyAReset_IsTheWait()
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("anthropic-ratelimit-requests-remaining", "0");
        response.Headers.TryAddWithoutValidation("anthropic-ratelimit-requests-reset", "2026-11-29T12:00:42Z");

        StreamProtocols.Anthropic.ReadError(HttpStatusCode.TooManyRequests, response.Headers, default, Now).RetryAfter.Should().Be(TimeSpan.FromSeconds(42));
    }

    private static string Describe(RateLimitWindow window)
    {
        var reset = window.ResetAt is { } at ? Math.Round((at - Now).TotalSeconds, 3).ToString(CultureInfo.InvariantCulture) : "-";
        var more = window is { Utilization: null, Status: null } ? "" : string.Create(CultureInfo.InvariantCulture, $" {window.Utilization?.ToString(CultureInfo.InvariantCulture) ?? "-"} {window.Status}");
        return string.Create(CultureInfo.InvariantCulture, $"{window.Resource} {window.Limit?.ToString(CultureInfo.InvariantCulture) ?? "-"} {window.Remaining?.ToString(CultureInfo.InvariantCulture) ?? "-"} {reset}{more}");
    }
}
