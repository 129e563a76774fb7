namespace Streamline;

/// <summary>Builds a stream client from a source and middleware. The middleware added first is the outermost.</summary>
/// <remarks>
/// The canonical order is that of <see cref="StreamStage"/>: telemetry, text view, smoothing, journal, cache, tools, guard, failover, retry,
/// rate limit, timeouts, backpressure, source.
/// A builder is not thread-safe. What it builds is.
/// </remarks>
public sealed class StreamClientBuilder
{
    private readonly Func<IServiceProvider, IStreamClient> _source;
    private readonly List<Middleware> _middleware = [];
    private TimeProvider? _timeProvider;

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

    /// <summary>Adds middleware inside all that was added before.</summary>
    /// <param name="middleware">Wraps the client that it is given.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="middleware"/> is <see langword="null"/>.</exception>
    public StreamClientBuilder Use(Func<IStreamClient, IStreamClient> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        return Use(StreamStage.Other, (inner, _) => middleware(inner));
    }

    /// <summary>Adds middleware inside all that was added before.</summary>
    /// <param name="middleware">Wraps the client that it is given, with the services given to <see cref="Build"/>.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="middleware"/> is <see langword="null"/>.</exception>
    public StreamClientBuilder Use(Func<IStreamClient, IServiceProvider, IStreamClient> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        return Use(StreamStage.Other, (inner, context) => middleware(inner, context.Services));
    }

    /// <summary>Adds middleware made of a delegate, inside all that was added before.</summary>
    /// <param name="middleware">Streams the answer to a request with the client that it is given.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="middleware"/> is <see langword="null"/>.</exception>
    public StreamClientBuilder Use(Func<StreamRequest, IStreamClient, CancellationToken, IAsyncEnumerable<StreamEvent>> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        return Use(StreamStage.Other, (inner, _) => new DelegateStreamClient(inner, middleware));
    }

    /// <summary>Adds middleware of a known stage, inside all that was added before. For authors of middleware.</summary>
    /// <param name="stage">What the middleware does, so that <see cref="Build"/> can check the order.</param>
    /// <param name="middleware">Wraps the client that it is given. It may return that client to add nothing.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="middleware"/> is <see langword="null"/>.</exception>
    public StreamClientBuilder Use(StreamStage stage, Func<IStreamClient, StreamPipelineContext, IStreamClient> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        _middleware.Add(new Middleware(stage, middleware));
        return this;
    }

    /// <summary>Sets the clock of all middleware whose options do not set one, wherever this is called.</summary>
    /// <param name="timeProvider">The clock. Without this call it is the <see cref="TimeProvider"/> of the services, or else <see cref="TimeProvider.System"/>.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="timeProvider"/> is <see langword="null"/>.</exception>
    public StreamClientBuilder UseTimeProvider(TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        _timeProvider = timeProvider;
        return this;
    }

    /// <summary>Builds the client. The builder can be used again; clients that it has built do not change.</summary>
    /// <param name="services">The services for middleware that needs some; by default there are none.</param>
    /// <returns>The outermost client.</returns>
    /// <exception cref="InvalidOperationException">
    /// The order cannot work: retry or failover outside of the tool loop would run tools again. Or a middleware returned no client.
    /// </exception>
    public IStreamClient Build(IServiceProvider? services = null)
    {
        PipelineOrder.Check([.. _middleware.Select(middleware => middleware.Stage)]);
        services ??= NoServices.Instance;
        var context = new StreamPipelineContext(services, _timeProvider ?? services.GetService(typeof(TimeProvider)) as TimeProvider ?? TimeProvider.System);
        var source = _source(services) ?? throw new InvalidOperationException("The source of the pipeline returned no client.");
        var client = source;
        for (var i = _middleware.Count - 1; i >= 0; i--)
        {
            client = _middleware[i].Wrap(client, context) ?? throw new InvalidOperationException($"Middleware {i} of the pipeline, counted from the outermost, returned no client.");
        }

        return ReferenceEquals(client, source) || client is StageClient ? client : new OutermostClient(client);
    }

    /// <summary>Adds middleware of a stage that the pipeline lacks, at its place among the others: before the first stage that belongs inside of it.</summary>
    internal void UseIfMissing(StreamStage stage, Func<IStreamClient, StreamPipelineContext, IStreamClient> middleware)
    {
        if (!_middleware.Exists(known => known.Stage == stage))
        {
            var place = _middleware.FindIndex(known => known.Stage > stage);
            _middleware.Insert(place < 0 ? _middleware.Count : place, new Middleware(stage, middleware));
        }
    }

    private sealed record Middleware(StreamStage Stage, Func<IStreamClient, StreamPipelineContext, IStreamClient> Wrap);

    private sealed class NoServices : IServiceProvider
    {
        public static NoServices Instance { get; } = new();

        public object? GetService(Type serviceType) => null;
    }
}
