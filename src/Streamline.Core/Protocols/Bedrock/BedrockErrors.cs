using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Bedrock;

/// <summary>The errors of Bedrock: as the answer to a request, and as exceptions inside a stream, which have the same names but for their first letter.</summary>
internal static class BedrockErrors
{
    private const string Suffix = "Exception";

    /// <summary>Gets the HTTP status that an exception stands for; <see langword="null"/> for one that is not known.</summary>
    public static HttpStatusCode? StatusOf(string? code) => code switch
    {
        "ValidationException" or "ServiceQuotaExceededException" or "ConflictException" => HttpStatusCode.BadRequest,
        "AccessDeniedException" or "ExpiredTokenException" or "InvalidSignatureException" or "UnrecognizedClientException"
            or "MissingAuthenticationTokenException" => HttpStatusCode.Forbidden,
        "ResourceNotFoundException" or "UnknownOperationException" => HttpStatusCode.NotFound,
        "ModelTimeoutException" => HttpStatusCode.RequestTimeout,
        "ModelErrorException" or "ModelStreamErrorException" => HttpStatusCode.FailedDependency,
        "ThrottlingException" or "ModelNotReadyException" => HttpStatusCode.TooManyRequests,
        "InternalServerException" => HttpStatusCode.InternalServerError,
        "ServiceUnavailableException" => HttpStatusCode.ServiceUnavailable,
        _ => null,
    };

    /// <summary>Reads an exception, or an error that the service has no type for.</summary>
    /// <param name="wire">The name of the wire.</param>
    /// <param name="type">The type or code, in UTF-8.</param>
    /// <param name="payload">The JSON text of an exception, or the words of an error.</param>
    /// <param name="requestId">The provider's id of the HTTP request.</param>
    public static ProviderException ReadInBand(string wire, ReadOnlySpan<byte> type, ReadOnlySpan<byte> payload, string? requestId)
    {
        var root = JsonPayload.TryParse(payload) ?? default;
        var message = MessageOf(root) ?? (root.ValueKind == JsonValueKind.Object ? null : ErrorExcerpt.Of(payload));
        return InBand(wire, root, CodeOf(Encoding.UTF8.GetString(type)), message, requestId);
    }

    /// <summary>Reads an error from text that stands in place of a stream; <see langword="null"/> when it is none.</summary>
    public static ProviderException? TryReadInBand(string wire, ReadOnlySpan<byte> text, string? requestId)
    {
        // An address that is no operation is answered with 200 and an error one level deeper.
        var root = JsonPayload.TryParse(text) ?? default;
        root = root.Object("Output"u8) ?? root;
        var code = TypeIn(root);
        return code is null && MessageOf(root) is null ? null : InBand(wire, root, code, MessageOf(root), requestId);
    }

    /// <summary>Classifies an answer that is an error by its HTTP status.</summary>
    public static ProviderException Read(string wire, HttpStatusCode statusCode, HttpResponseHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var root = JsonPayload.TryParse(body) ?? default;
        var code = CodeOf(Header(headers, "x-amzn-ErrorType")) ?? TypeIn(root.Object("Output"u8) ?? root);
        return new ProviderException(wire, statusCode, code, MessageOf(root) ?? ErrorExcerpt.Of(body))
        {
            RequestId = ReadRequestId(headers),
            RetryAfter = RetryAfterHeader.Read(headers, now) ?? RetryAfter(headers),
            IsRetryable = RetryAfterHeader.ShouldRetry(headers) ?? IsRetryable(StatusOf(code) ?? statusCode),
        };
    }

    public static string? ReadRequestId(HttpResponseHeaders headers) => Header(headers, "x-amzn-RequestId");

    /// <summary>Writes the body of an error by status.</summary>
    public static void WriteBody(ProviderException error, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        writer.WriteString("__type"u8, error.Code ?? CodeOf(error.StatusCode));
        WriteMembers(writer, error);
        writer.WriteEndObject();
    }

    /// <summary>Writes the payload of an exception inside a stream.</summary>
    /// <returns>The type of the exception.</returns>
    public static string WriteException(ProviderException error, IBufferWriter<byte> output)
    {
        var code = error.Code ?? CodeOf(error.StatusCode);
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        WriteMembers(writer, error);
        writer.WriteEndObject();
        return IsException(code) ? char.ToLowerInvariant(code[0]) + code[1..] : code;
    }

    // The service says only the words. The status that is no exception's is for gateways, and read back.
    private static void WriteMembers(Utf8JsonWriter writer, ProviderException error)
    {
        writer.WriteString("message"u8, error.ProviderMessage ?? "");
        if (error is { StatusCode: { } status, Code: { } code } && StatusOf(code) is null)
        {
            writer.WriteNumber("status"u8, (int)status);
        }
    }

    private static ProviderException InBand(string wire, JsonElement root, string? code, string? message, string? requestId)
    {
        var status = StatusOf(code) ?? (root.Integer("status"u8) is >= 400 and < 600 and var number ? (HttpStatusCode)number : null);
        return new ProviderException(wire, status, code, message)
        {
            RequestId = requestId,
            IsInBand = true,
            IsRetryable = status is { } known && IsRetryable(known),
        };
    }

    // A type may have the namespace of its service before it, and an address behind it.
    private static string? CodeOf(string? type)
    {
        if (string.IsNullOrEmpty(type))
        {
            return null;
        }

        var name = type[(type.IndexOf('#', StringComparison.Ordinal) + 1)..].Split(':')[0].Trim();
        return IsException(name) ? char.ToUpperInvariant(name[0]) + name[1..] : name;
    }

    private static bool IsException(string name) => name.Length > Suffix.Length && name.EndsWith(Suffix, StringComparison.Ordinal);

    private static string? TypeIn(JsonElement root) => CodeOf(root.NonEmptyText("__type"u8) ?? root.NonEmptyText("code"u8));

    // A model that failed says why in words of its own, and the service adds only that it did.
    private static string? MessageOf(JsonElement root) =>
        ErrorExcerpt.Of(root.NonEmptyText("message"u8) ?? root.NonEmptyText("Message"u8) ?? root.NonEmptyText("originalMessage"u8));

    private static TimeSpan? RetryAfter(HttpResponseHeaders headers) =>
        int.TryParse(Header(headers, "x-amz-retry-after"), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;

    private static string? Header(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) && values.ToString() is { Length: > 0 } value ? value : null;

    // The name of an exception counts before the status: one by the name of throttling may come with 400.
    private static bool IsRetryable(HttpStatusCode status) => status is
        HttpStatusCode.RequestTimeout
        or HttpStatusCode.FailedDependency
        or HttpStatusCode.TooManyRequests
        or HttpStatusCode.InternalServerError
        or >= HttpStatusCode.BadGateway;

    private static string CodeOf(HttpStatusCode? status) => (int?)status switch
    {
        401 or 403 => "AccessDeniedException",
        404 => "ResourceNotFoundException",
        408 or 504 => "ModelTimeoutException",
        424 => "ModelErrorException",
        429 => "ThrottlingException",
        502 or 503 or 529 => "ServiceUnavailableException",
        >= 400 and < 500 => "ValidationException",
        _ => "InternalServerException",
    };
}
