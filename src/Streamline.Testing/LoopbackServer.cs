using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Streamline.Testing;

/// <summary>The bare HTTP/1.1 server on the loopback interface: no host that would read configuration, write logs or take Ctrl+C away from the application.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);

    private readonly KestrelServer _server;
    private readonly CancellationTokenSource _stopping = new();
    private int _isDisposed;

    private LoopbackServer(int port)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.MaxRequestBodySize = null;
        options.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        _server = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
    }

    /// <summary>Gets the address, such as <c>http://127.0.0.1:50123/</c>.</summary>
    public Uri Address => new(_server.Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Starts a server.</summary>
    /// <param name="makeApplication">Makes what answers, of the token that is cancelled when the server stops.</param>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<LoopbackServer> StartAsync(Func<CancellationToken, IHttpApplication<HttpContext>> makeApplication, int port, CancellationToken cancellationToken)
    {
        var server = new LoopbackServer(port);
        try
        {
            await server._server.StartAsync(makeApplication(server._stopping.Token), cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch (Exception exception)
        {
            server._server.Dispose();
            server._stopping.Dispose();
            if (exception is System.Net.Sockets.SocketException)
            {
                throw new IOException($"Port {port} cannot be used: {exception.Message}", exception);
            }

            throw;
        }
    }

    /// <summary>Breaks the connections of responses that are still being sent, and waits until nothing runs any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        using var patience = new CancellationTokenSource(ShutdownTimeout, TimeProvider.System);
        await _server.StopAsync(patience.Token).ConfigureAwait(false);
        _server.Dispose();
        _stopping.Dispose();
    }
}
