using System.Buffers;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Streamline.Protocols.Anthropic;

/// <summary>Writes errors as the Messages API does.</summary>
internal static class AnthropicErrorWriter
{
    // The body is not part of a page, so quotes and text beyond ASCII need not be escaped.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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
