using Streamline.Protocols;

namespace Streamline.Cli.Providers;

/// <summary>A client of the provider that was chosen, and its connection.</summary>
internal sealed class ProviderClient(StreamProtocol protocol, IStreamClient client, HttpClient http) : IDisposable
{
    public StreamProtocol Protocol => protocol;

    public IStreamClient Client => client;

    public HttpClient Http => http;

    public void Dispose() => http.Dispose();
}
