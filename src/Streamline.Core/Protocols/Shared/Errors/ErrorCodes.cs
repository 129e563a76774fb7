using System.Net;

namespace Streamline.Protocols.Shared;

/// <summary>The error codes and types of all providers: the HTTP status that each stands for, and whether another attempt may succeed.</summary>
/// <remarks>A code is found in any casing, and with or without <c>error</c> or <c>exception</c> at its end, unless the longer name has a row of its own.</remarks>
internal static class ErrorCodes
{
    private const string ExceptionEnding = "Exception";
    private const int CapacityExceeded = 498;

    private static readonly string[] Endings = ["error", "exception"];

    private static readonly WordTable<ErrorKind> Codes = new(
        (new ErrorKind(HttpStatusCode.BadRequest, IsGeneric: true), "invalid_request bad_request"),
        (400, "invalid_prompt context_length_exceeded exceed_context_size max_tokens_exceeded token_limit_exceeded string_too_long refusal invalid_argument invalid_parameter invalid_params "
            + "failed_precondition out_of_range validation ConflictException ServiceQuotaExceeded unsupported_parameter unsupported_value missing_required_parameter "
            + "tool_use_failed invalid_tool_generation json_validate_failed bio_policy misalignment_policy_violation data_residency_mismatch data_inspection_failed invalid_schema"),
        (400, "invalid_image image_too_large image_too_small unsupported_image_format image_download_failed invalid_image_format invalid_base64_image invalid_image_url "
            + "invalid_image_mode image_parse image_content_policy_violation image_file_too_large unsupported_image_media_type empty_image_file failed_to_download_image image_file_not_found"),
        (new ErrorKind(HttpStatusCode.BadRequest, IsRetryable: false), "content_filter content_policy_violation content_filtered sensitive 1301"),
        (401, "authentication invalid_api_key incorrect_api_key unauthenticated unauthorized token_expired invalid_token"),
        (402, "payment_required billing insufficient_balance arrearage insufficient_credits"),
        (403, "permission permission_denied forbidden access_denied ExpiredToken InvalidSignature UnrecognizedClient MissingAuthenticationToken unsupported_country_region_territory"),
        (404, "not_found model_not_found image_not_found ResourceNotFound UnknownOperation"),
        (408, "request_timeout ModelTimeout"),
        (409, "conflict"),
        (new ErrorKind(HttpStatusCode.Conflict, IsRetryable: false), "already_exists aborted memory_path_conflict"),
        (412, "precondition_failed memory_precondition_failed"),
        (413, "payload_too_large request_too_large request_entity_too_large"),
        (422, "unprocessable unprocessable_entity"),
        (new ErrorKind(HttpStatusCode.FailedDependency, IsRetryable: true), "ModelErrorException ModelStreamErrorException"),
        (429, "rate_limit rate_limit_exceeded rate_limit_reached rate_limited too_many_requests requests tokens resource_exhausted throttling throttled ModelNotReady "
            + "usage_limit_reached usage_limit_exceeded quota_exceeded engine_overloaded slow_down 1302 1303 1305"),
        (new ErrorKind(HttpStatusCode.TooManyRequests, IsRetryable: false), "insufficient_quota exceeded_current_quota billing_hard_limit_reached usage_not_included 1113 1304 1308"),
        (499, "cancelled client_closed_request"),
        (500, "server unmapped api internal internal_server internal_failure unknown data_loss engine"),
        (501, "unimplemented not_implemented"),
        (502, "provider_unavailable bad_gateway upstream"),
        (503, "provider_overloaded overloaded service_unavailable unavailable insufficient_system_resource server_is_overloaded server_overloaded model_overloaded capacity_exceeded"),
        (504, "timeout vector_store_timeout deadline_exceeded gateway_timeout"),
        (529, "overloaded_error"),
        (new ErrorKind(Status: null, IsRetryable: false), "billing_not_active"),

        // With these finish reasons some servers end a stream that failed on their side.
        (new ErrorKind(Status: null, IsRetryable: true), "error network_error abort"));

    /// <summary>Finds what a code stands for.</summary>
    /// <param name="code">The code as the provider wrote it. Of one with a dot, such as <c>Throttling.RateQuota</c>, the first part may be enough.</param>
    /// <returns><see langword="null"/> for one that is unknown.</returns>
    public static ErrorKind? Find(string? code)
    {
        if (string.IsNullOrEmpty(code))
        {
            return null;
        }

        return Codes.Find(code, Endings) ?? (code.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? Codes.Find(code.AsSpan(0, dot), Endings) : null);
    }

    /// <summary>Tells whether the same request may succeed when it is sent again. The code goes before the status, which a gateway may have changed.</summary>
    public static bool IsRetryable(HttpStatusCode? status, string? code)
    {
        if (Find(code) is { } kind && !(kind.IsGeneric && status is not null))
        {
            // A finish reason of "error" says less than a status.
            return kind.Status is null && status is not null && kind.IsRetryable == true ? IsTransient(status) : kind.IsRetryable ?? IsTransient(kind.Status);
        }

        return IsTransient(status);
    }

    /// <summary>Reads the name of an exception: without the namespace of its service and the address that may follow it, and with a capital.</summary>
    /// <param name="type">A name such as <c>com.amazon.coral.validate#ValidationException</c> or <c>throttlingException</c>.</param>
    /// <returns><see langword="null"/> when there is no name.</returns>
    public static string? ExceptionName(string? type)
    {
        if (string.IsNullOrEmpty(type))
        {
            return null;
        }

        var name = type[(type.IndexOf('#', StringComparison.Ordinal) + 1)..].Split(':')[0].Trim();
        var isException = name.Length > ExceptionEnding.Length && name.EndsWith(ExceptionEnding, StringComparison.Ordinal);
        return isException ? char.ToUpperInvariant(name[0]) + name[1..] : name;
    }

    private static bool IsTransient(HttpStatusCode? status) => status is
        HttpStatusCode.RequestTimeout
        or HttpStatusCode.Conflict
        or HttpStatusCode.TooManyRequests
        or (HttpStatusCode)CapacityExceeded
        or HttpStatusCode.InternalServerError
        or >= HttpStatusCode.BadGateway;
}

/// <summary>What a code or a type of error stands for.</summary>
/// <param name="Status">The HTTP status; <see langword="null"/> when it stands for none.</param>
/// <param name="IsRetryable">Whether another attempt may succeed, where the status does not tell.</param>
/// <param name="IsGeneric">Whether servers give it to errors of any kind, so that a status beside it says more.</param>
internal readonly record struct ErrorKind(HttpStatusCode? Status, bool? IsRetryable = null, bool IsGeneric = false)
{
    public static implicit operator ErrorKind(int status) => new((HttpStatusCode)status);
}
