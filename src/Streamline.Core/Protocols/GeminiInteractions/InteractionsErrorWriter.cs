using System.Globalization;
using System.Net;

namespace Streamline.Protocols.GeminiInteractions;

/// <summary>Writes an error as the Interactions API does: with a code that is a word.</summary>
internal static class InteractionsErrorWriter
{
    /// <summary>Writes the member <c>error</c>, which is the body of a failed request and a part of an event. What the code does not say is in further members.</summary>
    /// <param name="writer">The writer, inside an object.</param>
    /// <param name="error">The error.</param>
    public static void WriteMember(Utf8JsonWriter writer, ProviderException error)
    {
        var code = error.Code ?? CodeOf(error.StatusCode);
        writer.WriteObject("error", members =>
        {
            members.WriteString("code"u8, code);
            members.WriteString("message"u8, error.ProviderMessage ?? "");
            if (error.StatusCode is { } status && ErrorCodes.Find(code)?.Status != status)
            {
                members.WriteNumber("status_code"u8, (int)status);
            }

            if (error.RetryAfter is { } wait)
            {
                members.WriteSingle("details"u8, detail =>
                {
                    detail.WriteString("@type"u8, "type.googleapis.com/google.rpc.RetryInfo"u8);
                    detail.WriteString("retryDelay"u8, string.Create(CultureInfo.InvariantCulture, $"{wait.TotalSeconds}s"));
                });
            }
        });
    }

    private static string CodeOf(HttpStatusCode? status) => (int?)status switch
    {
        401 => "unauthenticated",
        403 => "permission_denied",
        404 => "not_found",
        409 => "aborted",
        429 => "resource_exhausted",
        499 => "cancelled",
        504 => "deadline_exceeded",
        >= 400 and < 500 => "invalid_request",
        502 or 503 or 529 => "unavailable",
        _ => "internal",
    };
}
