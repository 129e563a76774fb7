using System.Net;
using System.Net.Http.Headers;

namespace Streamline.Protocols.Shared;

/// <summary>What an error says of itself, in whatever form it came.</summary>
internal sealed record ProviderError
{
    /// <summary>Gets the status that the error names, or that its code or words stand for; <see langword="null"/> when they stand for none.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>Gets the code, or else the type; <see langword="null"/> when it gave none.</summary>
    public string? Code { get; init; }

    /// <summary>Gets the provider's words, at most <see cref="ErrorExcerpt.MaxBytes"/> long.</summary>
    public string? Message { get; init; }

    /// <summary>Gets the provider's id of the request.</summary>
    public string? RequestId { get; init; }

    /// <summary>Gets how long the provider asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Gets what the error itself says about a further attempt; <see langword="null"/> when it leaves that to its code and status.</summary>
    public bool? IsRetryable { get; init; }

    /// <summary>Makes an error that is known by its code alone, such as a finish reason or the name of an exception in a frame's header.</summary>
    /// <param name="code">The code; it replaces that of the body.</param>
    /// <remarks>Whether to try again is then read from a known code, and not guessed from the words of a body without one.</remarks>
    public ProviderError WithCode(string code) => ErrorCodes.Find(code) is { } kind
        ? this with { Code = code, Status = kind.Status ?? Status, IsRetryable = Code is null ? null : IsRetryable }
        : this with { Code = code };

    /// <summary>Classifies the error of a response whose HTTP status says that it is one.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="context">What else is known.</param>
    public ProviderException ToException(HttpStatusCode status, in ErrorContext context) => Create(status, context, isInBand: false);

    /// <summary>Classifies an error inside a stream whose HTTP status was a success.</summary>
    /// <param name="context">What else is known.</param>
    public ProviderException ToInBandException(in ErrorContext context) => Create(Status, context, isInBand: true);

    private ProviderException Create(HttpStatusCode? status, in ErrorContext context, bool isInBand) => new(context.Provider, status, Code, Message)
    {
        Protocol = context.Protocol,
        RequestId = isInBand ? RequestId ?? context.RequestId : context.RequestId ?? RequestId,
        RetryAfter = context.RetryAfter ?? RetryAfter,
        IsRetryable = context.ShouldRetry ?? IsRetryable ?? ErrorCodes.IsRetryable(status, Code),
        IsInBand = isInBand,
    };
}

/// <summary>What is known of an error besides its own words.</summary>
/// <param name="Provider">The name of the provider.</param>
/// <param name="Protocol">The name of the protocol; <see langword="null"/> for that of the provider.</param>
/// <param name="RequestId">The id of the request that the headers gave.</param>
/// <param name="RetryAfter">The wait that the headers asked for.</param>
/// <param name="ShouldRetry">What the headers, or the protocol, say about a further attempt; it goes before everything else.</param>
internal readonly record struct ErrorContext(string Provider, string? Protocol, string? RequestId, TimeSpan? RetryAfter, bool? ShouldRetry)
{
    /// <summary>Makes the context of an error inside a stream.</summary>
    public static ErrorContext InBand(string provider, string? requestId) => new(provider, Protocol: null, requestId, RetryAfter: null, ShouldRetry: null);

    /// <summary>Makes the context of an error that has headers.</summary>
    /// <param name="provider">The name of the provider.</param>
    /// <param name="requestId">The id of the request, which every provider names differently.</param>
    /// <param name="headers">The headers of the response.</param>
    /// <param name="now">The time, to which a date is compared when the response has no date of its own.</param>
    public static ErrorContext Of(string provider, string? requestId, HttpResponseHeaders headers, DateTimeOffset now) =>
        new(provider, Protocol: null, requestId, RetryAfterHeader.Read(headers, now), RetryAfterHeader.ShouldRetry(headers));
}
