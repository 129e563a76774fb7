namespace Streamline;

/// <summary>The services and the clock that middleware gets while its pipeline is built.</summary>
public sealed class StreamPipelineContext
{
    internal StreamPipelineContext(IServiceProvider services, TimeProvider timeProvider)
    {
        Services = services;
        TimeProvider = timeProvider;
    }

    /// <summary>Gets the services given to <see cref="StreamClientBuilder.Build"/>; an empty provider if none were given.</summary>
    public IServiceProvider Services { get; }

    /// <summary>Gets the clock of the pipeline; see <see cref="StreamClientBuilder.UseTimeProvider"/>.</summary>
    public TimeProvider TimeProvider { get; }
}
