using System.Net;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Streamline.Testing;

/// <summary>Serves a <see cref="ScriptedProvider"/> over HTTP/1.1 on a free port of the loopback interface, until it is disposed.</summary>
/// <remarks>
/// A <c>POST</c> to a path that ends with <c>/messages</c> is answered in Anthropic's protocol, to one that ends with <c>/chat/completions</c> or
/// <c>/responses</c> in one of OpenAI's; anything else with status 404. Nothing is logged and no configuration is read. Where a provider has no reply for a
/// request, the client gets status 500 with the reason.
/// </remarks>
public sealed class ScriptedProviderHost : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);

    private readonly KestrelServer _server;
    private readonly CancellationTokenSource _stopping;
    private int _isDisposed;

    private ScriptedProviderHost(ScriptedProvider provider, KestrelServer server, CancellationTokenSource stopping)
    {
        Provider = provider;
        _server = server;
        _stopping = stopping;
        BaseAddress = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Gets the provider that is served.</summary>
    public ScriptedProvider Provider { get; }

    /// <summary>Gets the address, such as <c>http://127.0.0.1:50123/</c>.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Starts serving a provider.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <returns>The host, ready for requests. Dispose it to stop.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="provider"/> is <see langword="null"/>.</exception>
    public static Task<ScriptedProviderHost> StartAsync(ScriptedProvider provider, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return StartCoreAsync(provider, cancellationToken);
    }

    /// <summary>Stops: breaks the connections of replies that are still being sent, and waits until nothing runs any more.</summary>
    /// <returns>A task that completes when the host has stopped.</returns>
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

    private static async Task<ScriptedProviderHost> StartCoreAsync(ScriptedProvider provider, CancellationToken cancellationToken)
    {
        // The bare server: no host that would read configuration, write logs or take Ctrl+C away from the application.
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Listen(IPAddress.Loopback, port: 0, listen => listen.Protocols = HttpProtocols.Http1);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        var server = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
        var stopping = new CancellationTokenSource();
        try
        {
            await server.StartAsync(new ScriptedApplication(provider, stopping.Token), cancellationToken).ConfigureAwait(false);
            return new ScriptedProviderHost(provider, server, stopping);
        }
        catch
        {
            server.Dispose();
            stopping.Dispose();
            throw;
        }
    }
}
