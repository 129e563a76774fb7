namespace Streamline;

/// <summary>Adds rate limits to a pipeline.</summary>
public static class RateLimitStreamClientBuilderExtensions
{
    /// <summary>Sends requests no faster than the provider's rate limits allow: those that the options name, and those that the provider reports with its responses.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// <para>A request that has to wait says so by <see cref="RateLimitWait"/>. When its turn has come it is sent, and its reservation of tokens is corrected as soon as its usage is known.</para>
    /// <para>Belongs inside of retry, so that each attempt is counted, and outside of timeouts, so that waiting is not limited by them.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">Two limits are of one resource.</exception>
    public static StreamClientBuilder UseRateLimit(this StreamClientBuilder builder, Action<RateLimitOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new RateLimitOptions();
        configure?.Invoke(options);
        options = options.Copy();
        return builder.Use(StreamStage.RateLimit, (inner, context) => new RateLimitStreamClient(inner, options, options.TimeProvider ?? context.TimeProvider));
    }
}
