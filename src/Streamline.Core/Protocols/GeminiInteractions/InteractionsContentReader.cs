namespace Streamline.Protocols.GeminiInteractions;

/// <summary>Reads contents. What the exchange types cannot hold whole is kept unchanged beside what they can.</summary>
internal static class InteractionsContentReader
{
    /// <summary>Reads what a step contains: a text, one content, or several.</summary>
    /// <exception cref="StreamProtocolException">A member that the protocol requires is missing or of another type.</exception>
    public static List<AIContent> ReadAll(RequestValue? contents) => contents switch
    {
        null => [],
        { IsText: true } text => [new TextContent(text.Text())],
        { IsObject: true } content => [Read(content)],
        { } several => [.. several.Items().Select(Read)],
    };

    /// <summary>Reads one content.</summary>
    /// <exception cref="StreamProtocolException"><inheritdoc cref="ReadAll" path="/exception"/></exception>
    public static AIContent Read(RequestValue content)
    {
        var (read, isWhole) = content.Required("type").Text() switch
        {
            "text" => ReadText(content),
            "image" or "audio" or "video" or "document" => ReadMedia(content),
            _ => ((AIContent?)null, false),
        };
        return read is not null && isWhole ? read : (read ?? new AIContent()).WithRaw(InteractionsProtocol.ProtocolName, content.Json);
    }

    private static (AIContent Content, bool IsWhole) ReadText(RequestValue content)
    {
        var text = ReceivedContent.Text(content, "annotations", InteractionsProtocol.ProtocolName);
        return (text, content.HasOnly("type", "text", "annotations") && text.Annotations?.Any(annotation => annotation.RawBlock(InteractionsProtocol.ProtocolName) is null) != true);
    }

    // The writer finds the type of the content from the media type.
    private static (AIContent? Content, bool IsWhole) ReadMedia(RequestValue content)
    {
        var (type, mediaType) = (content.Required("type").Text(), content.Member("mime_type")?.Text());
        AIContent? read = content switch
        {
            _ when content.Member("data") is { } data => mediaType is null ? null : ReceivedContent.Data(mediaType, data.Text()),
            _ when content.Member("uri") is { } uri => ReceivedContent.Address(uri.Text(), mediaType ?? (type == "document" ? "application/pdf" : type + "/*")),
            _ => null,
        };
        var isOfType = (type == "document" && mediaType is not null && !IsMediaType(mediaType)) || mediaType?.StartsWith(type + "/", StringComparison.OrdinalIgnoreCase) == true
            || (mediaType is null && type != "document" && read is UriContent);
        return (read, isOfType && content.HasOnly("type", "mime_type", read is UriContent ? "uri" : "data"));
    }

    private static bool IsMediaType(string mediaType) => mediaType.Split('/')[0].ToLowerInvariant() is "image" or "audio" or "video";
}
