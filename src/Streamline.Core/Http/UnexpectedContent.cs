using System.Net.Http.Headers;
using System.Text;
using Streamline.Protocols;

namespace Streamline;

/// <summary>What is wrong with a response that is not a stream according to its headers, whatever its status.</summary>
/// <param name="Code">The code of the error.</param>
/// <param name="Description">What was expected and found.</param>
/// <param name="IsText">Whether the body can be read as text. Its first bytes may still show that it is a stream.</param>
internal sealed record UnexpectedContent(string Code, string Description, bool IsText)
{
    private const int MaxExcerptChars = 512;

    /// <summary>Looks for a fault.</summary>
    /// <param name="headers">The headers of the content.</param>
    /// <param name="expected">The media type of a stream of the protocol.</param>
    /// <param name="requiresContentType">Whether a missing media type is a fault.</param>
    /// <returns><see langword="null"/> when there is none.</returns>
    public static UnexpectedContent? Find(HttpContentHeaders headers, string expected, bool requiresContentType)
    {
        // A handler that decompresses removes the header.
        if (headers.NonValidated.Contains("Content-Encoding")
            && headers.ContentEncoding.FirstOrDefault(name => !string.Equals(name, "identity", StringComparison.OrdinalIgnoreCase)) is { } encoding)
        {
            return new(
                "unexpected_content_encoding",
                $"expected an answer that is not compressed, found {encoding}; {nameof(HttpClientHandler.AutomaticDecompression)} of the HTTP handler reads it",
                IsText: false);
        }

        var found = headers.ContentType?.MediaType;
        return string.Equals(found, expected, StringComparison.OrdinalIgnoreCase) || (found is null && !requiresContentType)
            ? null
            : new("unexpected_content_type", $"expected {expected}, found {found ?? "no media type"}", IsText: true);
    }

    /// <summary>Classifies a response with a status of success: an error in the provider's own form as what it says, anything else by this fault.</summary>
    public ProviderException ToException(StreamProtocol protocol, HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        var requestId = protocol.ReadRequestId(response.Headers);
        return protocol.ReadInBandError(body, requestId)
            ?? new ProviderException(protocol.Provider, response.StatusCode, Code, Description + Excerpt(body))
            {
                Protocol = protocol.Name,
                RequestId = requestId,
                IsInBand = true,
            };
    }

    private static string Excerpt(ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, MaxExcerptChars * 4)]);
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length == 0 ? "" : line.Length <= MaxExcerptChars ? $": {line}" : string.Concat(": ", line.AsSpan(0, MaxExcerptChars), "…");
    }
}
