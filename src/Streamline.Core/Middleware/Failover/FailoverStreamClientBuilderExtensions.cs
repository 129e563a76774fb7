namespace Streamline;

/// <summary>Adds failover to a pipeline.</summary>
public static class FailoverStreamClientBuilderExtensions
{
    /// <summary>Has other clients take over when the client inside fails: before it has shown content, or in the middle of the answer if <see cref="FailoverOptions.MidStream"/> allows it.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Names the clients, and changes the options.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// <para>
    /// <see cref="ClientChanged"/> says who is asked next. Events without content are held back until the first one with content. Once content was shown,
    /// <see cref="FailoverOptions.MidStream"/> decides. The exception that is thrown in the end is that of the client that was asked last, or what cut the answer that was shown.
    /// </para>
    /// <para>Belongs inside of the tool loop and outside of retry: each client is a pipeline of its own, with its own retry, rate limits and timeouts.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">There is no client, or two have one name. By <see cref="StreamClientBuilder.Build"/>: a client of another provider has no model.</exception>
    public static StreamClientBuilder UseFailover(this StreamClientBuilder builder, Action<FailoverOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new FailoverOptions();
        configure(options);
        options = options.Copy();
        return builder.Use(StreamStage.Failover, (inner, context) => new FailoverStreamClient(inner, options, options.TimeProvider ?? context.TimeProvider));
    }
}
