using Polly;
using Polly.Retry;

namespace Streamline.Resilience;

/// <summary>The retry strategy of Polly with which the attempts of a stream are made, unless the application has its own pipeline.</summary>
internal static class RetryStrategy
{
    /// <summary>The key under which a context holds the attempts that are made with it.</summary>
    public static readonly ResiliencePropertyKey<RetryAttempts> Attempts = new("streamline.attempts");

    public static ResiliencePipeline Build(RetryOptions options, TimeProvider time) => options.MaxAttempts == 1
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.MaxAttempts - 1,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is { } exception
                    && !AsksForTooLong(exception, options.MaxRetryAfter)
                    && options.ShouldHandle(AttemptsOf(arguments.Context).Describe(exception))),
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(Delay(options, arguments.AttemptNumber, arguments.Outcome.Exception)),
                OnRetry = arguments =>
                {
                    AttemptsOf(arguments.Context).Announce(arguments.RetryDelay);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();

    /// <summary>
    /// The delay after the n-th failure, counted from 0. Without a hint it is (¼ … 1) · min(base · 2ⁿ, cap), with one it is hint · (1 … 1½) and at least hint + (0 … 1) · base: jitter
    /// comes after the cap and never shortens the hint, so that many clients do not return in step.
    /// </summary>
    public static TimeSpan Delay(RetryOptions options, int failure, Exception? exception)
    {
        var random = options.NextRandom();
        if (exception is ProviderException { RetryAfter: { } hint })
        {
            return hint + (random * (hint / 2 > options.BaseDelay ? hint / 2 : options.BaseDelay));
        }

        // Beyond 2³⁰ every base delay has long met its cap.
        var doubled = options.BaseDelay.TotalSeconds * Math.Pow(2, Math.Min(failure, 30));
        return TimeSpan.FromSeconds(Math.Min(doubled, options.MaxDelay.TotalSeconds) * (0.25 + (0.75 * random)));
    }

    private static bool AsksForTooLong(Exception exception, TimeSpan longest)
    {
        if (exception is not ProviderException { RetryAfter: { } hint } refusal || hint <= longest)
        {
            return false;
        }

        if (refusal.IsRetryable)
        {
            refusal.Remark = $"There was no further attempt: the provider asks to wait {hint:c}, and {nameof(RetryOptions)}.{nameof(RetryOptions.MaxRetryAfter)} is {longest:c}.";
        }

        return true;
    }

    private static RetryAttempts AttemptsOf(ResilienceContext context) => context.Properties.GetValue(Attempts, null!);
}
