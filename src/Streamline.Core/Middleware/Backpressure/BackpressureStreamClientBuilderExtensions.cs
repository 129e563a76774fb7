namespace Streamline;

/// <summary>Adds a bounded buffer to a pipeline.</summary>
public static class BackpressureStreamClientBuilderExtensions
{
    /// <summary>Lets a stream run ahead of its consumer, up to a bounded number and size of events.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// A consumer that keeps up reads the source itself, without a change of threads. At most every 10 ms a timer looks whether the consumer is away, in its
    /// own code; the source is then read ahead on the thread pool, until the buffer is full or the consumer waits. A failure of the source reaches the
    /// consumer after all events that came before it; a cancellation goes before them, as soon as the source has answered it. The source has ended when
    /// the enumerator is disposed.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static StreamClientBuilder UseBackpressure(this StreamClientBuilder builder, Action<BackpressureOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new BackpressureOptions();
        configure?.Invoke(options);
        options = options.Copy();
        return builder.Use(inner => new BackpressureStreamClient(inner, options));
    }
}
