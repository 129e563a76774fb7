namespace Streamline.Protocols.OpenAIChat;

/// <summary>Reads the content of a message. A part that the exchange types cannot hold whole is kept unchanged beside what they can.</summary>
internal static class OpenAIChatPartReader
{
    /// <summary>Reads content: a text, or parts.</summary>
    /// <exception cref="StreamProtocolException">A member that the protocol requires is missing or of another type.</exception>
    public static IList<AIContent> ReadAll(RequestValue content) => content.IsText ? [new TextContent(content.Text())] : [.. content.Items().Select(Read)];

    public static ErrorContent Refusal(string text) => new(text) { ErrorCode = nameof(ContentKind.Refusal) };

    private static AIContent Read(RequestValue part)
    {
        var type = part.Required("type").Text();
        if (type == "thinking")
        {
            return ReadThinking(part);
        }

        var (content, isWhole) = type switch
        {
            "text" => (new TextContent(part.Required("text").Text()), part.HasOnly("type", "text")),
            "refusal" => (Refusal(part.Required("refusal").Text()), part.HasOnly("type", "refusal")),
            "image_url" => ReadImage(part.Required("image_url")),
            "input_audio" => ReadAudio(part.Required("input_audio")),
            "file" => ReadFile(part.Required("file")),
            _ => ((AIContent?)null, false),
        };
        return content is not null && isWhole && part.HasOnly("type", type)
            ? content
            : (content ?? new AIContent()).WithRaw(OpenAIChatProtocol.ProtocolName, part.Json);
    }

    private static TextReasoningContent ReadThinking(RequestValue part)
    {
        var thinking = part.Required("thinking");
        var text = thinking.IsText ? thinking.Text() : string.Concat(thinking.Items().Select(piece => piece.Member("text")?.Text()));
        return new TextReasoningContent(text).WithRaw(OpenAIChatProtocol.ProtocolName, OpenAIChatReasoningForm.Thinking.Raw.Element);
    }

    private static (AIContent? Content, bool IsWhole) ReadImage(RequestValue image)
    {
        var (content, isImage) = ReceivedContent.Image(image.Required("url").Text(), image.Member("detail")?.Text());
        return (content, isImage && image.HasOnly("url", "detail"));
    }

    private static (AIContent? Content, bool IsWhole) ReadAudio(RequestValue audio)
    {
        var mediaType = audio.Required("format").Text() switch { "wav" => "audio/wav", "mp3" => "audio/mpeg", _ => null };
        return (mediaType is null ? null : ReceivedContent.Data(mediaType, audio.Required("data").Text()), audio.HasOnly("data", "format"));
    }

    private static (AIContent? Content, bool IsWhole) ReadFile(RequestValue file)
    {
        if (file.Member("file_id") is { } id)
        {
            return (new HostedFileContent(id.Name()), file.HasOnly("file_id"));
        }

        var (data, isFile) = ReceivedContent.File(file);
        return (data, isFile && file.HasOnly("filename", "file_data"));
    }
}
