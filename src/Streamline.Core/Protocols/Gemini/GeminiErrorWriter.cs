using System.Globalization;
using System.Net;

namespace Streamline.Protocols.Gemini;

/// <summary>Writes an error as all Google APIs do: as the answer to a request, and in place of a chunk.</summary>
internal static class GeminiErrorWriter
{
    /// <summary>Writes the members of an error, as the body of an answer and as a chunk inside a stream.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, ProviderException error) => writer.WriteObject("error", body =>
    {
        body.WriteNumber("code"u8, (int)(error.StatusCode ?? ErrorCodes.Find(error.Code)?.Status ?? HttpStatusCode.InternalServerError));
        body.WriteString("message"u8, error.ProviderMessage ?? "");
        body.WriteString("status"u8, error.Code ?? CodeOf(error.StatusCode));
        if (error.RetryAfter is { } wait)
        {
            body.WriteSingle("details"u8, detail =>
            {
                detail.WriteString("@type"u8, "type.googleapis.com/google.rpc.RetryInfo"u8);
                detail.WriteString("retryDelay"u8, string.Create(CultureInfo.InvariantCulture, $"{wait.TotalSeconds}s"));
            });
        }
    });

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
