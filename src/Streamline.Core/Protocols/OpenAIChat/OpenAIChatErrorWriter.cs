using System.Buffers;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>Writes an error as servers of this wire do.</summary>
internal static class OpenAIChatErrorWriter
{
    // The body is no part of a page, so quotes and text beyond ASCII need not be escaped.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes <c>{"error":{…}}</c>. Inside a stream there is no HTTP status, so that what the code does not tell stands in further members.</summary>
    public static void Write(ProviderException error, IBufferWriter<byte> output, bool isInBand)
    {
        using var writer = new Utf8JsonWriter(output, Relaxed);
        writer.WriteStartObject();
        writer.WriteStartObject("error"u8);
        writer.WriteString("message"u8, error.ProviderMessage ?? "");
        writer.WriteString("type"u8, error.StatusCode is { } status ? TypeOf(status, error.Code) : null);
        writer.WriteNull("param"u8);
        WriteCode(writer, error, isInBand);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string TypeOf(HttpStatusCode status, string? code) => (int)status switch
    {
        429 => code == "insufficient_quota" ? code : "rate_limit_error",
        503 or 529 => "service_unavailable_error",
        >= 400 and < 500 => "invalid_request_error",
        _ => "server_error",
    };

    private static void WriteCode(Utf8JsonWriter writer, ProviderException error, bool isInBand)
    {
        if (error.Code is null && isInBand && error.StatusCode is { } status)
        {
            writer.WriteNumber("code"u8, (int)status);
        }
        else
        {
            writer.WriteString("code"u8, error.Code);
        }

        if (!isInBand)
        {
            return;
        }

        if (error.Code is not null && error.StatusCode is { } known && ErrorCodes.Find(error.Code)?.Status != known)
        {
            writer.WriteNumber("status_code"u8, (int)known);
        }

        if (error.RetryAfter is not null || error.IsRetryable != ErrorCodes.IsRetryable(error.StatusCode, error.Code))
        {
            writer.WriteStartObject("availability"u8);
            writer.WriteBoolean("retryable"u8, error.IsRetryable);
            if (error.RetryAfter is { } wait)
            {
                writer.WriteNumber("retry_after"u8, wait.TotalSeconds);
            }

            writer.WriteEndObject();
        }
    }
}
