namespace Streamline;

/// <summary>Adds the usual middleware to a pipeline.</summary>
public static class StreamClientBuilderDefaultsExtensions
{
    /// <summary>Adds retry, timeouts and backpressure, in the canonical order. An attempt may take one hour in all.</summary>
    /// <param name="builder">The builder. Tools, telemetry and other middleware that belongs outside of these is added before.</param>
    /// <param name="retry">Changes the options of retry; <see langword="null"/> for the defaults.</param>
    /// <param name="timeouts">Changes the time limits; <see langword="null"/> for the defaults.</param>
    /// <param name="backpressure">Changes the options of the buffer; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static StreamClientBuilder UseDefaults(
        this StreamClientBuilder builder, Action<RetryOptions>? retry = null, Action<TimeoutOptions>? timeouts = null, Action<BackpressureOptions>? backpressure = null) =>
        builder
            .UseRetry(retry)
            .UseTimeouts(options =>
            {
                options.Total = TimeoutOptions.DefaultTotal;
                timeouts?.Invoke(options);
            })
            .UseBackpressure(backpressure);
}
