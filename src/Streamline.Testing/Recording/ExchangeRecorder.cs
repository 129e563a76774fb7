using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;

namespace Streamline.Testing;

/// <summary>A handler of an <see cref="HttpClient"/> that records each exchange while it happens; <see cref="RecordedExchange"/> reads what it wrote.</summary>
/// <remarks>
/// <para>Thread-safe. The client gets the chunks as they come, unchanged. Keys in headers and in the query are not recorded; bodies are, as they are.</para>
/// <code>
/// using var http = new HttpClient(new ExchangeRecorder("recordings") { InnerHandler = new SocketsHttpHandler() });
/// </code>
/// </remarks>
[SuppressMessage("ApiDesign", "RS0026:Do not add multiple public overloads with optional parameters", Justification = "The overloads differ in a required parameter, so a call is never ambiguous.")]
public sealed class ExchangeRecorder : DelegatingHandler
{
    private readonly Func<HttpRequestMessage, Stream> _open;
    private readonly TimeProvider _timeProvider;

    /// <summary>Initializes a new instance of the <see cref="ExchangeRecorder"/> class that writes a file for each exchange: <c>0001.jsonl</c> and so on.</summary>
    /// <param name="folder">The folder, which is created if it does not exist. Existing files are kept, and numbering continues after them.</param>
    /// <param name="timeProvider">The clock of the recorded times; <see langword="null"/> for <see cref="TimeProvider.System"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is missing.</exception>
    /// <exception cref="IOException">The folder cannot be created.</exception>
    public ExchangeRecorder(string folder, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Directory.CreateDirectory(folder);
        _open = new RecordingFolder(folder).Open;
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Initializes a new instance of the <see cref="ExchangeRecorder"/> class that writes each exchange to a stream of its own.</summary>
    /// <param name="open">Opens the stream for the exchange that a request begins. It is disposed at the end of the exchange.</param>
    /// <param name="timeProvider">The clock of the recorded times; <see langword="null"/> for <see cref="TimeProvider.System"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="open"/> is <see langword="null"/>.</exception>
    public ExchangeRecorder(Func<HttpRequestMessage, Stream> open, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(open);
        _open = open;
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var body = request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false) : [];
        var writer = new RecordingWriter(_open(request), _timeProvider);
        try
        {
            await writer.WriteRequestAsync(request.Method.Method, request.RequestUri, Headers(request.Headers, request.Content?.Headers), body, cancellationToken).ConfigureAwait(false);
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            await writer.WriteHeadAsync(response.StatusCode, Headers(response.Headers, response.Content.Headers), cancellationToken).ConfigureAwait(false);
            response.Content = new RecordedContent(response.Content, writer);
            return response;
        }
        catch (Exception exception)
        {
            await writer.WriteEndAsync(cancellationToken.IsCancellationRequested ? RecordedEnd.Left : RecordedEnd.Broken, exception.Message).ConfigureAwait(false);
            await writer.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Exchanges are recorded asynchronously: use SendAsync.");

    private static Dictionary<string, string> Headers(HttpHeaders headers, HttpHeaders? ofContent) =>
        SecretHeaders.Redact(headers.NonValidated.Concat(ofContent?.NonValidated ?? default(IEnumerable<KeyValuePair<string, HeaderStringValues>>) ?? []).Select(header => KeyValuePair.Create(header.Key, header.Value.ToString())));
}
