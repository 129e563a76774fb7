namespace Streamline;

/// <summary>A stream client that passes all calls to another one: a base class for middleware.</summary>
/// <param name="inner">The client to pass requests on to. It is not owned.</param>
public abstract class DelegatingStreamClient(IStreamClient inner) : IStreamClient
{
    /// <summary>Gets the client that requests are passed to.</summary>
    protected IStreamClient Inner { get; } = inner ?? throw new ArgumentNullException(nameof(inner));

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default) =>
        Inner.StreamAsync(request, cancellationToken);

    /// <inheritdoc/>
    public virtual object? GetService(Type serviceType)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceType.IsInstanceOfType(this) ? this : Inner.GetService(serviceType);
    }
}
