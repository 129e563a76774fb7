using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Gemini;

/// <summary>The wire's errors, which are those of all Google APIs: as the answer to a request, and in place of a chunk.</summary>
internal static class GeminiErrors
{
    private const HttpStatusCode Cancelled = (HttpStatusCode)499;
    private const double MaxRetryAfterSeconds = 365 * 24 * 60 * 60;

    /// <summary>Gets the HTTP status that a status of the wire stands for; <see langword="null"/> for one that is not known.</summary>
    public static HttpStatusCode? StatusOf(string? code) => code switch
    {
        "INVALID_ARGUMENT" or "FAILED_PRECONDITION" or "OUT_OF_RANGE" => HttpStatusCode.BadRequest,
        "UNAUTHENTICATED" => HttpStatusCode.Unauthorized,
        "PERMISSION_DENIED" => HttpStatusCode.Forbidden,
        "NOT_FOUND" => HttpStatusCode.NotFound,
        "ALREADY_EXISTS" or "ABORTED" => HttpStatusCode.Conflict,
        "RESOURCE_EXHAUSTED" => HttpStatusCode.TooManyRequests,
        "CANCELLED" => Cancelled,
        "INTERNAL" or "UNKNOWN" or "DATA_LOSS" => HttpStatusCode.InternalServerError,
        "UNIMPLEMENTED" => HttpStatusCode.NotImplemented,
        "UNAVAILABLE" => HttpStatusCode.ServiceUnavailable,
        "DEADLINE_EXCEEDED" => HttpStatusCode.GatewayTimeout,
        _ => null,
    };

    /// <summary>Reads the error in a payload; <see langword="null"/> when the payload is none.</summary>
    public static ProviderException? ReadInBand(JsonElement payload, string? requestId)
    {
        if (ErrorOf(payload) is not { } error)
        {
            return null;
        }

        var status = error.Integer("code"u8) is >= 400 and < 600 and var number ? (HttpStatusCode)number : StatusOf(error.Text("status"u8));
        return new ProviderException(GeminiProtocol.WireName, status, error.NonEmptyText("status"u8), ErrorExcerpt.Of(error.Text("message"u8)))
        {
            RequestId = requestId,
            RetryAfter = RetryDelay(error),
            IsInBand = true,
            IsRetryable = status is { } known && IsRetryable(known),
        };
    }

    /// <summary>Reads an error from text that stands in place of a stream, or in one; <see langword="null"/> when it is none.</summary>
    public static ProviderException? TryReadInBand(ReadOnlySpan<byte> text, string? requestId) =>
        JsonPayload.TryParse(text) is { } payload ? ReadInBand(payload, requestId) : null;

    /// <summary>Classifies an answer that is an error by its HTTP status.</summary>
    public static ProviderException Read(HttpStatusCode statusCode, HttpResponseHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var error = JsonPayload.TryParse(body) is { } root ? ErrorOf(root) : null;
        return new ProviderException(
            GeminiProtocol.WireName, statusCode, error?.NonEmptyText("status"u8), ErrorExcerpt.Of(error?.Text("message"u8)) ?? ErrorExcerpt.Of(body))
        {
            RequestId = ReadRequestId(headers),
            RetryAfter = RetryAfterHeader.Read(headers, now) ?? (error is { } e ? RetryDelay(e) : null),
            IsRetryable = RetryAfterHeader.ShouldRetry(headers) ?? IsRetryable(statusCode),
        };
    }

    public static string? ReadRequestId(HttpResponseHeaders headers) =>
        headers.NonValidated.TryGetValues("x-request-id", out var values) && values.ToString() is { Length: > 0 } value ? value : null;

    /// <summary>Writes the body of an error, which is also the payload of one inside a stream.</summary>
    public static void Write(ProviderException error, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        writer.WriteStartObject("error"u8);
        writer.WriteNumber("code"u8, (int)(error.StatusCode ?? StatusOf(error.Code) ?? HttpStatusCode.InternalServerError));
        writer.WriteString("message"u8, error.ProviderMessage ?? "");
        writer.WriteString("status"u8, error.Code ?? CodeOf(error.StatusCode));
        if (error.RetryAfter is { } wait)
        {
            writer.WriteStartArray("details"u8);
            writer.WriteStartObject();
            writer.WriteString("@type"u8, "type.googleapis.com/google.rpc.RetryInfo"u8);
            writer.WriteString("retryDelay"u8, string.Create(CultureInfo.InvariantCulture, $"{wait.TotalSeconds}s"));
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    // An answer that was to be an array has its error in one.
    private static JsonElement? ErrorOf(JsonElement payload) => payload.ValueKind == JsonValueKind.Array
        ? payload.EnumerateArray().Select(element => element.Object("error"u8)).FirstOrDefault()
        : payload.Object("error"u8);

    private static TimeSpan? RetryDelay(JsonElement error)
    {
        var delay = error.Items("details"u8).Select(detail => detail.Text("retryDelay"u8)).FirstOrDefault(text => text is not null);
        return delay is [.. var digits, 's']
            && double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= MaxRetryAfterSeconds
                ? TimeSpan.FromSeconds(seconds)
                : null;
    }

    private static bool IsRetryable(HttpStatusCode status) => status is
        HttpStatusCode.RequestTimeout
        or HttpStatusCode.TooManyRequests
        or HttpStatusCode.InternalServerError
        or >= HttpStatusCode.BadGateway;

    private static string CodeOf(HttpStatusCode? status) => (int?)status switch
    {
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        409 => "ABORTED",
        429 => "RESOURCE_EXHAUSTED",
        499 => "CANCELLED",
        504 => "DEADLINE_EXCEEDED",
        >= 400 and < 500 => "INVALID_ARGUMENT",
        502 or 503 or 529 => "UNAVAILABLE",
        _ => "INTERNAL",
    };
}
