using Polly;
using Polly.Retry;

namespace Streamline;

/// <summary>Builds the Polly pipeline that runs the attempts: what is handled, how long to wait, and the notice before the wait.</summary>
internal static class RetryPipeline
{
    /// <summary>Under this key a context holds the run that it executes.</summary>
    public static readonly ResiliencePropertyKey<RetryRun> Run = new("streamline.retry");

    public static ResiliencePipeline Build(RetryOptions options) =>
        new ResiliencePipelineBuilder { TimeProvider = options.TimeProvider }
            .AddRetry(new RetryStrategyOptions
            {
                // The budget is the run's, which may execute the pipeline several times.
                MaxRetryAttempts = int.MaxValue,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is { } exception && RunOf(arguments.Context).MayRetry(exception)),
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(
                    Delay(options, RunOf(arguments.Context).Attempts, arguments.Outcome.Exception!)),
                OnRetry = arguments => RunOf(arguments.Context).AnnounceAsync(arguments.Outcome.Exception!, arguments.RetryDelay),
            })
            .Build();

    /// <summary>The larger of the provider's wish and (0.75 … 1) · min(base · 2ⁿ, cap): jitter comes after the cap, so that capped clients do not return in step.</summary>
    public static TimeSpan Delay(RetryOptions options, int attemptsMade, Exception exception)
    {
        // Beyond 2³⁰ every base delay has long met its cap.
        var doubled = options.BaseDelay.TotalSeconds * Math.Pow(2, Math.Min(attemptsMade - 1, 30));
        var own = TimeSpan.FromSeconds(Math.Min(doubled, options.MaxDelay.TotalSeconds) * (1 - (options.NextRandom() * 0.25)));
        return exception is ProviderException { RetryAfter: { } hint } && hint > own ? hint : own;
    }

    private static RetryRun RunOf(ResilienceContext context) => context.Properties.GetValue(Run, null!);
}
