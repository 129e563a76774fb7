using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Anthropic;

/// <summary>The wire's errors: as the answer to a request, and inside a stream that had begun well.</summary>
internal static class AnthropicErrors
{
    private const HttpStatusCode Overloaded = (HttpStatusCode)529;

    // The body is no part of a page, so quotes and text beyond ASCII need not be escaped.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Gets the HTTP status that a type of error stands for; <see langword="null"/> for a type that is not known.</summary>
    public static HttpStatusCode? StatusOf(string? errorType) => errorType switch
    {
        "invalid_request_error" => HttpStatusCode.BadRequest,
        "authentication_error" => HttpStatusCode.Unauthorized,
        "billing_error" => HttpStatusCode.PaymentRequired,
        "permission_error" => HttpStatusCode.Forbidden,
        "not_found_error" => HttpStatusCode.NotFound,
        "conflict_error" => HttpStatusCode.Conflict,
        "request_too_large" => HttpStatusCode.RequestEntityTooLarge,
        "rate_limit_error" => HttpStatusCode.TooManyRequests,
        "api_error" => HttpStatusCode.InternalServerError,
        "timeout_error" => HttpStatusCode.GatewayTimeout,
        "overloaded_error" => Overloaded,
        _ => null,
    };

    /// <summary>Reads an error from a payload of the stream, or from JSON that stands in place of one.</summary>
    /// <param name="payload">The object that has the member <c>error</c>.</param>
    /// <param name="requestId">The provider's id of the HTTP request, for when the payload does not repeat it.</param>
    public static ProviderException ReadInBand(JsonElement payload, string? requestId)
    {
        var (type, message, bodyRequestId) = ReadMembers(payload);
        var status = StatusOf(type);
        return new ProviderException(AnthropicProtocol.WireName, status, type, message)
        {
            RequestId = bodyRequestId ?? requestId,
            IsInBand = true,
            IsRetryable = status is { } known && IsRetryable(known, type),
        };
    }

    /// <summary>Reads an error from text that stands in place of a stream, or in one; <see langword="null"/> when it is none.</summary>
    public static ProviderException? TryReadInBand(ReadOnlySpan<byte> text, string? requestId) =>
        JsonPayload.TryParse(text) is { } payload && payload.Member("error"u8) is not null ? ReadInBand(payload, requestId) : null;

    /// <summary>Classifies an answer that is an error by its HTTP status.</summary>
    public static ProviderException Read(HttpStatusCode statusCode, HttpResponseHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var (type, message, bodyRequestId) = JsonPayload.TryParse(body) is { } payload ? ReadMembers(payload) : default;
        var retryAfter = RetryAfterHeader.Read(headers, now);
        var requestId = ReadRequestId(headers);

        // The provider itself always says how long a rate limit lasts. When it does not, a spending limit is the cause.
        var isSpendingLimit = statusCode == HttpStatusCode.TooManyRequests && retryAfter is null && requestId is not null;
        return new ProviderException(AnthropicProtocol.WireName, statusCode, type, message ?? ErrorExcerpt.Of(body))
        {
            RequestId = requestId ?? bodyRequestId,
            RetryAfter = retryAfter,
            IsRetryable = RetryAfterHeader.ShouldRetry(headers) ?? (IsRetryable(statusCode, type) && !isSpendingLimit),
        };
    }

    public static string? ReadRequestId(HttpResponseHeaders headers) =>
        headers.NonValidated.TryGetValues("request-id", out var values) || headers.NonValidated.TryGetValues("x-amzn-requestid", out values)
            ? values.ToString()
            : null;

    /// <summary>Writes the body of an error, which is also the payload of an error inside a stream.</summary>
    public static void WriteBody(ProviderException error, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, Relaxed);
        writer.WriteStartObject();
        writer.WriteString("type"u8, "error"u8);
        writer.WriteStartObject("error"u8);
        writer.WriteString("type"u8, error.Code ?? TypeOf(error.StatusCode));
        writer.WriteString("message"u8, error.ProviderMessage ?? "");
        writer.WriteEndObject();
        if (error.RequestId is { } requestId)
        {
            writer.WriteString("request_id"u8, requestId);
        }

        writer.WriteEndObject();
    }

    private static (string? Type, string? Message, string? RequestId) ReadMembers(JsonElement payload)
    {
        var requestId = payload.NonEmptyText("request_id"u8);
        return payload.Object("error"u8) is { } error
            ? (error.NonEmptyText("type"u8), ErrorExcerpt.Of(error.Text("message"u8)), requestId)
            : (null, ErrorExcerpt.Of(payload.Text("error"u8)), requestId);
    }

    // The type of the error counts before the status: a gateway may have changed the latter.
    private static bool IsRetryable(HttpStatusCode statusCode, string? errorType) =>
        (StatusOf(errorType) ?? statusCode) is
            HttpStatusCode.RequestTimeout
            or HttpStatusCode.Conflict
            or HttpStatusCode.TooManyRequests
            or HttpStatusCode.InternalServerError
            or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable
            or HttpStatusCode.GatewayTimeout
            or Overloaded;

    private static string TypeOf(HttpStatusCode? statusCode) => (int?)statusCode switch
    {
        400 => "invalid_request_error",
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        409 => "conflict_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        504 => "timeout_error",
        503 or 529 => "overloaded_error",
        >= 400 and < 500 => "invalid_request_error",
        _ => "api_error",
    };
}
