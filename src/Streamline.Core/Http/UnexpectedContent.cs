using System.Text;
using Streamline.Protocols;

namespace Streamline;

/// <summary>Classifies an answer with a status of success that is not a stream: an error in JSON, or a page of a gateway.</summary>
internal static class UnexpectedContent
{
    private const int MaxExcerptChars = 512;

    public static ProviderException ToException(StreamProtocol protocol, HttpResponseMessage response, string mediaType, ReadOnlySpan<byte> body) =>
        new(protocol.Name, response.StatusCode, "unexpected_content_type", $"expected {protocol.ContentType}, found {mediaType}: {Excerpt(body)}")
        {
            RequestId = protocol.ReadRequestId(response.Headers),
            IsInBand = true,
        };

    private static string Excerpt(ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, MaxExcerptChars * 4)]);
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MaxExcerptChars ? line : string.Concat(line.AsSpan(0, MaxExcerptChars), "…");
    }
}
