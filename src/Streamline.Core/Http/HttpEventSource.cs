using System.Runtime.CompilerServices;
using Streamline.Protocols.Shared;

namespace Streamline;

/// <summary>A response that is being read. Disposing it ends the exchange at once, wherever it is.</summary>
internal sealed class HttpEventSource : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamEventReader _reader;
    private readonly SecretMask _secrets;

    public HttpEventSource(HttpResponseMessage response, StreamEventReader reader, SecretMask secrets)
    {
        _response = response;
        _reader = reader;
        _secrets = secrets;
        reader.StopFolding();
    }

    public StreamEvent Current => _reader.Current;

    /// <summary>Moves on to the next event.</summary>
    /// <exception cref="ProviderException">The provider reported an error. It contains no secret of the client.</exception>
    public ValueTask<bool> MoveNextAsync()
    {
        // An event that is there already costs no state machine.
        var next = _reader.MoveNextAsync();
        return next.IsCompletedSuccessfully ? next : AwaitAsync(next);
    }

    public async ValueTask DisposeAsync()
    {
        using (_response)
        {
            await _reader.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Pooled, because it suspends once per event that has to be waited for.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> AwaitAsync(ValueTask<bool> next)
    {
        try
        {
            return await next.ConfigureAwait(false);
        }
        catch (ProviderException exception)
        {
            throw _secrets.Apply(exception, address: null);
        }
    }
}
