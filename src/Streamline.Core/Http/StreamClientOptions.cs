using Microsoft.Extensions.Logging;
using Streamline.Protocols;

namespace Streamline;

/// <summary>How to reach a provider, and the defaults of requests.</summary>
/// <remarks>A client copies the values when it is made, so later changes do nothing to it.</remarks>
public sealed class StreamClientOptions
{
    /// <summary>The default of <see cref="MaxErrorBodyBytes"/>: 64 KiB.</summary>
    internal const int DefaultMaxErrorBodyBytes = 64 * 1024;

    /// <summary>The default of <see cref="ErrorBodyTimeout"/>: 10 seconds.</summary>
    internal static readonly TimeSpan DefaultErrorBodyTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the address that the path of the endpoint is appended to, such as <c>http://localhost:11434/v1</c>.</summary>
    /// <value>Absolute, <c>http</c> or <c>https</c>. By default the base address of the <see cref="HttpClient"/>, or else the provider's own.</value>
    public Uri? BaseAddress
    {
        get;
        set
        {
            if (value is not null && (!value.IsAbsoluteUri || value.Scheme is not ("http" or "https")))
            {
                throw new ArgumentException($"Expected an absolute http or https address; found {(value.IsAbsoluteUri ? $"the scheme '{value.Scheme}'" : "a relative address")}.", nameof(BaseAddress));
            }

            field = value;
        }
    }

    /// <summary>Gets or sets the key that the provider asks for. It goes into a header of each request, and nowhere else.</summary>
    /// <value>The default is <see langword="null"/>; without a key, or with an empty one, only servers at another address than the provider's own are asked.</value>
    public string? ApiKey
    {
        get;
        set
        {
            if (value is not null && value.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0)
            {
                // The key itself stays out of the message.
                throw new ArgumentException("Expected a key of printable ASCII characters without blanks; found another character, perhaps a line end.", nameof(ApiKey));
            }

            field = value;
        }
    }

    /// <summary>
    /// Gets or sets a delegate that authorizes each request just before it is sent, for providers that need more than a fixed key: a signature, or a token that is
    /// renewed from time to time.
    /// </summary>
    /// <value>
    /// It gets the whole request, with the default headers of the <see cref="HttpClient"/>, and adds headers to it, from several threads at once; what it
    /// throws ends the stream before anything is sent. What handlers of the <see cref="HttpClient"/> do to the request comes after it.
    /// The default is <see langword="null"/>: only <see cref="ApiKey"/> is sent.
    /// </value>
    public Func<HttpRequestMessage, CancellationToken, ValueTask>? Authorize { get; set; }

    /// <summary>Gets or sets the model for requests that name none.</summary>
    /// <value>The default is <see langword="null"/>: each request must name its model.</value>
    public string? Model { get; set; }

    /// <summary>Gets or sets the limit on output tokens for requests that set none.</summary>
    /// <value>In tokens, at least 1. The default is <see langword="null"/>: the protocol's own default.</value>
    public int? MaxOutputTokens
    {
        get;
        set
        {
            if (value is { } tokens)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1, nameof(MaxOutputTokens));
            }

            field = value;
        }
    }

    /// <summary>Gets headers to send with each request, such as a provider's opt-in to a preview.</summary>
    /// <value>Empty by default.</value>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets or sets the logger factory of the client, which logs the changes that were made to a conversation so that the provider accepts it.</summary>
    /// <value>
    /// The default is <see langword="null"/>: nothing is logged, unless the client is registered with dependency injection, where it is the application's own.
    /// The category is <c>Streamline.Conversation</c>. Added or left out calls, results and messages are warnings; changes of form are logged at the level Debug.
    /// </value>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Gets or sets a value indicating whether the response may come from another host than the request was sent to.</summary>
    /// <value>
    /// The default is <see langword="false"/>: such a response ends the stream, because an HTTP handler that follows redirects has sent the key to that host. Set it if
    /// the <see cref="HttpClient"/> rewrites addresses on purpose.
    /// </value>
    public bool AllowOtherHost { get; set; }

    /// <summary>Gets or sets the limits on what is read from a response and what is kept of it.</summary>
    /// <value>The default is an instance with the defaults.</value>
    public StreamReadOptions Read
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Read));
            field = value;
        }
    } = new();

    /// <summary>Gets or sets a value indicating whether a response must have the media type of its protocol, such as <c>text/event-stream</c>.</summary>
    /// <value>
    /// The default is <see langword="false"/>: a response under another media type is read if its first bytes are those of a stream, and a missing media
    /// type is accepted. A page or a JSON error is a <see cref="ProviderException"/> in any case.
    /// </value>
    public bool RequireContentType { get; set; }

    /// <summary>Gets or sets how much of the body of an error is read.</summary>
    /// <value>In bytes, at least 1. The default is 64 KiB.</value>
    public int MaxErrorBodyBytes
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxErrorBodyBytes));
            field = value;
        }
    } = DefaultMaxErrorBodyBytes;

    /// <summary>Gets or sets how long the body of an error is waited for. Past it, the error is reported with what has arrived.</summary>
    /// <value>More than zero, and at most <see cref="int.MaxValue"/> milliseconds. The default is 10 seconds.</value>
    public TimeSpan ErrorBodyTimeout
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, nameof(ErrorBodyTimeout));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMilliseconds(int.MaxValue), nameof(ErrorBodyTimeout));
            field = value;
        }
    } = DefaultErrorBodyTimeout;

    /// <summary>Gets or sets the clock: it times <see cref="ErrorBodyTimeout"/>, and a date in <c>Retry-After</c> is measured against it.</summary>
    /// <value>The default is <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value, nameof(TimeProvider));
            field = value;
        }
    } = TimeProvider.System;
}
