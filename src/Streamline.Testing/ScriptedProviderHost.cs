using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Streamline.Testing;

/// <summary>Serves a <see cref="ScriptedProvider"/> over HTTP/1.1 on the loopback interface, until it is disposed.</summary>
/// <remarks>
/// A <c>POST</c> is answered in the protocol that its path belongs to, see <see cref="ScriptedProvider.CreateHandler()"/>; anything else with status 404. Nothing is logged
/// and no configuration is read. Where a provider has no reply for a request, the client gets status 500 with the reason.
/// </remarks>
[SuppressMessage("ApiDesign", "RS0026:Do not add multiple public overloads with optional parameters", Justification = "The overloads differ in a required parameter, so a call is never ambiguous.")]
public sealed class ScriptedProviderHost : IAsyncDisposable
{
    private readonly LoopbackServer _server;

    private ScriptedProviderHost(ScriptedProvider provider, LoopbackServer server)
    {
        Provider = provider;
        _server = server;
        BaseAddress = server.Address;
    }

    /// <summary>Gets the provider that is served.</summary>
    public ScriptedProvider Provider { get; }

    /// <summary>Gets the address, such as <c>http://127.0.0.1:50123/</c>.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Starts serving a provider on a free port.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <returns>The host, ready for requests. Dispose it to stop.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="provider"/> is <see langword="null"/>.</exception>
    public static Task<ScriptedProviderHost> StartAsync(ScriptedProvider provider, CancellationToken cancellationToken = default) => StartAsync(provider, port: 0, cancellationToken);

    /// <summary>Starts serving a provider on a given port.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="port">The port, from 1 to 65535; 0 for a free one, which is what tests should use.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <returns>The host, ready for requests. Dispose it to stop.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="provider"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not between 0 and 65535.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static Task<ScriptedProviderHost> StartAsync(ScriptedProvider provider, int port, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, IPEndPoint.MinPort);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort);
        return StartCoreAsync(provider, port, cancellationToken);
    }

    /// <summary>Stops: breaks the connections of replies that are still being sent, and waits until nothing runs any more.</summary>
    /// <returns>A task that completes when the host has stopped.</returns>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task<ScriptedProviderHost> StartCoreAsync(ScriptedProvider provider, int port, CancellationToken cancellationToken) =>
        new(provider, await LoopbackServer.StartAsync(stopping => new ScriptedApplication(provider, stopping), port, cancellationToken).ConfigureAwait(false));
}
