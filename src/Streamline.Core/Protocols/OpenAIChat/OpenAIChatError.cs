using System.Net;
using Streamline.Protocols.OpenAIResponses;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>What an error of this wire says, before its HTTP status and headers are known.</summary>
internal sealed record OpenAIChatError
{
    /// <summary>Gets the name of the provider.</summary>
    public string Provider { get; init; } = OpenAIChatProtocol.WireName;

    /// <summary>Gets the status that the error names or that its code stands for.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>Gets the code, or else the type.</summary>
    public string? Code { get; init; }

    public string? Message { get; init; }

    /// <summary>Gets what the provider itself says about a further attempt (OpenRouter's <c>availability.retryable</c>).</summary>
    public bool? IsRetryable { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Classifies the error of an answer that is one by its HTTP status.</summary>
    public ProviderException ToException(HttpStatusCode status, string? requestId, TimeSpan? retryAfter, bool? shouldRetry) =>
        new(Provider, status, Code, Message)
        {
            Wire = Wire,
            RequestId = requestId,
            RetryAfter = retryAfter ?? RetryAfter,
            IsRetryable = shouldRetry ?? IsRetryable ?? OpenAIChatErrorCodes.IsRetryable(status, Code),
        };

    /// <summary>Classifies an error inside a stream by what it says of itself.</summary>
    public ProviderException ToInBandException(string? requestId) =>
        new(Provider, Status, Code, Message)
        {
            Wire = Wire,
            RequestId = requestId,
            RetryAfter = RetryAfter,
            IsRetryable = IsRetryable ?? OpenAIChatErrorCodes.IsRetryable(Status, Code),
            IsInBand = true,
        };

    // The Responses API bears its own name.
    private string? Wire => Provider is OpenAIChatProtocol.WireName or OpenAIResponsesProtocol.WireName ? null : OpenAIChatProtocol.WireName;
}
