namespace Streamline;

/// <summary>Adds retrying to a pipeline.</summary>
public static class RetryStreamClientBuilderExtensions
{
    /// <summary>Sends a failed request again: without a trace before content was shown, and after it as <see cref="RetryOptions.MidStream"/> says.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// <para>
    /// Events without content are held back until the first one with content and are dropped with a failed attempt.
    /// <see cref="RetryScheduled"/>, <see cref="RateLimitWait"/> and <see cref="KeepAlive"/> are shown at once, the former before its delay passes.
    /// </para>
    /// <para>
    /// The exception that is thrown in the end is that of the last attempt; <see cref="StreamlineException.Attempts"/> counts them.
    /// A response that has ended, or whose tools have begun to run, is never asked for again.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static StreamClientBuilder UseRetry(this StreamClientBuilder builder, Action<RetryOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new RetryOptions();
        configure?.Invoke(options);
        options = options.Copy();
        return builder.Use(StreamStage.Retry, (inner, context) =>
            options is { MaxAttempts: 1, Pipeline: null, Continue: { OnLength: false, OnPause: false } } ? inner : new RetryStreamClient(inner, options, options.TimeProvider ?? context.TimeProvider));
    }
}
