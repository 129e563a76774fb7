namespace Streamline;

/// <summary>Adds time limits to a pipeline.</summary>
public static class TimeoutStreamClientBuilderExtensions
{
    /// <summary>Ends a stream whose first event, next event or end does not come in time, with <see cref="StreamTimeoutException"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// The stream has ended when the exception is thrown; nothing is left running. A source that ignores its
    /// cancellation token, which <see cref="IStreamClient"/> forbids, delays the exception. Inside of retry the limits apply to each attempt,
    /// outside to all of them. Cancellation by the caller stays an <see cref="OperationCanceledException"/>, even if a limit passes at the same time.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static StreamClientBuilder UseTimeouts(this StreamClientBuilder builder, Action<TimeoutOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new TimeoutOptions();
        configure?.Invoke(options);
        options = options.Copy();
        return builder.Use(StreamStage.Timeouts, (inner, context) =>
            options.IsUnlimited ? inner : new TimeoutStreamClient(inner, options, options.TimeProvider ?? context.TimeProvider));
    }
}
