namespace Streamline;

/// <summary>Adds smoothing to a pipeline.</summary>
public static class SmoothingStreamClientBuilderExtensions
{
    /// <summary>Shows text at an even pace: providers send it in bursts, and readers prefer a flow.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// <para>
    /// Deltas of text are joined and cut again into pieces of whole grapheme clusters, one per <see cref="SmoothingOptions.Interval"/>, at the rate at which text arrives. No character waits
    /// longer than <see cref="SmoothingOptions.MaxDelay"/>, however fast the model is. The order of events stays the same: what is neither text nor a mere report (usage, metadata,
    /// keep-alives) lets out at once all text that came before it, and so do the end of the stream and its failure.
    /// </para>
    /// <para>Belongs near the consumer: outside of the tool loop, so that tools do not wait for text.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static StreamClientBuilder UseSmoothing(this StreamClientBuilder builder, Action<SmoothingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new SmoothingOptions();
        configure?.Invoke(options);
        options = options.Copy();
        return builder.Use(StreamStage.Smoothing, (inner, context) => new SmoothingStreamClient(inner, options, context.TimeProvider));
    }
}
