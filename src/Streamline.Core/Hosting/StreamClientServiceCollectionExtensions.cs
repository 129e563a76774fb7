using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Streamline;
using Streamline.Protocols;
using Streamline.Resilience;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers stream clients with dependency injection.</summary>
public static class StreamClientServiceCollectionExtensions
{
    [ThreadStatic]
    private static List<string>? _building; // the clients that are being built on this thread, one for another

    /// <summary>Registers a stream client whose connections come from <see cref="IHttpClientFactory"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">
    /// The name of the client: the key under which <see cref="IStreamClient"/> is resolved, and the name of its HTTP client and
    /// of its <see cref="StreamClientOptions"/>. The client that is registered first is resolved without a key too.
    /// </param>
    /// <param name="protocol">The protocol of the provider.</param>
    /// <param name="configure">Sets the address, the key, the model and limits; see also <c>services.Configure&lt;StreamClientOptions&gt;(name, …)</c>.</param>
    /// <param name="http">Configures the HTTP client: handlers, proxies, headers that may be logged.</param>
    /// <param name="lifetime">How long a resolved client lives. Middleware gets the services of the scope that it is resolved from, so that tools can use scoped ones.</param>
    /// <returns>The builder of the pipeline. Add middleware to it, the outermost first, for example by <c>UseDefaults()</c>.</returns>
    /// <remarks>
    /// <para>
    /// The client is thread-safe. Connecting is limited to 10 seconds. A pipeline without <c>UseTimeouts</c> gets the default limits of <see cref="TimeoutOptions"/>;
    /// <c>UseTimeouts</c> with every limit set to <see langword="null"/> turns them off. The HTTP client itself has no time limit.
    /// </para>
    /// <para>
    /// Redirects are not followed: they would send the key to another host. Of the headers of requests and responses only
    /// the names are logged; <c>RedactLoggedHeaders</c> on the HTTP client's builder exempts some that hold no secret.
    /// </para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">When it is resolved: the client needs itself, by way of the clients that take over for it.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is <see langword="null"/>, empty, or the name of a stream client that is registered already.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="protocol"/> is <see langword="null"/>.</exception>
    public static StreamClientBuilder AddStreamClient(
        this IServiceCollection services,
        string name,
        StreamProtocol protocol,
        Action<StreamClientOptions>? configure = null,
        Action<IHttpClientBuilder>? http = null,
        ServiceLifetime lifetime = ServiceLifetime.Singleton)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(protocol);
        if (services.Any(service => service.ServiceType == typeof(IStreamClient) && name.Equals(service.ServiceKey)))
        {
            throw new ArgumentException($"A stream client named '{name}' is already registered; the two would share one address and one key.", nameof(name));
        }

        var options = services.AddOptions<StreamClientOptions>(name);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        var builder = new StreamClientBuilder(provider => CreateSource(provider, name, protocol));
        services.Add(new ServiceDescriptor(typeof(IStreamClient), name, (provider, _) => Build(builder, provider, name), lifetime));
        services.TryAdd(new ServiceDescriptor(typeof(IStreamClient), provider => provider.GetRequiredKeyedService<IStreamClient>(name), lifetime));
        AddHttpClient(services, name, http);
        return builder;
    }

    private static void AddHttpClient(IServiceCollection services, string name, Action<IHttpClientBuilder>? http)
    {
        var client = services.AddHttpClient(name, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .UseSocketsHttpHandler((handler, _) => StreamHttpHandler.Configure(handler))

            // A key may be in a header of any name: a gateway has its own, and so may StreamClientOptions.Headers.
            .RedactLoggedHeaders(static _ => true);
        http?.Invoke(client);
    }

    private static HttpStreamClient CreateSource(IServiceProvider provider, string name, StreamProtocol protocol)
    {
        var factory = provider.GetRequiredService<IHttpClientFactory>();
        var options = provider.GetRequiredService<IOptionsMonitor<StreamClientOptions>>().Get(name);

        // An HTTP client is taken from the factory for each stream: it is cheap, and its handler is then never older than the factory allows.
        return new HttpStreamClient(() => factory.CreateClient(name), protocol, options, options.LoggerFactory ?? provider.GetService<ILoggerFactory>());
    }

    private static IStreamClient Build(StreamClientBuilder builder, IServiceProvider provider, string name)
    {
        var building = _building ??= [];
        if (building.Contains(name, StringComparer.Ordinal))
        {
            throw new InvalidOperationException(
                $"The stream client '{name}' needs itself: {string.Join(" → ", [.. building, name])}. To have two clients take over for each other, register both without failover, and a pipeline with failover for each under a name of its own.");
        }

        building.Add(name);
        try
        {
            lock (builder)
            {
                // Without any limit, a stalled stream would be waited for forever.
                builder.UseIfMissing(StreamStage.Timeouts, static (inner, context) => new TimeoutStreamClient(inner, new TimeoutOptions(), context.TimeProvider));
                return builder.Build(provider);
            }
        }
        finally
        {
            building.RemoveAt(building.Count - 1);
        }
    }
}
