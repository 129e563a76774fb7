namespace Streamline.Protocols.GeminiInteractions;

/// <summary>Writes contents: of what the user says, of what the model said, and of the results of tools.</summary>
internal static class InteractionsContentWriter
{
    /// <summary>Writes contents as an array.</summary>
    /// <exception cref="ArgumentException">The protocol does not support a content.</exception>
    public static void WriteAll(Utf8JsonWriter writer, string name, IEnumerable<AIContent> contents) => writer.WriteArray(name, contents, Write);

    /// <summary>Tells whether a block of this protocol is a content, and not a step.</summary>
    public static bool IsContent(JsonElement raw) => raw.Text("type"u8) is "text" || InteractionsStepTypes.IsMedia(raw.Text("type"u8));

    /// <summary>Tells whether the result of a tool can have a content: a text or an image.</summary>
    public static bool IsOfResult(AIContent content) => MediaTypeOf(content)?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) != false;

    /// <summary>Gets the media type of data or of a file; <see langword="null"/> for other contents.</summary>
    public static string? MediaTypeOf(AIContent content) => content switch
    {
        DataContent data => data.MediaType,
        UriContent uri => uri.MediaType,
        HostedFileContent file => file.MediaType ?? "a file",
        _ => null,
    };

    private static void Write(Utf8JsonWriter writer, AIContent content)
    {
        switch (content)
        {
            // A text of an output step with more than its contents has the envelope of the step.
            case var _ when content.RawBlock(InteractionsProtocol.ProtocolName) is { } raw && (content is not TextContent || raw.Text("type"u8) != InteractionsStepTypes.ModelOutput):
                writer.WriteVerbatim(raw);
                return;
            case TextContent text:
                WriteText(writer, text.Text, text.RawAnnotations(InteractionsProtocol.ProtocolName));
                return;
            case ErrorContent error:
                WriteText(writer, error.Message, []);
                return;
            case DataContent data:
                BeginMedia(writer, data.MediaType);
                writer.WriteString("data"u8, data.Base64Data.Span);
                break;
            case UriContent uri:
                BeginMedia(writer, uri.MediaType);
                writer.WriteString("uri"u8, uri.Uri.AbsoluteUri);
                break;
            case HostedFileContent file:
                BeginMedia(writer, file.MediaType);
                writer.WriteString("uri"u8, file.FileId);
                break;
            default:
                throw content.NotCarried(InteractionsProtocol.ProtocolName);
        }

        writer.WriteEndObject();
    }

    private static void BeginMedia(Utf8JsonWriter writer, string? mediaType)
    {
        var kind = mediaType?.Split('/')[0].ToLowerInvariant();
        writer.WriteStartObject();
        writer.WriteString("type"u8, kind is "image" or "audio" or "video" ? kind : "document");
        if (mediaType is not null && !mediaType.EndsWith("/*", StringComparison.Ordinal))
        {
            writer.WriteString("mime_type"u8, mediaType);
        }
    }

    private static void WriteText(Utf8JsonWriter writer, string text, List<JsonElement> annotations)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "text"u8);
        writer.WriteString("text"u8, text);
        writer.WriteNonEmptyArray("annotations", annotations, JsonWriting.WriteVerbatim);
        writer.WriteEndObject();
    }
}
