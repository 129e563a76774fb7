using Streamline.Protocols.OpenAIChat;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Reads the parts of messages. A part that the exchange types cannot hold whole is kept unchanged beside what they can.</summary>
internal static class OpenAIResponsesPartReader
{
    /// <summary>Reads what the user, or a tool, says: a text, or parts.</summary>
    /// <exception cref="StreamProtocolException">A member that the protocol requires is missing or of another type.</exception>
    public static IList<AIContent> ReadAll(RequestValue content) => content.IsText ? [new TextContent(content.Text())] : [.. content.Items().Select(Read)];

    /// <summary>Reads a part of what the assistant said; <see langword="null"/> for one of an unknown kind.</summary>
    /// <exception cref="StreamProtocolException">A member that the protocol requires is missing or of another type.</exception>
    public static AIContent? ReadAnswered(RequestValue part)
    {
        return part.Required("type").Text() switch
        {
            "output_text" or "input_text" => ReceivedContent.Text(part, "annotations", OpenAIResponsesProtocol.ProtocolName),
            "refusal" => OpenAIChatPartReader.Refusal(part.Required("refusal").Text()),
            _ => null,
        };
    }

    private static AIContent Read(RequestValue part)
    {
        var (content, isWhole) = part.Required("type").Text() switch
        {
            "input_text" => (new TextContent(part.Required("text").Text()), part.HasOnly("type", "text")),
            "input_image" => ReadImage(part),
            "input_file" => ReadFile(part),
            _ => ((AIContent?)null, false),
        };
        return content is not null && isWhole ? content : (content ?? new AIContent()).WithRaw(OpenAIResponsesProtocol.ProtocolName, part.Json);
    }

    private static (AIContent? Content, bool IsWhole) ReadImage(RequestValue part)
    {
        var (content, isImage) = part.Member("file_id") is { } id
            ? (new HostedFileContent(id.Name()) { MediaType = ReceivedContent.AnyImage }, true)
            : ReceivedContent.Image(part.Required("image_url").Text(), detail: null);
        if (content is not null && part.Member("detail") is { } detail)
        {
            content.AdditionalProperties = new() { ["detail"] = detail.Text() };
        }

        return (content, isImage && (part.HasOnly("type", "image_url", "detail") || part.HasOnly("type", "file_id", "detail")));
    }

    private static (AIContent? Content, bool IsWhole) ReadFile(RequestValue part)
    {
        if (part.Member("file_id") is { } id)
        {
            return (new HostedFileContent(id.Name()), part.HasOnly("type", "file_id"));
        }

        if (part.Member("file_url") is { } url)
        {
            return (ReceivedContent.Address(url.Text(), "application/pdf"), part.HasOnly("type", "file_url"));
        }

        var (data, isFile) = ReceivedContent.File(part);
        return (data, isFile && part.HasOnly("type", "filename", "file_data"));
    }
}
