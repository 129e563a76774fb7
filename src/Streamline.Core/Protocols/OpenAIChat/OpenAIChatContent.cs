using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Protocols;

/// <summary>Writes what a message holds as parts or as text.</summary>
internal static class OpenAIChatContent
{
    /// <summary>Writes a part of a user's message.</summary>
    /// <exception cref="ArgumentException">The wire has no part for it.</exception>
    public static void WritePart(Utf8JsonWriter writer, AIContent content)
    {
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
            case DataContent data when !data.HasTopLevelMediaType("video"):
                WriteFile(writer, data);
                break;
            case HostedFileContent file:
                writer.WriteString("type"u8, "file"u8);
                writer.WriteStartObject("file"u8);
                writer.WriteString("file_id"u8, file.FileId);
                writer.WriteEndObject();
                break;
            default:
                throw NotCarried(content, ChatRole.User);
        }

        writer.WriteEndObject();
    }

    /// <summary>The text of a content that stands where the wire takes only text.</summary>
    public static string TextOf(AIContent content, ChatRole role) => content is TextContent text ? text.Text : throw NotCarried(content, role);

    /// <summary>The text of a tool's result: a text as it is, anything else as JSON.</summary>
    public static string TextOf(FunctionResultContent result) => result.Result switch
    {
        AIContent content => (content as TextContent)?.Text ?? "",
        IEnumerable<AIContent> contents => string.Concat(contents.OfType<TextContent>()),
        _ => result.Text(),
    };

    public static ArgumentException NotCarried(AIContent content, ChatRole role) =>
        new($"Chat Completions cannot carry {Describe(content)} in a message of the role '{role}'.", nameof(content));

    private static string Describe(AIContent content) => content switch
    {
        DataContent data => $"data of the media type {data.MediaType}",
        UriContent uri => $"an address of the media type {uri.MediaType}",
        _ => $"content of type {content.GetType().Name}",
    };

    private static void WriteImage(Utf8JsonWriter writer, string url, AIContent content)
    {
        writer.WriteString("type"u8, "image_url"u8);
        writer.WriteStartObject("image_url"u8);
        writer.WriteString("url"u8, url);
        if (content.AdditionalProperties?.TryGetValue("detail", out var detail) == true && detail?.ToString() is { Length: > 0 } text)
        {
            writer.WriteString("detail"u8, text);
        }

        writer.WriteEndObject();
    }

    private static void WriteAudio(Utf8JsonWriter writer, DataContent audio)
    {
        var format = audio.MediaType switch
        {
            "audio/wav" or "audio/x-wav" or "audio/wave" or "audio/vnd.wave" => "wav"u8,
            "audio/mpeg" or "audio/mp3" => "mp3"u8,
            _ => throw NotCarried(audio, ChatRole.User),
        };
        writer.WriteString("type"u8, "input_audio"u8);
        writer.WriteStartObject("input_audio"u8);
        writer.WriteString("data"u8, audio.Base64Data.Span);
        writer.WriteString("format"u8, format);
        writer.WriteEndObject();
    }

    private static void WriteFile(Utf8JsonWriter writer, DataContent file)
    {
        writer.WriteString("type"u8, "file"u8);
        writer.WriteStartObject("file"u8);
        writer.WriteString("filename"u8, file.Name ?? (file.MediaType == "application/pdf" ? "file.pdf" : "file"));
        writer.WriteString("file_data"u8, file.Uri);
        writer.WriteEndObject();
    }
}
