namespace Streamline.Tests.Structured;

/// <summary>A client that never waits, so that everything happens on the thread of the test.</summary>
internal sealed class SynchronousClient(IReadOnlyList<StreamEvent> events) : IStreamClient
{
    public StreamRequest? Request { get; private set; }

    public StreamClientMetadata? Metadata { get; init; }

    public IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default)
    {
        Request = request;
        return events.ToAsyncEnumerable();
    }

    public object? GetService(Type serviceType) => serviceType == typeof(StreamClientMetadata) ? Metadata : null;
}
