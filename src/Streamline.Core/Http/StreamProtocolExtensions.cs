using System.Diagnostics.CodeAnalysis;
using Streamline.Protocols;

namespace Streamline;

/// <summary>Creates stream clients for protocols.</summary>
[SuppressMessage("ApiDesign", "RS0026:Do not add multiple public overloads with optional parameters", Justification = "The overloads differ in a required parameter, so a call is never ambiguous.")]
public static class StreamProtocolExtensions
{
    /// <summary>Creates a client that speaks a protocol over HTTP, using an HTTP client that is configured for streaming.</summary>
    /// <param name="protocol">The protocol, one of <see cref="StreamProtocols"/>.</param>
    /// <param name="apiKey">The key that the provider asks for.</param>
    /// <param name="model">The model for requests that name none; <see langword="null"/> when each names its own.</param>
    /// <returns>The client, thread-safe, for any number of streams.</returns>
    /// <remarks>
    /// All clients made this way share their connections. The HTTP client has no time limit of its own (see <c>UseTimeouts</c>), and it does not follow redirects, which would send the key to another host.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="protocol"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="apiKey"/> is missing, or cannot be a key.</exception>
    public static IStreamClient CreateClient(this StreamProtocol protocol, string apiKey, string? model = null) =>
        protocol.CreateClient(StreamHttpHandler.Shared, apiKey, model);

    /// <summary>Creates a client that speaks a protocol over HTTP.</summary>
    /// <param name="protocol">The protocol, one of <see cref="StreamProtocols"/>.</param>
    /// <param name="http">
    /// The HTTP client. It is not owned. Its <see cref="HttpClient.Timeout"/>, 100 seconds by default, ends a request whose response has not begun by then: set it to
    /// <see cref="Timeout.InfiniteTimeSpan"/> and add <c>UseTimeouts</c>. Turn <see cref="SocketsHttpHandler.AllowAutoRedirect"/> off: a handler that follows redirects sends keys in headers
    /// other than <c>Authorization</c> to another host. The stream fails if that has happened.
    /// </param>
    /// <param name="apiKey">The key that the provider asks for.</param>
    /// <param name="model">The model for requests that name none; <see langword="null"/> when each names its own.</param>
    /// <returns>The client, thread-safe, to be used for any number of streams.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="protocol"/> or <paramref name="http"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="apiKey"/> is missing, or cannot be a key.</exception>
    public static IStreamClient CreateClient(this StreamProtocol protocol, HttpClient http, string apiKey, string? model = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(apiKey);
        return protocol.CreateClient(http, new StreamClientOptions { ApiKey = apiKey, Model = model });
    }

    /// <summary>Creates a client that speaks a protocol over HTTP.</summary>
    /// <param name="protocol">The protocol, one of <see cref="StreamProtocols"/>.</param>
    /// <param name="http">
    /// The HTTP client. It is not owned. Its <see cref="HttpClient.Timeout"/>, 100 seconds by default, ends a request whose response has not begun by then: set it to
    /// <see cref="Timeout.InfiniteTimeSpan"/> and add <c>UseTimeouts</c>. Turn <see cref="SocketsHttpHandler.AllowAutoRedirect"/> off: a handler that follows redirects sends keys in headers
    /// other than <c>Authorization</c> to another host. The stream fails if that has happened.
    /// </param>
    /// <param name="options">The address, the key, defaults and limits. They are copied.</param>
    /// <returns>The client, thread-safe, to be used for any number of streams.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <remarks>
    /// Without a key, a stream from the provider's own address fails with <see cref="InvalidOperationException"/> before
    /// anything is sent.
    /// </remarks>
    public static IStreamClient CreateClient(this StreamProtocol protocol, HttpClient http, StreamClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(options);
        return new HttpStreamClient(() => http, protocol, options, options.LoggerFactory);
    }
}
