using Streamline.Protocols.Shared;

namespace Streamline;

/// <summary>A response that is being read. Disposing it ends the exchange at once, wherever it is.</summary>
internal sealed class HttpEventSource : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;

    public HttpEventSource(HttpResponseMessage response, StreamEventReader reader)
    {
        _response = response;
        Reader = reader;
        reader.StopFolding();
    }

    public StreamEventReader Reader { get; }

    public async ValueTask DisposeAsync()
    {
        using (_response)
        {
            await Reader.DisposeAsync().ConfigureAwait(false);
        }
    }
}
