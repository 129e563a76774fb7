using Streamline.Protocols.Shared;

namespace Streamline;

/// <summary>A response that is being read. Disposing it ends the exchange at once, wherever it is.</summary>
internal sealed class HttpEventSource : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamEventReader _reader;
    private readonly SecretMask _secrets;
    private IAsyncEnumerator<bool>? _waits;
    private ValueTask<bool> _next;

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
        if (next.IsCompletedSuccessfully)
        {
            return next;
        }

        _next = next;
        return (_waits ??= WaitAsync()).MoveNextAsync();
    }

    public async ValueTask DisposeAsync()
    {
        using (_response)
        {
            await _reader.DisposeAsync().ConfigureAwait(false);
        }
    }

    // An iterator, whose one object serves every event that has to be waited for.
    private async IAsyncEnumerator<bool> WaitAsync()
    {
        try
        {
            while (true)
            {
                bool isThere;
                try
                {
                    isThere = await _next.ConfigureAwait(false);
                }
                catch (ProviderException exception)
                {
                    throw _secrets.Apply(exception, address: null);
                }

                if (!isThere)
                {
                    yield break;
                }

                yield return true;
            }
        }
        finally
        {
            _waits = null; // what fails stays failed: the next step asks again
        }
    }
}
