namespace Streamline.Tests;

/// <summary>A client that fails in the call itself, before there is a stream.</summary>
internal sealed class ThrowingClient : IStreamClient
{
    public object? GetService(Type serviceType) => null;

    public IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default) => throw Make.Overloaded();
}
