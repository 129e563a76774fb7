using System.Net;

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
    public ProviderError WithCode(string code) => this with { Code = code, Status = ErrorCodes.Find(code)?.Status ?? Status };

    /// <summary>Classifies the error of a response whose HTTP status says that it is one.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="context">What else is known.</param>
    public ProviderException ToException(HttpStatusCode status, in ErrorContext context) => Create(status, context, isInBand: false);

    /// <summary>Classifies an error inside a stream whose HTTP status was a success.</summary>
    /// <param name="context">What else is known.</param>
    public ProviderException ToInBandException(in ErrorContext context) => Create(Status, context, isInBand: true);

    private ProviderException Create(HttpStatusCode? status, in ErrorContext context, bool isInBand) => new(context.Provider, status, Code, Message)
    {
        Wire = context.Protocol,
        RequestId = isInBand ? RequestId ?? context.RequestId : context.RequestId ?? RequestId,
        RetryAfter = context.RetryAfter ?? RetryAfter,
        IsRetryable = context.ShouldRetry ?? IsRetryable ?? ErrorCodes.IsRetryable(status, Code),
        IsInBand = isInBand,
    };
}
