using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Gemini;

/// <summary>Writes an error as all Google APIs do: as the answer to a request, and in place of a chunk.</summary>
internal static class GeminiErrorWriter
{
    /// <summary>Writes the body of an error, which is also the payload of one inside a stream.</summary>
    public static void Write(ProviderException error, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        writer.WriteStartObject("error"u8);
        writer.WriteNumber("code"u8, (int)(error.StatusCode ?? ErrorCodes.Find(error.Code)?.Status ?? HttpStatusCode.InternalServerError));
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
