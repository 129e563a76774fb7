namespace Streamline;

/// <summary>Adds hedging to a pipeline.</summary>
public static class HedgingStreamClientBuilderExtensions
{
    /// <summary>Sends a second request when the first content is later than that of most requests of its kind; the one whose content comes first answers, and the other one is closed at once.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// <para>
    /// <see cref="HedgeStarted"/> and <see cref="HedgeEnded"/> say so. If one of the two fails before it has content, the other one answers. A request with tools that run at the provider,
    /// or one that leaves something there (background responses, conversations, stored responses, also those that the protocol stores unless <c>store</c> is <see langword="false"/>), is never sent twice.
    /// </para>
    /// <para>Belongs inside of the tool loop and of failover, and outside of retry.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">Both clients have one name. By <see cref="StreamClientBuilder.Build"/>: they speak different protocols.</exception>
    public static StreamClientBuilder UseHedging(this StreamClientBuilder builder, Action<HedgingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new HedgingOptions();
        configure?.Invoke(options);
        options = options.Copy();
        return builder.Use(StreamStage.Failover, (inner, context) =>
        {
            ThrowIfOfDifferentProtocols(inner, options.Client);
            return new HedgingStreamClient(inner, options, options.TimeProvider ?? context.TimeProvider, new HedgeGovernor(options, (inner.GetService(typeof(StreamClientMetadata)) as StreamClientMetadata)?.Protocol));
        });
    }

    private static void ThrowIfOfDifferentProtocols(IStreamClient primary, IStreamClient? hedge)
    {
        if (primary.GetService(typeof(StreamClientMetadata)) is StreamClientMetadata first
            && hedge?.GetService(typeof(StreamClientMetadata)) is StreamClientMetadata second
            && !string.Equals(first.Protocol, second.Protocol, StringComparison.Ordinal))
        {
            throw new InvalidOperationException(
                $"The client of {nameof(HedgingOptions)} speaks '{second.Protocol}', and the first one '{first.Protocol}': the same request would not mean the same to both. Use UseFailover for another provider.");
        }
    }
}
