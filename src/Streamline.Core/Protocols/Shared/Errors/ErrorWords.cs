using System.Net;

namespace Streamline.Protocols.Shared;

/// <summary>Finds the HTTP status that the words of an error stand for, when there is nothing else.</summary>
internal static class ErrorWords
{
    private static readonly (string Words, ErrorKind Kind)[] Known =
    [
        ("maximum pending requests exceeded", 503),
        ("server busy", 503),
        ("service unavailable", 503),
        ("overloaded", 503),
        ("bad gateway", 502),
        ("upstream", 502),
        ("too many requests", 429),
        ("rate limit", 429),
        ("usage limit", 429),
        ("unauthorized", 401),
        ("does not support", 400),
        ("not found", 404),

        // A model that cannot be run, which another attempt rarely changes.
        ("llama runner process", new ErrorKind(HttpStatusCode.InternalServerError, IsRetryable: false)),
        ("error was encountered while running the model", new ErrorKind(HttpStatusCode.InternalServerError, IsRetryable: false)),
    ];

    private static readonly string[] BeforeStatus = [">", "HTTP ", "HTTP/1.1 ", "HTTP/2 ", "status ", "status code ", "status: ", "code ", "code: ", "Error "];

    /// <summary>Finds a status that the text gives as a number, or else what its words stand for.</summary>
    public static ErrorKind? Find(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (FindStatus(text) is { } status)
        {
            return new ErrorKind(status);
        }

        foreach (var (words, kind) in Known)
        {
            if (text.Contains(words, StringComparison.OrdinalIgnoreCase))
            {
                return kind;
            }
        }

        return null;
    }

    // A status is at the beginning, at the beginning of an HTML element, or after a word that announces it.
    private static HttpStatusCode? FindStatus(ReadOnlySpan<char> text)
    {
        for (var i = 0; i + 3 <= text.Length; i++)
        {
            if (text[i] is '4' or '5'
                && char.IsAsciiDigit(text[i + 1])
                && char.IsAsciiDigit(text[i + 2])
                && (i + 3 == text.Length || !(char.IsAsciiLetterOrDigit(text[i + 3]) || text[i + 3] == '.'))
                && IsAnnounced(text[..i]))
            {
                return ErrorNumbers.ToStatus(int.Parse(text.Slice(i, 3), System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return null;
    }

    private static bool IsAnnounced(ReadOnlySpan<char> before)
    {
        if (before.IsEmpty)
        {
            return true;
        }

        foreach (var words in BeforeStatus)
        {
            if (before.EndsWith(words, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
