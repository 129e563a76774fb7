using System.Buffers;
using System.Net;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Anthropic;

/// <summary>Writes errors as the Messages API does.</summary>
internal static class AnthropicErrorWriter
{
    /// <summary>Writes the body of an error.</summary>
    public static void WriteBody(ProviderException error, IBufferWriter<byte> output) => JsonWriting.WriteObject(output, writer =>
    {
        writer.WriteString("type"u8, "error"u8);
        WriteMembers(writer, error);
    });

    /// <summary>Writes the members of an error, beside its type.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, ProviderException error)
    {
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
