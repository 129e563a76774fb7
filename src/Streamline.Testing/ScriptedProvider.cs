using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Streamline.Protocols;

namespace Streamline.Testing;

/// <summary>
/// A provider for tests that answers from a script, in the protocol of each request and with the faults that a test asks for: in process, as the
/// handler of an <see cref="HttpClient"/>, or on a real socket by <see cref="ScriptedProviderHost"/>.
/// </summary>
/// <remarks>
/// <para>Thread-safe. Each request takes the next reply. What an application shows when the connection breaks in the middle of an answer:</para>
/// <code>
/// var provider = new ScriptedProvider(
///     ScriptedReply.Text("The answer is long.") with { Faults = new FaultPlan { AbortAt = FaultPoint.AfterEvent(4) } },
///     ScriptedReply.Text("The answer is long."));
/// using var http = new HttpClient(provider.CreateHandler(StreamProtocols.Anthropic));
/// var app = new MyApp(StreamProtocols.Anthropic.CreateClient(http, "any key", "any model"));
///
/// Assert.Equal("The answer is long.", await app.AskAsync("Why?"));
///
/// Assert.Equal(2, provider.Exchanges.Count);
/// Assert.Equal("Why?", provider.Exchanges[0].Request.LastUserText);
/// </code>
/// </remarks>
public sealed class ScriptedProvider
{
    private readonly Lock _lock = new();
    private readonly Queue<Func<ScriptedRequest, ScriptedReply>> _script = new();
    private readonly List<ScriptedExchange> _exchanges = [];
    private readonly List<(int Index, TaskCompletionSource<ScriptedExchange> Arrived)> _waiters = [];
    private readonly bool _repeatLastReply;
    private readonly string? _expectedApiKey;
    private readonly TimeProvider _timeProvider;

    /// <summary>Initializes a new instance of the <see cref="ScriptedProvider"/> class.</summary>
    /// <param name="replies">The first replies, in order.</param>
    /// <exception cref="ArgumentNullException">An argument or a reply is <see langword="null"/>.</exception>
    public ScriptedProvider(params ScriptedReply[] replies)
        : this(new ScriptedProviderOptions(), replies)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="ScriptedProvider"/> class that answers every request by what a function makes of it.</summary>
    /// <param name="respond">Makes the replies. It may be called from several threads at once.</param>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="respond"/> is <see langword="null"/>.</exception>
    [SuppressMessage("ApiDesign", "RS0027:API with optional parameter(s) should have the most parameters amongst its public overloads", Justification = "The overload with as many parameters takes replies, so a call is never ambiguous.")]
    public ScriptedProvider(Func<ScriptedRequest, ScriptedReply> respond, ScriptedProviderOptions? options = null)
        : this(options ?? new ScriptedProviderOptions())
    {
        Enqueue(respond);
        _repeatLastReply = true;
    }

    /// <summary>Initializes a new instance of the <see cref="ScriptedProvider"/> class.</summary>
    /// <param name="options">The options.</param>
    /// <param name="replies">The first replies, in order.</param>
    /// <exception cref="ArgumentNullException">An argument or a reply is <see langword="null"/>.</exception>
    public ScriptedProvider(ScriptedProviderOptions options, params ScriptedReply[] replies)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(replies);
        _repeatLastReply = options.RepeatLastReply;
        _expectedApiKey = options.ExpectedApiKey;
        _timeProvider = options.TimeProvider;
        foreach (var reply in replies)
        {
            Enqueue(reply);
        }
    }

    /// <summary>Gets the exchanges so far, in the order in which their requests arrived.</summary>
    public IReadOnlyList<ScriptedExchange> Exchanges
    {
        get
        {
            lock (_lock)
            {
                return [.. _exchanges];
            }
        }
    }

    /// <summary>Adds a reply to the end of the script.</summary>
    /// <param name="reply">The reply.</param>
    /// <returns>This provider.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="reply"/> is <see langword="null"/>.</exception>
    public ScriptedProvider Enqueue(ScriptedReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        return Enqueue(_ => reply);
    }

    /// <summary>Adds a reply that depends on its request to the end of the script.</summary>
    /// <param name="respond">Makes the reply when the request arrives.</param>
    /// <returns>This provider.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="respond"/> is <see langword="null"/>.</exception>
    public ScriptedProvider Enqueue(Func<ScriptedRequest, ScriptedReply> respond)
    {
        ArgumentNullException.ThrowIfNull(respond);
        lock (_lock)
        {
            _script.Enqueue(respond);
        }

        return this;
    }

    /// <summary>Waits until a request has arrived, such as one whose reply stalls.</summary>
    /// <param name="index">Which request, from 0.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The exchange, which is still running.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is negative.</exception>
    public Task<ScriptedExchange> WaitForExchangeAsync(int index, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        lock (_lock)
        {
            if (index < _exchanges.Count)
            {
                return Task.FromResult(_exchanges[index]);
            }

            var arrived = new TaskCompletionSource<ScriptedExchange>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((index, arrived));
            return arrived.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Creates a handler for an <see cref="HttpClient"/> that answers in process, in the protocol that the path of a request belongs to.</summary>
    /// <returns>A new handler. Bodies are made as they are read: nothing is sent ahead.</returns>
    /// <remarks>
    /// A path that ends with <c>/messages</c> is Anthropic's, one that ends with <c>/chat/completions</c> or <c>/responses</c> is one of OpenAI's, one that
    /// ends with <c>/api/chat</c> is Ollama's, one that ends with <c>/v2/chat</c> is Cohere's, one that ends with <c>:streamGenerateContent</c> is Gemini's, answered with server-sent events if the query has <c>alt=sse</c> and with a JSON array if not, and one
    /// that ends with <c>/converse-stream</c> or <c>/invoke-with-response-stream</c> is one of Bedrock's.
    /// </remarks>
    public HttpMessageHandler CreateHandler() => new ScriptedHandler(this, protocol: null);

    /// <summary>Creates a handler for an <see cref="HttpClient"/> that answers in process, in one protocol whatever the path is.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <returns>A new handler. Bodies are made as they are read: nothing is sent ahead.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="protocol"/> is <see langword="null"/>.</exception>
    public HttpMessageHandler CreateHandler(StreamProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        return new ScriptedHandler(this, protocol);
    }

    /// <summary>Records a request.</summary>
    internal ScriptedExchange Accept(
        StreamProtocol? protocol, string method, string path, IReadOnlyList<KeyValuePair<string, string>> headers, ReadOnlyMemory<byte> body)
    {
        lock (_lock)
        {
            var request = new ScriptedRequest(_exchanges.Count, protocol, method, path, SecretHeaders.Redact(headers), body)
            {
                IsAuthorized = _expectedApiKey is null || SecretHeaders.CarryKey(headers, _expectedApiKey),
            };
            var exchange = new ScriptedExchange(request);
            _exchanges.Add(exchange);
            foreach (var waiter in _waiters.Where(waiter => waiter.Index == request.Index))
            {
                waiter.Arrived.TrySetResult(exchange);
            }

            _waiters.RemoveAll(waiter => waiter.Index == request.Index);
            return exchange;
        }
    }

    /// <summary>Finds the reply to a request.</summary>
    /// <exception cref="InvalidOperationException">The script has no reply left, or a fault of the reply lies after its end.</exception>
    internal PreparedReply Prepare(ScriptedExchange exchange)
    {
        var request = exchange.Request;
        if (request.Protocol is not { } protocol)
        {
            return NotFound(exchange);
        }

        var reply = request.IsAuthorized
            ? Next(request)(request) ?? throw new InvalidOperationException("The function that makes replies returned null.")
            : ScriptedReply.Error(HttpStatusCode.Unauthorized, "The API key is missing or is not the expected one.", WireRoutes.UnauthorizedCode(protocol));
        return Prepare(exchange, reply, protocol);
    }

    /// <summary>Makes the reply that says over the protocol that the script failed, and that trying again is of no use.</summary>
    internal PreparedReply PrepareFailure(ScriptedExchange exchange, StreamProtocol protocol, Exception failure) => Prepare(
        exchange, ScriptedReply.Error(HttpStatusCode.InternalServerError, failure.Message).WithHeader("x-should-retry", "false"), protocol);

    private PreparedReply Prepare(ScriptedExchange exchange, ScriptedReply reply, StreamProtocol protocol)
    {
        if (reply.Faults != FaultPlan.None && reply.Content.IsKnown)
        {
            BodyPlan.ThrowIfAnyIsAfterTheEnd(reply.Content.ToFrames(reply, exchange.Request, protocol), reply.Faults);
        }

        var frames = reply.Content.ToFrames(reply, exchange.Request, protocol);
        return new PreparedReply(exchange, reply.Faults)
        {
            StatusCode = (int)reply.StatusCode,
            ContentType = reply.ContentType ?? reply.Content.ContentType ?? WireRoutes.ContentType(protocol),
            Headers = reply.Headers.Any(header => header.Key.Equals(RequestId(exchange).Key, StringComparison.OrdinalIgnoreCase)) ? reply.Headers : [RequestId(exchange), .. reply.Headers],
            Body = new ReplyBody(BodyPlan.Create(frames, (index, isFirst) => reply.Content.GetDelay(index, isFirst, reply.Delay), reply.Faults), exchange, _timeProvider),
        };
    }

    private PreparedReply NotFound(ScriptedExchange exchange)
    {
        var message = JsonEncodedText.Encode($"No protocol is served at {exchange.Request.Method} {exchange.Request.Path}.").Value;
        var body = Encoding.UTF8.GetBytes("{\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"" + message + "\"}}");
        return new PreparedReply(exchange, FaultPlan.None)
        {
            StatusCode = (int)HttpStatusCode.NotFound,
            ContentType = "application/json",
            Headers = [RequestId(exchange)],
            Body = new ReplyBody(exchange.Request.Method == "HEAD" ? [] : [BodyStep.Write(body)], exchange, _timeProvider),
        };
    }

    private Func<ScriptedRequest, ScriptedReply> Next(ScriptedRequest request)
    {
        lock (_lock)
        {
            if (_script.Count == 0)
            {
                throw new InvalidOperationException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The script has no reply left for request {request.Index} ({request.Method} {request.Path}). Add replies, or set RepeatLastReply."));
            }

            return _script.Count == 1 && _repeatLastReply ? _script.Peek() : _script.Dequeue();
        }
    }

    private static KeyValuePair<string, string> RequestId(ScriptedExchange exchange) => new(
        WireRoutes.RequestIdHeader(exchange.Request.Protocol), string.Create(CultureInfo.InvariantCulture, $"req_{exchange.Request.Index + 1}"));
}
