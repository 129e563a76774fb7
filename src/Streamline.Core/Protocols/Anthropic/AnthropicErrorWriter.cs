using System.Net;

namespace Streamline.Protocols.Anthropic;

/// <summary>Writes errors as the Messages API does.</summary>
internal static class AnthropicErrorWriter
{
    /// <summary>Writes the members of an error, which are the same in a body and in an event.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, ProviderException error)
    {
        writer.WriteString("type"u8, "error"u8);
        writer.WriteObject("error", body =>
        {
            body.WriteString("type"u8, error.Code ?? TypeOf(error.StatusCode));
            body.WriteString("message"u8, error.ProviderMessage ?? "");
        });
        writer.WriteText("request_id"u8, error.RequestId);
    }

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
