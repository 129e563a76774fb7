namespace Streamline;

/// <summary>The outside of every pipeline, so that no middleware has to think of callers with two tokens; see <see cref="CallersTokens{T}"/>.</summary>
internal sealed class CallersTokensStreamClient(IStreamClient inner) : DelegatingStreamClient(inner)
{
    public override IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default) =>
        CallersTokens.Restore(Inner.StreamAsync(request, cancellationToken), cancellationToken);
}
