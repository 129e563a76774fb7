using System.Globalization;

namespace Streamline.Protocols.Bedrock;

/// <summary>Writes images, documents, videos and sound, in the request or in S3.</summary>
internal sealed class BedrockMediaWriter(Utf8JsonWriter writer)
{
    private const string Office = "application/vnd.openxmlformats-officedocument.";
    private const string Document = "document";

    private const int MaxNameLength = 200;

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private int _documents;

    /// <summary>Tells whether a content is a document.</summary>
    public static bool IsDocument(AIContent content) => FindKind(content) == Document || content.RawBlock(BedrockConverseProtocol.ProtocolName)?.Object("document"u8) is not null;

    /// <summary>Tells whether the result of a tool can have a content: an image, a document or a video.</summary>
    public static bool IsCarriedInResult(AIContent content) => FindKind(content) is not (null or "audio");

    /// <exception cref="ArgumentException">The protocol does not support the content.</exception>
    public void Write(AIContent content)
    {
        switch (content)
        {
            case DataContent data:
                Write(data.MediaType, data.Name, () => writer.WriteString("bytes"u8, data.Base64Data.Span));
                break;
            case UriContent { Uri.Scheme: "s3" } stored:
                Write(stored.MediaType, name: null, () => writer.WriteObject("s3Location", source => source.WriteString("uri"u8, stored.Uri.OriginalString)));
                break;
            case UriContent:
                throw new ArgumentException("The protocol 'bedrock' takes content by address only from S3: expected a URI with the scheme s3.", nameof(content));
            default:
                throw content.NotCarried(BedrockConverseProtocol.ProtocolName);
        }
    }

    private void Write(string mediaType, string? name, Action writeSource)
    {
        var (kind, format) = Find(mediaType)
            ?? throw new ArgumentException($"The protocol 'bedrock' does not support data of the media type '{mediaType}'.", nameof(mediaType));
        writer.WriteStartObject();
        writer.WriteStartObject(kind);
        writer.WriteString("format"u8, format);
        if (kind == Document)
        {
            _documents++;
            writer.WriteString("name"u8, UniqueName(Clean(name) is { Length: > 0 } clean ? clean : string.Create(CultureInfo.InvariantCulture, $"document-{_documents}")));
        }

        writer.WriteStartObject("source"u8);
        writeSource();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    // The protocol demands a name, and that no two documents of a request share one, be they of the same turn or not.
    private string UniqueName(string name)
    {
        name = Fit(name, suffix: "");
        var unique = name;
        for (var number = 2; !_names.Add(unique); number++)
        {
            unique = Fit(name, string.Create(CultureInfo.InvariantCulture, $"-{number}"));
        }

        return unique;
    }

    private static string Fit(string name, string suffix) => name[..Math.Min(name.Length, MaxNameLength - suffix.Length)].TrimEnd() + suffix;

    private static string? FindKind(AIContent content) => content switch
    {
        DataContent data => Find(data.MediaType)?.Kind,
        UriContent { Uri.Scheme: "s3" } stored => Find(stored.MediaType)?.Kind,
        _ => null,
    };

    // Letters, digits, hyphens, brackets and single blanks are all that a name may have.
    private static string Clean(string? name)
    {
        var clean = new StringBuilder();
        foreach (var character in name ?? "")
        {
            var kept = char.IsAsciiLetterOrDigit(character) || character is '-' or '(' or ')' or '[' or ']' ? character
                : char.IsWhiteSpace(character) ? ' '
                : '-';
            if (kept != ' ' || (clean.Length > 0 && clean[^1] != ' '))
            {
                clean.Append(kept);
            }
        }

        return clean.ToString().TrimEnd();
    }

    private static (string Kind, string Format)? Find(string mediaType) => mediaType.ToLowerInvariant() switch
    {
        "image/png" => ("image", "png"),
        "image/jpeg" or "image/jpg" => ("image", "jpeg"),
        "image/gif" => ("image", "gif"),
        "image/webp" => ("image", "webp"),
        "application/pdf" => (Document, "pdf"),
        "text/csv" => (Document, "csv"),
        "text/html" => (Document, "html"),
        "text/markdown" => (Document, "md"),
        "text/plain" => (Document, "txt"),
        "application/msword" => (Document, "doc"),
        Office + "wordprocessingml.document" => (Document, "docx"),
        "application/vnd.ms-excel" => (Document, "xls"),
        Office + "spreadsheetml.sheet" => (Document, "xlsx"),
        "video/mp4" => ("video", "mp4"),
        "video/quicktime" => ("video", "mov"),
        "video/x-matroska" => ("video", "mkv"),
        "video/webm" => ("video", "webm"),
        "video/x-flv" => ("video", "flv"),
        "video/mpeg" => ("video", "mpeg"),
        "video/x-ms-wmv" => ("video", "wmv"),
        "video/3gpp" => ("video", "three_gp"),
        "audio/mpeg" or "audio/mp3" => ("audio", "mp3"),
        "audio/wav" or "audio/x-wav" => ("audio", "wav"),
        "audio/aac" => ("audio", "aac"),
        "audio/flac" => ("audio", "flac"),
        "audio/ogg" => ("audio", "ogg"),
        "audio/opus" => ("audio", "opus"),
        "audio/mp4" => ("audio", "mp4"),
        "audio/webm" => ("audio", "webm"),
        _ => null,
    };
}
