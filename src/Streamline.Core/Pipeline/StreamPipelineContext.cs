namespace Streamline;

/// <summary>What a pipeline gives to its middleware while it is built.</summary>
public sealed class StreamPipelineContext
{
    internal StreamPipelineContext(IServiceProvider services, TimeProvider timeProvider)
    {
        Services = services;
        TimeProvider = timeProvider;
    }

    /// <summary>Gets the services given to <see cref="StreamClientBuilder.Build"/>; without any, one that has none.</summary>
    public IServiceProvider Services { get; }

    /// <summary>Gets the clock of the pipeline; see <see cref="StreamClientBuilder.UseTimeProvider"/>.</summary>
    public TimeProvider TimeProvider { get; }
}
