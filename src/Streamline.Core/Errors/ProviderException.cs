using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Streamline;

/// <summary>
/// The provider answered with an error: as an HTTP status, or inside a stream that had begun with status 200. Both are
/// classified by the same rules.
/// </summary>
public sealed class ProviderException : StreamlineException
{
    /// <summary>Initializes a new instance of the <see cref="ProviderException"/> class.</summary>
    /// <param name="provider">The name of the provider, such as <c>anthropic</c> or <c>groq</c>.</param>
    /// <param name="statusCode">The HTTP status, or the one that the in-band error stands for.</param>
    /// <param name="code">The provider's own error code or type, such as <c>overloaded_error</c>; <see langword="null"/> when it gave none.</param>
    /// <param name="providerMessage">The provider's own words or a bounded excerpt of its answer; <see langword="null"/> when it gave none.</param>
    public ProviderException(string provider, HttpStatusCode? statusCode, string? code, string? providerMessage)
        : this(provider, statusCode, code, providerMessage, innerException: null)
    {
    }

    /// <summary>Initializes an exception for an answer that another client has read.</summary>
    internal ProviderException(string provider, HttpStatusCode? statusCode, string? code, string? providerMessage, Exception? innerException)
        : base(Compose(provider, statusCode, code, providerMessage), innerException)
    {
        Provider = provider;
        StatusCode = statusCode;
        Code = code;
        ProviderMessage = providerMessage;
    }

    /// <summary>Initializes a copy of an exception, without what must not be shown and with the address that the request was sent to.</summary>
    internal ProviderException(ProviderException other, Func<string?, string?> mask, string? address)
        : base(mask(address is null ? other.Message : $"{other.Message} [{address}]")!, other.InnerException)
    {
        Provider = other.Provider;
        StatusCode = other.StatusCode;
        Code = mask(other.Code);
        ProviderMessage = mask(other.ProviderMessage);
        Protocol = other.Protocol;
        RequestId = mask(other.RequestId);
        RetryAfter = other.RetryAfter;
        RateLimits = other.RateLimits;
        IsRetryable = other.IsRetryable;
        IsInBand = other.IsInBand;
        PartialResponse = other.PartialResponse;
        Attempts = other.Attempts;
    }

    /// <summary>Gets what the provider answered, and why there was no further attempt where its wait is longer than the application allows.</summary>
    public override string Message => Remark is null ? base.Message : $"{base.Message} {Remark}";

    /// <summary>Gets or sets a sentence that is added to the message; <see langword="null"/> for none.</summary>
    internal string? Remark { get; set; }

    /// <summary>Gets the name of the provider, such as <c>anthropic</c> or <c>groq</c>.</summary>
    public string Provider { get; }

    /// <summary>Gets the name of the protocol that defines <see cref="Code"/>, such as <c>openai</c> for Groq.</summary>
    /// <value>The default is <see cref="Provider"/>.</value>
    [AllowNull]
    public string Protocol
    {
        get => field ?? Provider;
        init;
    }

    /// <summary>Gets the HTTP status, or the one that the in-band error stands for; <see langword="null"/> when it stands for none.</summary>
    public HttpStatusCode? StatusCode { get; }

    /// <summary>Gets the provider's own error code or type; <see langword="null"/> when it gave none.</summary>
    public string? Code { get; }

    /// <summary>Gets the provider's own words, or a bounded excerpt of an answer that is not in the protocol's form of an error.</summary>
    public string? ProviderMessage { get; }

    /// <summary>Gets the provider's id of the request, for its support; <see langword="null"/> when it gave none.</summary>
    public string? RequestId { get; init; }

    /// <summary>Gets how long the provider asks to wait before another attempt; <see langword="null"/> when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Gets what the provider said about its rate limits together with the error; empty when it said nothing.</summary>
    public IReadOnlyList<RateLimitWindow> RateLimits { get; private set; } = [];

    /// <summary>Gets a value indicating whether the same request may succeed when it is sent again.</summary>
    public bool IsRetryable { get; init; }

    /// <summary>Gets a value indicating whether the error arrived inside a stream whose HTTP status was a success.</summary>
    public bool IsInBand { get; init; }

    internal ProviderException With(IReadOnlyList<RateLimitWindow> limits)
    {
        RateLimits = limits;
        return this;
    }

    private static string Compose(string provider, HttpStatusCode? statusCode, string? code, string? providerMessage)
    {
        var status = statusCode is { } s ? string.Create(CultureInfo.InvariantCulture, $" HTTP {(int)s}") : "";
        var name = string.IsNullOrEmpty(code) ? "" : $" {code}";
        var words = string.IsNullOrEmpty(providerMessage) ? "" : $": {providerMessage}";
        return $"{provider} answered with an error:{(status.Length + name.Length == 0 ? " unclassified" : status + name)}{words}";
    }
}
