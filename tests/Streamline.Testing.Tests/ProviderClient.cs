using System.Net;
using System.Text;
using Streamline.Protocols;

namespace Streamline.Testing.Tests;

/// <summary>How a test reaches a provider. Everything must be seen alike by both ways.</summary>
public enum Door
{
    InProcess,
    Socket,
}

/// <summary>A plain HTTP client of a scripted provider, by either door.</summary>
internal sealed class ProviderClient : IAsyncDisposable
{
    private readonly ScriptedProviderHost? _host;

    private ProviderClient(HttpClient http, ScriptedProviderHost? host)
    {
        Http = http;
        _host = host;
    }

    public HttpClient Http { get; }

    public static async Task<ProviderClient> OpenAsync(Door door, ScriptedProvider provider)
    {
        if (door == Door.InProcess)
        {
            return new ProviderClient(new HttpClient(provider.CreateHandler()) { BaseAddress = new Uri("http://provider/") }, host: null);
        }

        var host = await ScriptedProviderHost.StartAsync(provider).OrFail();

        // Without draining, leaving a response closes its connection at once.
        var handler = new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero };
        return new ProviderClient(new HttpClient(handler) { BaseAddress = host.BaseAddress }, host);
    }

    public static string PathOf(StreamProtocol protocol) => protocol.Name switch
    {
        "anthropic" => "v1/messages",
        "openai" => "v1/chat/completions",
        _ => "v1/responses",
    };

    public Task<HttpResponseMessage> PostAsync(string path = "v1/messages", string body = "{}", CancellationToken cancellationToken = default) =>
        Http.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") },
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken).OrFail();

    /// <summary>Reads a body to its end, or to the failure that ends it.</summary>
    public static async Task<(byte[] Bytes, Exception? Failure)> ReadAllAsync(HttpResponseMessage response)
    {
        var received = new MemoryStream();
        var buffer = new byte[4096];
        await using var body = await response.Content.ReadAsStreamAsync();
        try
        {
            while (await body.ReadAsync(buffer).AsTask().OrFail() is > 0 and var count)
            {
                received.Write(buffer, 0, count);
            }

            return (received.ToArray(), null);
        }
        catch (Exception exception) when (exception is not TimeoutException)
        {
            return (received.ToArray(), exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_host is not null)
        {
            await _host.DisposeAsync().AsTask().OrFail();
        }
    }
}
