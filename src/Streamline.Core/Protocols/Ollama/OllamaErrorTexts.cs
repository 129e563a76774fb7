using System.Net;

namespace Streamline.Protocols.Ollama;

/// <summary>Which HTTP status the text of an error inside a stream stands for. The wire says nothing else of it; the words are those with which Ollama gives the same errors before a stream.</summary>
internal static class OllamaErrorTexts
{
    private static readonly (string Words, HttpStatusCode Status)[] Known =
    [
        ("maximum pending requests exceeded", HttpStatusCode.ServiceUnavailable),
        ("server busy", HttpStatusCode.ServiceUnavailable),
        ("service unavailable", HttpStatusCode.ServiceUnavailable),
        ("overloaded", HttpStatusCode.ServiceUnavailable),
        ("bad gateway", HttpStatusCode.BadGateway),
        ("upstream", HttpStatusCode.BadGateway),
        ("too many requests", HttpStatusCode.TooManyRequests),
        ("rate limit", HttpStatusCode.TooManyRequests),
        ("usage limit", HttpStatusCode.TooManyRequests),
        ("unauthorized", HttpStatusCode.Unauthorized),
        ("does not support", HttpStatusCode.BadRequest),
        ("not found", HttpStatusCode.NotFound),
        ("llama runner process", HttpStatusCode.InternalServerError),
        ("error was encountered while running the model", HttpStatusCode.InternalServerError),
    ];

    /// <summary>Finds the status; <see langword="null"/> for a text that is not known, which another attempt rarely changes.</summary>
    public static HttpStatusCode? ToStatus(string? text)
    {
        foreach (var (words, status) in Known)
        {
            if (text?.Contains(words, StringComparison.OrdinalIgnoreCase) == true)
            {
                return status;
            }
        }

        return null;
    }
}
