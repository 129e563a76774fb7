using System.Net;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>Writes an error as servers of this protocol do.</summary>
internal static class OpenAIChatErrorWriter
{
    /// <summary>Writes the member <c>error</c>. Inside a stream there is no HTTP status, so what the code does not say is in further members.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, ProviderException error, bool isInBand) => writer.WriteObject("error", body =>
    {
        body.WriteString("message"u8, error.ProviderMessage ?? "");
        body.WriteString("type"u8, error.StatusCode is { } status ? TypeOf(status, error.Code) : null);
        body.WriteNull("param"u8);
        WriteCode(body, error, isInBand);
    });

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
            writer.WriteObject("availability", availability =>
            {
                availability.WriteBoolean("retryable"u8, error.IsRetryable);
                if (error.RetryAfter is { } wait)
                {
                    availability.WriteNumber("retry_after"u8, wait.TotalSeconds);
                }
            });
        }
    }
}
