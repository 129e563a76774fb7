namespace Streamline;

/// <summary>Middleware made of a delegate.</summary>
internal sealed class DelegateStreamClient(
    IStreamClient inner,
    Func<StreamRequest, IStreamClient, CancellationToken, IAsyncEnumerable<StreamEvent>> middleware) : DelegatingStreamClient(inner)
{
    public override IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return middleware(request, Inner, cancellationToken);
    }
}
