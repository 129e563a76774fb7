using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Streamline.Framing;
using Streamline.Protocols;
using Streamline.Protocols.Shared;

namespace Streamline;

/// <summary>The source of a pipeline: sends each request over HTTP and reads the answer while it arrives.</summary>
internal sealed class HttpStreamClient : IStreamClient, IPrefillSource
{
    private readonly Func<HttpClient> _http;
    private readonly StreamProtocol _protocol;
    private readonly RequestAddresses _addresses;
    private readonly Uri? _baseAddress;
    private readonly string? _apiKey;
    private readonly Func<HttpRequestMessage, CancellationToken, ValueTask>? _authorize;
    private readonly StreamRequestDefaults _defaults;
    private readonly KeyValuePair<string, string>[] _headers;
    private readonly StreamReadOptions _readOptions;
    private readonly bool _requiresContentType;
    private readonly bool _allowsOtherHost;
    private readonly int _maxErrorBodyBytes;
    private readonly TimeSpan _errorBodyTimeout;
    private readonly TimeProvider _timeProvider;
    private readonly ConversationLog _log;
    private readonly SecretMask _secrets;

    public HttpStreamClient(Func<HttpClient> http, StreamProtocol protocol, StreamClientOptions options, ILoggerFactory? loggers)
    {
        _http = http;
        _protocol = protocol;
        _addresses = new RequestAddresses(protocol);
        _baseAddress = options.BaseAddress;
        _apiKey = options.ApiKey;
        _authorize = options.Authorize;
        _defaults = new StreamRequestDefaults(options.Model, options.MaxOutputTokens);
        _headers = [.. options.Headers];
        _readOptions = options.Read.Copy();
        _requiresContentType = options.RequireContentType;
        _allowsOtherHost = options.AllowOtherHost;
        _maxErrorBodyBytes = options.MaxErrorBodyBytes;
        _errorBodyTimeout = options.ErrorBodyTimeout;
        _timeProvider = options.TimeProvider;
        _log = new ConversationLog(loggers, protocol.Provider);
        _secrets = new SecretMask(_apiKey, [_baseAddress], options.Headers.Values);
    }

    public IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new HttpEvents(token => OpenAsync(request, token), _readOptions.MaxRetainedChars, cancellationToken);
    }

    public object? GetService(Type serviceType)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceType == typeof(StreamClientMetadata)
            ? new StreamClientMetadata { Provider = _protocol.Provider, Protocol = _protocol.Name, DefaultModel = _defaults.Model, SupportsResponseFormat = _protocol.SupportsResponseFormat, SupportsOpenSchemas = _protocol.SupportsOpenSchemas, MaxRetainedChars = _readOptions.MaxRetainedChars }
            : serviceType.IsInstanceOfType(this) ? this : null;
    }

    public PrefillSupport FindPrefill(StreamRequest request)
    {
        var rule = _protocol.Prefill;
        var isThere = rule.BasePath is not { } path || (_baseAddress ?? _http().BaseAddress ?? _protocol.DefaultBaseAddress).AbsolutePath.StartsWith(path, StringComparison.OrdinalIgnoreCase);
        return new PrefillSupport(
            isThere && rule.Accepts(request.Options?.ModelId ?? _defaults.Model),
            rule.TrimsWhiteSpace,
            rule.MayRepeat,
            rule.AllowsReasoning);
    }

    private async Task<HttpEventSource> OpenAsync(StreamRequest request, CancellationToken cancellationToken)
    {
        var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var decoder = CreateDecoder(request, response);
            var frames = _protocol.CreateFrameReader(body, _readOptions);
            frames.HttpBody = body;
            return new HttpEventSource(response, new StreamEventReader(frames, decoder, _readOptions, cancellationToken), _secrets, RateLimitReader.Read(response.Headers, _timeProvider.GetUtcNow()));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private StreamEventDecoder CreateDecoder(StreamRequest request, HttpResponseMessage response)
    {
        if (request.Options?.ContinuationToken is ResumptionToken { State: StreamEventDecoder decoder })
        {
            decoder.Resume();
            return decoder;
        }

        return _protocol.CreateDecoder(_readOptions, _secrets.Apply(_protocol.ReadRequestId(response.Headers)), request);
    }

    private async Task<HttpResponseMessage> SendAsync(StreamRequest request, CancellationToken cancellationToken)
    {
        var http = _http();
        using var message = CreateMessage(request, http);
        var sentTo = message.RequestUri!;
        await AuthorizeAsync(message, http, cancellationToken).ConfigureAwait(false);
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested && exception.InnerException is TimeoutException)
        {
            throw new StreamTimeoutException(StreamTimeoutPhase.ResponseHead, http.Timeout, exception);
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw CallerCancellation.ToException(exception, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new StreamInterruptedException($"The connection to {_secrets.Apply(RequestAddress.Describe(sentTo))} failed before a response arrived: {exception.HttpRequestError}", bytesReceived: 0, exception);
        }
        catch (OperationCanceledException exception)
        {
            // By nobody that the caller knows: such as HttpClient.CancelPendingRequests, or a handler's own token.
            throw new StreamInterruptedException("The request was cancelled within the HTTP client before a response arrived", bytesReceived: 0, exception);
        }

        try
        {
            ThrowIfRedirected(response, sentTo);
            await ThrowUnlessStreamAsync(response, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            response.Dispose();
            throw;
        }

        return response;
    }

    private void ThrowIfRedirected(HttpResponseMessage response, Uri sentTo)
    {
        // The handler changes the address of the request when it follows a redirect. It is too late to keep the key back, but not to say so.
        if (!_allowsOtherHost && response.RequestMessage?.RequestUri is { } answeredBy
            && Uri.Compare(answeredBy, sentTo, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) != 0)
        {
            throw new ProviderException(
                _protocol.Provider,
                response.StatusCode,
                "redirected",
                $"the request to {sentTo.Host} was redirected to {answeredBy.Host}, and its headers were sent there. Turn off AllowAutoRedirect of the HTTP handler, and replace the key if you do not trust that host; if a handler rewrites addresses on purpose, set {nameof(StreamClientOptions)}.{nameof(StreamClientOptions.AllowOtherHost)}")
            {
                Protocol = _protocol.Name,
            };
        }
    }

    private async ValueTask AuthorizeAsync(HttpRequestMessage message, HttpClient http, CancellationToken cancellationToken)
    {
        if (_authorize is null)
        {
            return;
        }

        // The client would add them later, when a signature could not cover them any more.
        foreach (var (name, values) in http.DefaultRequestHeaders.NonValidated)
        {
            if (!message.Headers.NonValidated.Contains(name))
            {
                message.Headers.TryAddWithoutValidation(name, values);
            }
        }

        try
        {
            await _authorize(message, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw CallerCancellation.ToException(exception, cancellationToken);
        }
    }

    private HttpRequestMessage CreateMessage(StreamRequest request, HttpClient http)
    {
        var baseAddress = _baseAddress ?? http.BaseAddress ?? _protocol.DefaultBaseAddress;
        if (_authorize is null && string.IsNullOrEmpty(_apiKey) && _protocol.NeedsApiKey && baseAddress.Host == _protocol.DefaultBaseAddress.Host)
        {
            throw new InvalidOperationException($"{baseAddress.Host} asks for a key: set {nameof(StreamClientOptions)}.{nameof(StreamClientOptions.ApiKey)}. Nothing was sent.");
        }

        var message = _protocol.GetContinuation(request) is { } rest
            ? new HttpRequestMessage(HttpMethod.Get, _addresses.Get(baseAddress, rest.Path, rest.Query))
            : new HttpRequestMessage(HttpMethod.Post, _addresses.Get(baseAddress, _protocol.GetRequestPath(request, _defaults), _protocol.RequestQuery))
            {
                Content = CreateBody(request),
            };
        message.Version = HttpVersion.Version20;
        message.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(_protocol.ContentType));
        _protocol.WriteRequestHeaders(message.Headers, _apiKey);
        foreach (var (name, value) in _headers)
        {
            message.Headers.Remove(name);
            message.Headers.Add(name, value);
        }

        return message;
    }

    private ReadOnlyMemoryContent CreateBody(StreamRequest request)
    {
        var body = new ArrayBufferWriter<byte>();
        _log.Log(_protocol.WriteRequestBody(request, _defaults, body));
        return new ReadOnlyMemoryContent(body.WrittenMemory) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }

    /// <summary>Looks at the first bytes of a body under the wrong media type. They stay in the content of the response.</summary>
    private async Task<bool> IsStreamAllTheSameAsync(HttpResponseMessage response, UnexpectedContent fault, CancellationToken cancellationToken)
    {
        if (_requiresContentType || !fault.IsText)
        {
            return false;
        }

        try
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var peeked = await PeekedBody.ReadAsync(body, _protocol.FrameFormat, _errorBodyTimeout, _timeProvider, cancellationToken).ConfigureAwait(false);
            response.Content = new StreamContent(peeked);
            return peeked.IsStream;
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested)
        {
            throw CallerCancellation.ToException(exception, cancellationToken);
        }
    }

    private async Task ThrowUnlessStreamAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var fault = UnexpectedContent.Find(response.Content.Headers, _protocol.ContentType, _requiresContentType);
        if (response.IsSuccessStatusCode && (fault is null || await IsStreamAllTheSameAsync(response, fault, cancellationToken).ConfigureAwait(false)))
        {
            return;
        }

        var body = await ErrorBody.ReadAsync(response.Content, _maxErrorBodyBytes, _errorBodyTimeout, _timeProvider, cancellationToken).ConfigureAwait(false);
        var text = fault is { IsText: false } ? default : body.Span;
        var error = response.IsSuccessStatusCode
            ? fault!.ToException(_protocol, response, text)
            : _protocol.ReadError(response.StatusCode, response.Headers, text, _timeProvider.GetUtcNow());
        throw _secrets.Apply(error, response.RequestMessage?.RequestUri);
    }
}
