namespace Streamline;

/// <summary>Adds a bounded buffer to a pipeline.</summary>
public static class BackpressureStreamClientBuilderExtensions
{
    /// <summary>Lets a stream run ahead of its consumer, up to a bounded number and size of events.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// The source is read in the background until the buffer is full. A failure of the source reaches the consumer after all events that came before it; a
    /// cancellation discards them. The source has ended when the enumerator is disposed. See docs/backpressure.md.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static StreamClientBuilder UseBackpressure(this StreamClientBuilder builder, Action<BackpressureOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new BackpressureOptions();
        configure?.Invoke(options);
        options = options.Copy();
        return builder.Use(StreamStage.Backpressure, (inner, _) => new BackpressureStreamClient(inner, options));
    }
}
