using System.Net;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>Which HTTP status the error codes and types of the compatible providers stand for, and which of them pass.</summary>
internal static class OpenAIChatErrorCodes
{
    /// <summary>The status that a code or type stands for; <see langword="null"/> for one that is not known.</summary>
    public static HttpStatusCode? ToStatus(string? code) => code?.ToLowerInvariant() switch
    {
        "invalid_request_error" or "invalid_request" or "badrequesterror" or "invalid_prompt" or "context_length_exceeded"
            or "max_tokens_exceeded" or "token_limit_exceeded" or "string_too_long" or "content_filter" or "content_policy_violation"
            or "refusal" or "invalid_image" or "image_too_large" or "image_too_small" or "unsupported_image_format"
            or "image_download_failed" or "invalid_image_format" or "invalid_base64_image" or "invalid_image_url" or "invalid_image_mode"
            or "image_parse_error" or "image_content_policy_violation" or "image_file_too_large" or "unsupported_image_media_type"
            or "empty_image_file" or "failed_to_download_image" or "image_file_not_found" or "bio_policy" or "data_residency_mismatch"
            or "tool_use_failed" or "json_validate_failed" => HttpStatusCode.BadRequest,
        "authentication" or "authentication_error" or "invalid_api_key" => HttpStatusCode.Unauthorized,
        "payment_required" or "billing_error" => HttpStatusCode.PaymentRequired,
        "permission_denied" or "permission_error" => HttpStatusCode.Forbidden,
        "not_found" or "not_found_error" or "model_not_found" or "image_not_found" => HttpStatusCode.NotFound,
        "precondition_failed" => HttpStatusCode.PreconditionFailed,
        "payload_too_large" => HttpStatusCode.RequestEntityTooLarge,
        "unprocessable" => HttpStatusCode.UnprocessableEntity,
        "rate_limit_exceeded" or "rate_limit_error" or "insufficient_quota" => HttpStatusCode.TooManyRequests,
        "server" or "unmapped" or "server_error" or "api_error" or "internal_error" or "internal_server_error"
            or "internalservererror" => HttpStatusCode.InternalServerError,
        "provider_unavailable" => HttpStatusCode.BadGateway,
        "provider_overloaded" or "overloaded_error" or "service_unavailable" or "service_unavailable_error"
            or "insufficient_system_resource" => HttpStatusCode.ServiceUnavailable,
        "timeout" or "vector_store_timeout" => HttpStatusCode.GatewayTimeout,
        _ => null,
    };

    /// <summary>Whether the same request may succeed when it is sent again. The code goes before the status.</summary>
    public static bool IsRetryable(HttpStatusCode? status, string? code) => code?.ToLowerInvariant() switch
    {
        "insufficient_quota" or "billing_not_active" or "content_filter" => false,
        // The reason with which Mistral and OpenRouter end a stream that failed on their side.
        "error" when status is null => true,
        _ => status is HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError,
    };
}
