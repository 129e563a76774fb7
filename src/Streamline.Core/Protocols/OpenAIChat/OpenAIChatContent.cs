namespace Streamline.Protocols.OpenAIChat;

/// <summary>Writes what a message holds as parts or as text.</summary>
internal static class OpenAIChatContent
{
    /// <summary>Whether a part was received with more in it than the content holds, such as a cache marker.</summary>
    public static bool IsRaw(AIContent content) => content.RawBlock(OpenAIChatProtocol.ProtocolName) is not null;

    /// <summary>Tells whether there is anything to send for a content.</summary>
    public static bool IsSent(AIContent content) => content switch
    {
        _ when IsRaw(content) => true,
        UsageContent or TextReasoningContent => false, // reasoning of another provider means nothing here
        TextContent text => text.Text.Length > 0,
        ErrorContent error => !string.IsNullOrEmpty(error.Message),
        _ => !content.IsProvidersOwn(),
    };

    /// <summary>Tells whether data or a file of a result can be sent in the user message after it.</summary>
    public static bool IsCarriedInResult(AIContent content) => content switch
    {
        DataContent data when data.HasTopLevelMediaType("audio") => AudioFormat(data) is not null,
        DataContent data => data.HasTopLevelMediaType("image") || data.HasTopLevelMediaType("text") || data.MediaType == "application/pdf",
        UriContent uri => uri.HasTopLevelMediaType("image"),
        _ => content is HostedFileContent file && !file.IsMedia(),
    };

    /// <summary>Writes content where the protocol takes only text: as one string, or as parts when one of them is sent unchanged.</summary>
    /// <exception cref="ArgumentException">A content is not text.</exception>
    public static void Write(Utf8JsonWriter writer, IReadOnlyCollection<AIContent> contents, string role)
    {
        if (!contents.Any(IsRaw))
        {
            writer.WriteString("content"u8, string.Concat(contents.Select(content => TextOf(content, role))));
            return;
        }

        writer.WriteArray("content", contents, WritePart);
    }

    /// <summary>Writes what is text of a tool's result as it is, and a value as JSON.</summary>
    public static void WriteResult(Utf8JsonWriter writer, FunctionResultContent result)
    {
        List<AIContent> contents = [.. (result.Contents(OpenAIChatProtocol.ProtocolName) ?? [new TextContent(result.Text())]).Where(content => content is TextContent { Text.Length: > 0 } || IsRaw(content))];
        Write(writer, contents.Count > 0 ? contents : [new TextContent(ContentValues.EmptyResult)], "tool");
    }

    /// <summary>Writes a part of a user's message.</summary>
    /// <exception cref="ArgumentException">The protocol has no part for it.</exception>
    public static void WritePart(Utf8JsonWriter writer, AIContent content)
    {
        if (content.RawBlock(OpenAIChatProtocol.ProtocolName) is { } raw)
        {
            writer.WriteVerbatim(raw);
            return;
        }

        writer.WriteStartObject();
        switch (content)
        {
            case TextContent text:
                writer.WriteString("type"u8, "text"u8);
                writer.WriteString("text"u8, text.Text);
                break;
            case DataContent data when data.HasTopLevelMediaType("image"):
                WriteImage(writer, data.Uri, data);
                break;
            case UriContent uri when uri.HasTopLevelMediaType("image"):
                WriteImage(writer, uri.Uri.AbsoluteUri, uri);
                break;
            case DataContent data when data.HasTopLevelMediaType("audio"):
                WriteAudio(writer, data);
                break;
            case DataContent data when !data.IsMedia():
                WriteFile(writer, data);
                break;
            case HostedFileContent file when !file.IsMedia():
                writer.WriteString("type"u8, "file"u8);
                writer.WriteStartObject("file"u8);
                writer.WriteString("file_id"u8, file.FileId);
                writer.WriteEndObject();
                break;
            default:
                throw content.NotCarried(OpenAIChatProtocol.ProtocolName, "user");
        }

        writer.WriteEndObject();
    }

    private static string TextOf(AIContent content, string role) =>
        content is TextContent text ? text.Text : throw content.NotCarried(OpenAIChatProtocol.ProtocolName, role);

    private static void WriteImage(Utf8JsonWriter writer, string url, AIContent content)
    {
        writer.WriteString("type"u8, "image_url"u8);
        writer.WriteStartObject("image_url"u8);
        writer.WriteString("url"u8, url);
        writer.WriteText("detail"u8, content.Detail());

        writer.WriteEndObject();
    }

    private static void WriteAudio(Utf8JsonWriter writer, DataContent audio)
    {
        var format = AudioFormat(audio) ?? throw audio.NotCarried(OpenAIChatProtocol.ProtocolName, "user");
        writer.WriteString("type"u8, "input_audio"u8);
        writer.WriteStartObject("input_audio"u8);
        writer.WriteString("data"u8, audio.Base64Data.Span);
        writer.WriteString("format"u8, format);
        writer.WriteEndObject();
    }

    private static string? AudioFormat(DataContent audio) => audio.MediaType switch
    {
        "audio/wav" or "audio/x-wav" or "audio/wave" or "audio/vnd.wave" => "wav",
        "audio/mpeg" or "audio/mp3" => "mp3",
        _ => null,
    };

    private static void WriteFile(Utf8JsonWriter writer, DataContent file)
    {
        writer.WriteString("type"u8, "file"u8);
        writer.WriteStartObject("file"u8);
        writer.WriteString("filename"u8, file.Name ?? (file.MediaType == "application/pdf" ? "file.pdf" : "file"));
        writer.WriteString("file_data"u8, file.Uri);
        writer.WriteEndObject();
    }
}
