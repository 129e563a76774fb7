using System.Net;

namespace Streamline.Testing;

/// <summary>A server on the loopback interface that passes every request on to a provider, and records the exchanges as files.</summary>
/// <remarks>
/// Thread-safe. Point a program at <see cref="BaseAddress"/> instead of at the provider, whatever SDK it uses: bytes are passed on as they come, in both directions. Keys pass through and are
/// not recorded.
/// </remarks>
public sealed class RecordingProxy : IAsyncDisposable
{
    private readonly LoopbackServer _server;
    private readonly HttpMessageInvoker _http;

    private RecordingProxy(LoopbackServer server, HttpMessageInvoker http)
    {
        _server = server;
        _http = http;
        BaseAddress = server.Address;
    }

    /// <summary>Gets the address, such as <c>http://127.0.0.1:50123/</c>.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Starts a proxy.</summary>
    /// <param name="upstream">The base address of the provider, such as <c>https://api.openai.com/v1/</c>: the path and query of a request are appended to it.</param>
    /// <param name="folder">The folder for the recordings; see <see cref="ExchangeRecorder(string, TimeProvider?)"/>.</param>
    /// <param name="port">The port, from 1 to 65535; 0, the default, for a free one.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <returns>The proxy, ready for requests. Dispose it to stop.</returns>
    /// <exception cref="ArgumentException">An argument is missing, or <paramref name="upstream"/> is not an absolute http or https address.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not between 0 and 65535.</exception>
    /// <exception cref="IOException">The port is taken, or the folder cannot be created.</exception>
    public static Task<RecordingProxy> StartAsync(Uri upstream, string folder, int port = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(upstream);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, IPEndPoint.MinPort);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort);
        if (!upstream.IsAbsoluteUri || upstream.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException($"Expected an absolute http or https address; found '{upstream}'.", nameof(upstream));
        }

        var recorder = new ExchangeRecorder(folder)
        {
            InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ResponseDrainTimeout = TimeSpan.Zero },
        };
        return StartCoreAsync(upstream, new HttpMessageInvoker(recorder), port, cancellationToken);
    }

    /// <summary>Stops: breaks the connections that are open, and waits until nothing runs any more.</summary>
    /// <returns>A task that completes when the proxy has stopped.</returns>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync().ConfigureAwait(false);
        _http.Dispose();
    }

    private static async Task<RecordingProxy> StartCoreAsync(Uri upstream, HttpMessageInvoker http, int port, CancellationToken cancellationToken)
    {
        try
        {
            return new(await LoopbackServer.StartAsync(stopping => new ProxyApplication(upstream, http, stopping), port, cancellationToken).ConfigureAwait(false), http);
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }
}
