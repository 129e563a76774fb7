using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Streamline.Protocols;

namespace Streamline;

/// <summary>Registers stream clients with dependency injection.</summary>
public static class StreamClientServiceCollectionExtensions
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Registers a stream client whose connections come from <see cref="IHttpClientFactory"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">
    /// The name of the client: the key under which <see cref="IStreamClient"/> is resolved, and the name of its HTTP client and
    /// of its <see cref="StreamClientOptions"/>. The first client that is registered is resolved without a key too.
    /// </param>
    /// <param name="protocol">The wire that the client speaks.</param>
    /// <param name="configure">Sets the address, the key, the model and limits; see also <c>services.Configure&lt;StreamClientOptions&gt;(name, …)</c>.</param>
    /// <param name="pipeline">Adds middleware, the outermost first.</param>
    /// <returns>The builder of the HTTP client, for handlers and proxies.</returns>
    /// <remarks>
    /// The client is a singleton and thread-safe. Connecting is limited to 10 seconds; how long an answer may take is the
    /// business of the timeouts middleware, so the HTTP client itself has no limit. Redirects are not followed: they would take the key along. Of the headers of requests and responses, only
    /// the names are logged; <c>RedactLoggedHeaders</c> on the builder that is returned shows some that hold no secret.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="name"/> is <see langword="null"/>, empty, or the name of a stream client that is registered already.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="protocol"/> is <see langword="null"/>.</exception>
    public static IHttpClientBuilder AddStreamClient(
        this IServiceCollection services,
        string name,
        StreamProtocol protocol,
        Action<StreamClientOptions>? configure = null,
        Action<StreamClientBuilder>? pipeline = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(protocol);
        if (services.Any(service => service.ServiceType == typeof(IStreamClient) && name.Equals(service.ServiceKey)))
        {
            throw new ArgumentException($"A stream client named '{name}' is registered already; the two would share one address and one key.", nameof(name));
        }

        var options = services.AddOptions<StreamClientOptions>(name);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.AddKeyedSingleton(name, (provider, _) => Build(provider, name, protocol, pipeline));
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<IStreamClient>(name));
        return services.AddHttpClient(name, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .UseSocketsHttpHandler((handler, _) =>
            {
                handler.ConnectTimeout = ConnectTimeout;
                handler.PooledConnectionLifetime = ConnectionLifetime;
                handler.EnableMultipleHttp2Connections = true;

                // A redirect would take the key along, to wherever it leads; the framework spares only Authorization.
                handler.AllowAutoRedirect = false;
            })
            // Keys travel in headers of any name: a gateway has its own, and so may StreamClientOptions.Headers.
            .RedactLoggedHeaders(static _ => true);
    }

    private static IStreamClient Build(IServiceProvider provider, string name, StreamProtocol protocol, Action<StreamClientBuilder>? pipeline)
    {
        var factory = provider.GetRequiredService<IHttpClientFactory>();
        var options = provider.GetRequiredService<IOptionsMonitor<StreamClientOptions>>().Get(name);

        // A client of the factory is taken per stream: it is cheap, and its handler is then never older than the factory allows.
        var loggers = options.LoggerFactory ?? provider.GetService<ILoggerFactory>();
        var builder = new StreamClientBuilder(new HttpStreamClient(() => factory.CreateClient(name), protocol, options, loggers));
        pipeline?.Invoke(builder);
        return builder.Build(provider);
    }
}
