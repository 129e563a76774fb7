using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Writes contents as the parts of an item.</summary>
internal static class OpenAIResponsesContent
{
    /// <summary>Tells whether a block of this protocol is a part of the user's message rather than an item.</summary>
    public static bool IsInputPart(JsonElement raw) => raw.Text("type"u8)?.StartsWith("input_", StringComparison.Ordinal) == true;

    /// <summary>Tells whether a block of this protocol is the envelope of an item whose parts are contents.</summary>
    public static bool IsOfParts(JsonElement raw) => raw.Text("type"u8) is OpenAIResponsesItemTypes.Message or OpenAIResponsesItemTypes.Reasoning;

    /// <summary>Writes what the user, or a tool, says.</summary>
    /// <exception cref="ArgumentException">The protocol has no part for it.</exception>
    public static void WriteParts(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IEnumerable<AIContent> contents, ChatRole role)
    {
        writer.WriteStartArray(name);
        foreach (var content in contents)
        {
            if (content.RawBlock(OpenAIResponsesProtocol.WireName) is { } raw)
            {
                writer.WriteVerbatim(raw);
                continue;
            }

            writer.WriteStartObject();
            WritePart(writer, content, role);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes a message or reasoning that came over this protocol.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="envelope">The item but for its parts.</param>
    /// <param name="parts">Its parts.</param>
    public static void WriteItem(Utf8JsonWriter writer, JsonElement envelope, List<AIContent> parts)
    {
        writer.WriteStartObject();
        writer.WriteMembers(envelope, "content");
        if (envelope.Text("type"u8) == OpenAIResponsesItemTypes.Reasoning)
        {
            WriteReasoning(writer, [.. parts.OfType<TextReasoningContent>()]);
        }
        else
        {
            WriteMessage(writer, envelope, parts);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes a text of the assistant that did not come over this protocol.</summary>
    /// <exception cref="ArgumentException">The protocol has no part for it.</exception>
    public static void WriteAnswer(Utf8JsonWriter writer, AIContent content)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, OpenAIResponsesItemTypes.Message);
        writer.WriteString("role"u8, "assistant"u8);
        writer.WriteStartArray("content"u8);
        WriteOutputPart(writer, content);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static ArgumentException NotCarried(AIContent content, ChatRole role) =>
        new($"The Responses API cannot carry {Describe(content)} in a message of the role '{role}'.", nameof(content));

    private static void WriteMessage(Utf8JsonWriter writer, JsonElement envelope, List<AIContent> parts)
    {
        if (envelope.Text("status"u8) is null)
        {
            writer.WriteString("status"u8, "incomplete"u8);
        }

        writer.WriteStartArray("content"u8);
        foreach (var part in parts)
        {
            WriteOutputPart(writer, part);
        }

        writer.WriteEndArray();
    }

    private static void WriteReasoning(Utf8JsonWriter writer, List<TextReasoningContent> parts)
    {
        var (content, summary) = (parts.FindAll(IsContent), parts.FindAll(part => !IsContent(part)));
        WriteTexts(writer, "summary"u8, "summary_text"u8, summary);
        if (content.Count > 0)
        {
            WriteTexts(writer, "content"u8, "reasoning_text"u8, content);
        }

        if (parts[^1].ProtectedData is { } encrypted)
        {
            writer.WriteString("encrypted_content"u8, encrypted);
        }

        static bool IsContent(TextReasoningContent part) => part.RawBlock(OpenAIResponsesProtocol.WireName)?.Member("content"u8) is not null;
    }

    private static void WriteTexts(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> type, List<TextReasoningContent> parts)
    {
        writer.WriteStartArray(name);
        foreach (var part in parts.Where(part => part.Text.Length > 0))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, type);
            writer.WriteString("text"u8, part.Text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteOutputPart(Utf8JsonWriter writer, AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                WriteOutputText(writer, text.Text, text.Annotations);
                break;
            case ErrorContent { ErrorCode: nameof(ContentKind.Refusal) } refusal:
                writer.WriteStartObject();
                writer.WriteString("type"u8, "refusal"u8);
                writer.WriteString("refusal"u8, refusal.Message);
                writer.WriteEndObject();
                break;
            case ErrorContent error:
                WriteOutputText(writer, error.Message, annotations: null);
                break;
            case var _ when content.RawBlock(OpenAIResponsesProtocol.WireName) is { } raw:
                foreach (var part in raw.Items("content"u8))
                {
                    writer.WriteVerbatim(part);
                }

                break;
            default:
                throw NotCarried(content, ChatRole.Assistant);
        }
    }

    private static void WriteOutputText(Utf8JsonWriter writer, string text, IList<AIAnnotation>? annotations)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "output_text"u8);
        writer.WriteString("text"u8, text);
        writer.WriteStartArray("annotations"u8);
        foreach (var annotation in annotations ?? [])
        {
            if (annotation.RawBlock(OpenAIResponsesProtocol.WireName) is { } raw)
            {
                writer.WriteVerbatim(raw);
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter writer, AIContent content, ChatRole role)
    {
        switch (content)
        {
            case TextContent text:
                writer.WriteString("type"u8, "input_text"u8);
                writer.WriteString("text"u8, text.Text);
                break;
            case DataContent data when data.HasTopLevelMediaType("image"):
                WriteImage(writer, "image_url", data.Uri, data);
                break;
            case UriContent uri when uri.HasTopLevelMediaType("image"):
                WriteImage(writer, "image_url", uri.Uri.AbsoluteUri, uri);
                break;
            case HostedFileContent file when file.HasTopLevelMediaType("image"):
                WriteImage(writer, "file_id", file.FileId, file);
                break;
            case HostedFileContent file when !IsAudioOrVideo(file.MediaType ?? ""):
                writer.WriteString("type"u8, "input_file"u8);
                writer.WriteString("file_id"u8, file.FileId);
                break;
            case UriContent uri when !IsAudioOrVideo(uri.MediaType):
                writer.WriteString("type"u8, "input_file"u8);
                writer.WriteString("file_url"u8, uri.Uri.AbsoluteUri);
                break;
            case DataContent data when !IsAudioOrVideo(data.MediaType):
                writer.WriteString("type"u8, "input_file"u8);
                writer.WriteString("filename"u8, data.Name ?? (data.MediaType == "application/pdf" ? "file.pdf" : "file"));
                writer.WriteString("file_data"u8, data.Uri);
                break;
            default:
                throw NotCarried(content, role);
        }
    }

    private static bool IsAudioOrVideo(string mediaType) =>
        mediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) || mediaType.StartsWith("video/", StringComparison.OrdinalIgnoreCase);

    private static void WriteImage(Utf8JsonWriter writer, string member, string value, AIContent content)
    {
        writer.WriteString("type"u8, "input_image"u8);
        writer.WriteString(member, value);
        if (content.AdditionalProperties?.TryGetValue("detail", out var detail) == true && detail?.ToString() is { Length: > 0 } text)
        {
            writer.WriteString("detail"u8, text);
        }
    }

    private static string Describe(AIContent content) => content switch
    {
        DataContent data => $"data of the media type {data.MediaType}",
        UriContent uri => $"an address of the media type {uri.MediaType}",
        _ => $"content of type {content.GetType().Name}",
    };
}
