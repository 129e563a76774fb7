namespace Streamline;

/// <summary>Composes a stream client of a source and middleware. The middleware added first is the outermost.</summary>
/// <remarks>A builder is not thread-safe. What it builds is.</remarks>
public sealed class StreamClientBuilder
{
    private readonly Func<IServiceProvider, IStreamClient> _source;
    private readonly List<Func<IStreamClient, IServiceProvider, IStreamClient>> _middleware = [];

    /// <summary>Initializes a new instance of the <see cref="StreamClientBuilder"/> class.</summary>
    /// <param name="source">The innermost client.</param>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is <see langword="null"/>.</exception>
    public StreamClientBuilder(IStreamClient source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = _ => source;
    }

    /// <summary>Initializes a new instance of the <see cref="StreamClientBuilder"/> class.</summary>
    /// <param name="source">Makes the innermost client from the services given to <see cref="Build"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is <see langword="null"/>.</exception>
    public StreamClientBuilder(Func<IServiceProvider, IStreamClient> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
    }

    /// <summary>Adds middleware inside of all that was added before.</summary>
    /// <param name="middleware">Wraps the client that it is given.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="middleware"/> is <see langword="null"/>.</exception>
    public StreamClientBuilder Use(Func<IStreamClient, IStreamClient> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        return Use((inner, _) => middleware(inner));
    }

    /// <summary>Adds middleware inside of all that was added before.</summary>
    /// <param name="middleware">Wraps the client that it is given, with the services given to <see cref="Build"/>.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="middleware"/> is <see langword="null"/>.</exception>
    public StreamClientBuilder Use(Func<IStreamClient, IServiceProvider, IStreamClient> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        _middleware.Add(middleware);
        return this;
    }

    /// <summary>Adds middleware made of a delegate, inside of all that was added before.</summary>
    /// <param name="middleware">Streams the answer to a request by means of the client that it is given.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="middleware"/> is <see langword="null"/>.</exception>
    public StreamClientBuilder Use(Func<StreamRequest, IStreamClient, CancellationToken, IAsyncEnumerable<StreamEvent>> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        return Use((inner, _) => new DelegateStreamClient(inner, middleware));
    }

    /// <summary>Builds the client. The builder may be used further; what was built does not change.</summary>
    /// <param name="services">The services for middleware that needs some; by default there are none.</param>
    /// <returns>The outermost client.</returns>
    /// <exception cref="InvalidOperationException">A middleware gave no client.</exception>
    public IStreamClient Build(IServiceProvider? services = null)
    {
        services ??= NoServices.Instance;
        var source = _source(services) ?? throw new InvalidOperationException("The source of the pipeline gave no client.");
        var client = source;
        for (var i = _middleware.Count - 1; i >= 0; i--)
        {
            client = _middleware[i](client, services) ?? throw new InvalidOperationException($"Middleware {i} of the pipeline, counted from the outermost, gave no client.");
        }

        return ReferenceEquals(client, source) ? source : new CallersTokensStreamClient(client);
    }

    private sealed class NoServices : IServiceProvider
    {
        public static NoServices Instance { get; } = new();

        public object? GetService(Type serviceType) => null;
    }
}
