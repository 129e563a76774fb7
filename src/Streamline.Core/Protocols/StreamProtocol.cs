using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using Streamline.Framing;

namespace Streamline.Protocols;

/// <summary>
/// The protocol of a provider: how a request is written, how the stream of its answer is read and written, and how its errors
/// are told.
/// </summary>
/// <remarks>Instances are immutable and thread-safe. See <see cref="StreamProtocols"/> for those that there are.</remarks>
[SuppressMessage("ApiDesign", "RS0026:Do not add multiple public overloads with optional parameters", Justification = "The overloads differ in a required parameter, so a call is never ambiguous.")]
public abstract class StreamProtocol
{
    private protected StreamProtocol()
    {
    }

    /// <summary>Gets the name of the protocol, such as <c>anthropic</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Gets the name of the provider, such as <c>groq</c>, whose protocol is <c>openai</c>.</summary>
    /// <value>The default is <see cref="Name"/>.</value>
    public virtual string Provider => Name;

    /// <summary>Gets the address of the provider, with a trailing slash.</summary>
    public abstract Uri DefaultBaseAddress { get; }

    /// <summary>Gets the path of the streaming endpoint, relative to a base address.</summary>
    internal abstract string RequestPath { get; }

    /// <summary>Gets a value indicating whether a request has a place for the JSON schema of its answer.</summary>
    internal virtual bool SupportsResponseFormat => true;

    /// <summary>Gets a value indicating whether the JSON schema of an answer may be open or recursive.</summary>
    internal virtual bool SupportsOpenSchemas => true;

    /// <summary>Gets what the query of the address says, without the question mark; empty for nothing.</summary>
    internal virtual string RequestQuery => "";

    /// <summary>Gets a value indicating whether a server of this protocol may have its endpoints under <c>/v1</c>.</summary>
    internal virtual bool TakesVersionInPath => true;

    /// <summary>Gets a value indicating whether the provider at the default address asks for a key.</summary>
    internal virtual bool NeedsApiKey => true;

    /// <summary>Tells whether a payload is one that streams of this protocol have, and streams of no other.</summary>
    internal virtual bool IsMark(PayloadValue payload) => false;

    /// <summary>Gets how the body of a streamed answer is divided into frames.</summary>
    internal virtual FrameFormat FrameFormat => FrameFormat.Sse;

    /// <summary>Gets the media type of a streamed answer.</summary>
    public abstract string ContentType { get; }

    /// <summary>Gets the name of the provider, and that of its protocol where they differ.</summary>
    /// <returns>Such as <c>anthropic</c>, or <c>groq (openai)</c>.</returns>
    public sealed override string ToString() => Provider == Name ? Name : $"{Provider} ({Name})";

    /// <summary>Reads an answer of this protocol, for applications with an HTTP stack of their own.</summary>
    /// <param name="body">The body of the response. It is disposed when the enumeration ends or is left.</param>
    /// <param name="options">The limits; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends reading; the exception carries this token.</param>
    /// <returns>The events, in order, ending with <see cref="ResponseCompleted"/>. They can be enumerated once.</returns>
    /// <remarks>See <see cref="IStreamClient.StreamAsync"/> for how the enumeration ends and fails.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="body"/> cannot be read.</exception>
    public IAsyncEnumerable<StreamEvent> ReadAsync(Stream body, StreamReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        var limits = options?.Copy() ?? StreamReadOptions.Default;
        return new StreamEventSequence(this, CreateFrameReader(body, limits), limits, cancellationToken);
    }

    /// <summary>Reads an answer of this protocol, for applications with an HTTP stack of their own.</summary>
    /// <param name="body">The body of the response. It is completed when the enumeration ends or is left.</param>
    /// <param name="options">The limits; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends reading; the exception carries this token.</param>
    /// <returns>The events, in order, ending with <see cref="ResponseCompleted"/>. They can be enumerated once.</returns>
    /// <remarks>See <see cref="IStreamClient.StreamAsync"/> for how the enumeration ends and fails.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is <see langword="null"/>.</exception>
    public IAsyncEnumerable<StreamEvent> ReadAsync(PipeReader body, StreamReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        var limits = options?.Copy() ?? StreamReadOptions.Default;
        return new StreamEventSequence(this, FrameReader.Create(FrameFormat, body, limits.MaxEventBytes), limits, cancellationToken);
    }

    /// <summary>Makes a writer of answers in this protocol's form, for one response after another.</summary>
    /// <returns>A new encoder.</returns>
    public virtual StreamEventEncoder CreateEncoder()
    {
        var output = new FrameOutput(FrameFormat);
        return new ProtocolEncoder(Name, output, (response, isOwn) => CreateResponseWriter(output, response, isOwn), error => WriteInBandError(output, error));
    }

    /// <summary>Makes the writer of one response.</summary>
    /// <param name="output">Where frames are written.</param>
    /// <param name="response">The beginning of the response.</param>
    /// <param name="isOwn">Whether the response came over this protocol.</param>
    private protected abstract ResponseWriter CreateResponseWriter(FrameOutput output, ResponseStarted response, bool isOwn);

    /// <summary>Writes an error inside a stream. By default it is a frame that holds what the body of a failed request does.</summary>
    /// <param name="output">Where frames are written.</param>
    /// <param name="error">The error.</param>
    private protected virtual void WriteInBandError(FrameOutput output, ProviderException error) => output.Write(writer => WriteErrorMembers(writer, error));

    /// <summary>Gets a value indicating whether <see cref="ReadRequest"/> is supported by this protocol.</summary>
    public virtual bool CanReadRequests => false;

    /// <summary>Reads the body of a request in this protocol's form, for gateways that answer as a provider does.</summary>
    /// <param name="body">The body. What the request keeps of it stays valid when the document of the body is disposed.</param>
    /// <returns>
    /// The request. Sent over this protocol again, it has the same content as the body: what <see cref="StreamRequest.Options"/> cannot hold is in
    /// <see cref="StreamRequest.ExtraBody"/>, and what a content cannot hold, such as a cache marker, in its additional properties.
    /// Whether the client wants the answer to be streamed is not part of a request here, nor is the id of a function call's item, which OpenAI Responses does not need;
    /// the texts of a result that is sent in several parts are joined.
    /// </returns>
    /// <remarks>For another protocol, <see cref="StreamRequest.ExtraBody"/> has no meaning and is to be left out.</remarks>
    /// <exception cref="StreamProtocolException">A member that the protocol requires is missing or of another type; the message begins with its path.</exception>
    /// <exception cref="NotSupportedException"><see cref="CanReadRequests"/> is <see langword="false"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="body"/> is undefined.</exception>
    public StreamRequest ReadRequest(JsonElement body)
    {
        if (!CanReadRequests)
        {
            throw new NotSupportedException($"The protocol '{Name}' writes requests, but does not read them.");
        }

        if (body.ValueKind == JsonValueKind.Undefined)
        {
            throw new ArgumentException("Found an element without a value, expected the body of a request.", nameof(body));
        }

        // A copy, in which every string can be read: a document accepts invalid UTF-8 and half surrogate pairs.
        var copy = JsonPayload.TryParse(JsonMarshal.GetRawUtf8Value(body));
        var whole = copy ?? throw new StreamProtocolException(StreamProtocolError.InvalidPayload, $"The body: found deeper nesting, expected at most {StreamReadOptions.MaxPayloadDepth} levels", byteOffset: null);
        try
        {
            var request = ReadRequestCore(whole);

            // What is read can be written.
            _ = Normalize(request, request.Options?.ModelId);
            return request;
        }
        catch (ArgumentException exception)
        {
            // The exchange types accept less than JSON can say, such as an empty id; and a conversation may have nothing to send.
            var reason = exception.Message.Split(" (Parameter '", 2)[0].TrimEnd('.');
            throw new StreamProtocolException(StreamProtocolError.InvalidPayload, $"The body is not a conversation that can be sent: {reason}", byteOffset: null, exception);
        }
    }

    /// <summary>Brings the conversation of a request into the form that the provider accepts, as every client does before it sends a request.</summary>
    /// <param name="request">The request. Nothing in it is changed.</param>
    /// <returns>The messages as they will be sent, and what was changed to get there.</returns>
    /// <remarks>
    /// Each tool call gets exactly one result, right where the provider expects it; ids become unique and well-formed in call and result alike; blank texts and
    /// empty messages are left out; roles are put in order. docs/providers.md lists the rules of each protocol. Content that only the provider understands
    /// stays as it is. Some rules depend on the model, which is that of the request's options.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">A message has an unknown role, nothing is left to send, or nothing of the last message of the user is.</exception>
    public NormalizedConversation NormalizeConversation(StreamRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Normalize(request, request.Options?.ModelId);
    }

    /// <summary>Writes the body that a provider of this protocol answers with when a request fails.</summary>
    /// <param name="error">The error: its status, code and words.</param>
    /// <param name="output">Where to write the JSON text, in UTF-8.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public void WriteErrorBody(ProviderException error, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(output);
        JsonWriting.WriteObject(output, writer => WriteErrorMembers(writer, error));
    }

    /// <summary>Writes the members of the body of a failed request.</summary>
    /// <param name="writer">The writer, inside the body.</param>
    /// <param name="error">The error.</param>
    private protected abstract void WriteErrorMembers(Utf8JsonWriter writer, ProviderException error);

    /// <summary>Gets the path of the streaming endpoint for one request, relative to a base address.</summary>
    /// <param name="request">The request.</param>
    /// <param name="defaults">What to fill in where the request says nothing.</param>
    /// <exception cref="ArgumentException">The request lacks what the path needs; the message names it.</exception>
    internal virtual string GetRequestPath(StreamRequest request, StreamRequestDefaults defaults) => RequestPath;

    /// <summary>Writes the JSON body of a request, <see cref="StreamRequest.ExtraBody"/> included.</summary>
    /// <param name="request">The request.</param>
    /// <param name="defaults">What to fill in where the request says nothing.</param>
    /// <param name="output">Where to write the JSON text, in UTF-8.</param>
    /// <exception cref="ArgumentException">The request holds something that the protocol cannot carry; the message names it.</exception>
    /// <returns>What was changed in the conversation so that the provider accepts it.</returns>
    internal IReadOnlyList<ConversationChange> WriteRequestBody(StreamRequest request, StreamRequestDefaults defaults, IBufferWriter<byte> output)
    {
        var conversation = Normalize(request, OutgoingRequest.ModelOf(request, defaults));
        var outgoing = new OutgoingRequest(request, conversation.Messages, defaults);
        ExtraBody.Write(request.ExtraBody, output, writer => WriteRequestMembers(writer, outgoing));
        return conversation.Changes;
    }

    /// <summary>Writes the members of the JSON body of a request, except those of <see cref="StreamRequest.ExtraBody"/>.</summary>
    /// <param name="writer">The writer, inside the body.</param>
    /// <param name="request">The request.</param>
    /// <exception cref="ArgumentException">The request holds something that the protocol cannot carry; the message names it.</exception>
    private protected abstract void WriteRequestMembers(Utf8JsonWriter writer, OutgoingRequest request);

    /// <summary>Gets the rules by which the provider accepts a conversation.</summary>
    /// <param name="request">The request.</param>
    /// <param name="model">The model; <see langword="null"/> when it is unknown.</param>
    private protected abstract ConversationRules GetConversationRules(StreamRequest request, string? model);

    /// <summary>Gets how the provider is asked to continue a message of the assistant, and which models do.</summary>
    internal virtual PrefillRule Prefill => PrefillRule.None;

    /// <summary>Tells whether the provider keeps the beginning of a request's conversation, so that its messages are not the whole of it.</summary>
    /// <param name="request">The request.</param>
    private protected virtual bool IsContinued(StreamRequest request) => false;

    private NormalizedConversation Normalize(StreamRequest request, string? model) =>
        ConversationNormalizer.Normalize(request, BlockSeal.Apply(request.Messages), RulesFor(request, model), IsContinued(request));

    // A message that is to be continued stays the last one, whatever is known of the model.
    private ConversationRules RulesFor(StreamRequest request, string? model) =>
        GetConversationRules(request, model) is var rules && request.ContinuesLastMessage && rules.RefusesPrefill ? rules with { RefusesPrefill = false } : rules;

    /// <summary>Reads the body of a request.</summary>
    /// <param name="body">The body, of which the request may keep any part.</param>
    private protected virtual StreamRequest ReadRequestCore(JsonElement body) => throw new NotSupportedException();

    /// <summary>Gets the address at which a request finds the rest of a response that was begun before, instead of asking for a new one.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The path, relative to a base address, and the query of a <c>GET</c>; <see langword="null"/> for a request that begins a response.</returns>
    /// <exception cref="ArgumentException">The request speaks of a response that the protocol cannot find.</exception>
    internal virtual (string Path, string Query)? GetContinuation(StreamRequest request) => null;

    /// <summary>Gets the header that takes the key; <see langword="null"/> for a bearer token in <c>Authorization</c>.</summary>
    private protected virtual string? ApiKeyHeader => null;

    /// <summary>Adds the headers that the protocol asks for.</summary>
    /// <param name="headers">The headers of the request.</param>
    /// <param name="apiKey">The key; <see langword="null"/> where the server wants none.</param>
    internal virtual void WriteRequestHeaders(HttpRequestHeaders headers, string? apiKey)
    {
        if (string.IsNullOrEmpty(apiKey))
        {
            return;
        }

        if (ApiKeyHeader is { } header)
        {
            headers.Add(header, apiKey);
        }
        else
        {
            headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        }
    }

    /// <summary>Makes a reader of the frames of one response.</summary>
    /// <param name="body">The body of the response, which is closed with the reader.</param>
    /// <param name="options">The limits.</param>
    internal FrameReader CreateFrameReader(Stream body, StreamReadOptions options) => FrameReader.Create(FrameFormat, body, options.MaxEventBytes);

    /// <summary>Makes a decoder for one response.</summary>
    /// <param name="options">The limits, which the decoder may keep.</param>
    /// <param name="requestId">The provider's id of the HTTP request, if it gave one.</param>
    internal abstract StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId);

    /// <summary>Makes a decoder for the response to a request.</summary>
    /// <param name="options">The limits, which the decoder may keep.</param>
    /// <param name="requestId">The provider's id of the HTTP request, if it gave one.</param>
    /// <param name="request">The request.</param>
    internal virtual StreamEventDecoder CreateDecoder(StreamReadOptions options, string? requestId, StreamRequest request) => CreateDecoder(options, requestId);

    /// <summary>Classifies an answer that is an error by its HTTP status.</summary>
    /// <param name="statusCode">The status.</param>
    /// <param name="headers">The headers of the response.</param>
    /// <param name="body">The first bytes of the body, bounded; not necessarily JSON.</param>
    /// <param name="now">The time, against which a date in <c>Retry-After</c> is measured.</param>
    internal ProviderException ReadError(HttpStatusCode statusCode, HttpResponseHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var wait = RetryAfterHeader.Read(headers, now);
        var shouldRetry = RetryAfterHeader.ShouldRetry(headers) ?? ShouldRetry(statusCode, headers, wait);
        var limits = RateLimitReader.Read(headers, now);
        if (statusCode != HttpStatusCode.TooManyRequests)
        {
            return ReadErrorBody(headers, body).ToException(statusCode, new ErrorContext(Provider, Name, ReadRequestId(headers), wait, shouldRetry)).With(limits);
        }

        // A refusal says in many places when to come back; the most exact one counts.
        limits = limits.Count > 0 ? limits : RateLimitReader.ReadBody(body, now);
        var error = ReadErrorBody(headers, body);
        wait ??= error.RetryAfter ?? ErrorWaits.OfWords(error.Message) ?? RateLimitReader.UntilReset(limits, now);
        return error.ToException(statusCode, new ErrorContext(Provider, Name, ReadRequestId(headers), wait, shouldRetry)).With(limits);
    }

    /// <summary>Reads the body of an error.</summary>
    private protected virtual ProviderError ReadErrorBody(HttpResponseHeaders headers, ReadOnlySpan<byte> body) => ErrorReader.Read(body);

    /// <summary>Tells what only this protocol knows of a further attempt after an error; <see langword="null"/> for nothing.</summary>
    private protected virtual bool? ShouldRetry(HttpStatusCode statusCode, HttpResponseHeaders headers, TimeSpan? wait) => null;

    /// <summary>Classifies the text of an answer that had begun well.</summary>
    /// <param name="text">The text, bounded; not necessarily JSON.</param>
    /// <param name="requestId">The provider's id of the HTTP request, if it gave one.</param>
    /// <returns><see langword="null"/> when the text is not an error in the protocol's form.</returns>
    internal ProviderException? ReadInBandError(ReadOnlySpan<byte> text, string? requestId) =>
        ErrorReader.TryRead(text)?.ToInBandException(new ErrorContext(Provider, Name, requestId, RetryAfter: null, ShouldRetry: null));

    /// <summary>Gets the headers in which the provider, or a proxy in front of it, gives the id of a request; the first that is there counts.</summary>
    private protected virtual string[] RequestIdHeaders => ["x-request-id"];

    /// <summary>Reads the provider's id of the request from the headers of its answer.</summary>
    /// <param name="headers">The headers of the response.</param>
    internal string? ReadRequestId(HttpResponseHeaders headers) => RequestIdHeaders.Select(name => Header(headers, name)).FirstOrDefault(id => id is not null);

    /// <summary>Reads a header; <see langword="null"/> when it is missing or empty.</summary>
    private protected static string? Header(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) && values.ToString() is { Length: > 0 } value ? value : null;
}
