namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Writes contents as the parts of an item.</summary>
internal static class OpenAIResponsesContent
{
    /// <summary>Tells whether a block of this protocol is a part of the user's message rather than an item.</summary>
    public static bool IsInputPart(JsonElement raw) => raw.Text("type"u8)?.StartsWith("input_", StringComparison.Ordinal) == true;

    /// <summary>Tells whether a block of this protocol is the envelope of an item whose parts are contents.</summary>
    public static bool IsOfParts(JsonElement raw) => raw.Text("type"u8) is OpenAIResponsesItemTypes.Message or OpenAIResponsesItemTypes.Reasoning;

    /// <summary>Tells whether the result of a tool can have data or a file: an image or a document.</summary>
    public static bool IsCarriedInResult(AIContent content) => content switch
    {
        DataContent data => data.HasTopLevelMediaType("image") || data.HasTopLevelMediaType("text") || data.MediaType == "application/pdf",
        UriContent uri => !IsAudioOrVideo(uri.MediaType),
        _ => content is HostedFileContent file && !IsAudioOrVideo(file.MediaType ?? ""),
    };

    /// <summary>Writes what the user, or a tool, says.</summary>
    /// <exception cref="ArgumentException">The protocol has no part for it.</exception>
    public static void WriteParts(Utf8JsonWriter writer, string name, IEnumerable<AIContent> contents, ChatRole role) => writer.WriteArray(name, contents, (_, content) =>
    {
        if (content.RawBlock(OpenAIResponsesProtocol.ProtocolName) is { } raw)
        {
            writer.WriteVerbatim(raw);
            return;
        }

        writer.WriteStartObject();
        WritePart(writer, content, role);
        writer.WriteEndObject();
    });

    /// <summary>Writes a message or reasoning that came over this protocol.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="envelope">The item without its parts.</param>
    /// <param name="parts">Its parts.</param>
    /// <param name="keepsId">Whether the item keeps its id.</param>
    public static void WriteItem(Utf8JsonWriter writer, JsonElement envelope, List<AIContent> parts, bool keepsId)
    {
        var isReasoning = envelope.Text("type"u8) == OpenAIResponsesItemTypes.Reasoning;
        writer.WriteStartObject();
        writer.WriteMembers(envelope, keepsId ? ["content"] : ["content", "id"]);
        if (isReasoning)
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
        writer.WriteArray("content", [content], WriteOutputPart);
        writer.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter writer, JsonElement envelope, List<AIContent> parts)
    {
        if (envelope.Text("status"u8) is null)
        {
            writer.WriteString("status"u8, "incomplete"u8);
        }

        writer.WriteArray("content", parts, WriteOutputPart);
    }

    private static void WriteReasoning(Utf8JsonWriter writer, List<TextReasoningContent> parts)
    {
        var (content, summary) = (parts.FindAll(IsContent), parts.FindAll(part => !IsContent(part)));
        WriteTexts("summary", "summary_text", summary);
        if (content.Count > 0)
        {
            WriteTexts("content", "reasoning_text", content);
        }

        writer.WriteText("encrypted_content"u8, parts[^1].ProtectedData);

        void WriteTexts(string name, string type, List<TextReasoningContent> parts) =>
            writer.WriteArray(name, parts.Where(part => part.Text.Length > 0), (_, part) => writer.WriteTextBlock(type, part.Text, "text"));

        static bool IsContent(TextReasoningContent part) => part.RawBlock(OpenAIResponsesProtocol.ProtocolName)?.Member("content"u8) is not null;
    }

    private static void WriteOutputPart(Utf8JsonWriter writer, AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                WriteOutputText(writer, text.Text, text.RawAnnotations(OpenAIResponsesProtocol.ProtocolName));
                break;
            case ErrorContent { ErrorCode: nameof(ContentKind.Refusal) } refusal:
                writer.WriteTextBlock("refusal", refusal.Message);
                break;
            case ErrorContent error:
                WriteOutputText(writer, error.Message, []);
                break;
            case var _ when content.RawBlock(OpenAIResponsesProtocol.ProtocolName) is { } raw:
                foreach (var part in raw.Items("content"u8))
                {
                    writer.WriteVerbatim(part);
                }

                break;
            default:
                throw content.NotCarried(OpenAIResponsesProtocol.ProtocolName, "assistant");
        }
    }

    private static void WriteOutputText(Utf8JsonWriter writer, string text, List<JsonElement> annotations)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "output_text"u8);
        writer.WriteString("text"u8, text);
        writer.WriteArray("annotations"u8, annotations);
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
                throw content.NotCarried(OpenAIResponsesProtocol.ProtocolName, role.Value);
        }
    }

    private static bool IsAudioOrVideo(string mediaType) =>
        mediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) || mediaType.StartsWith("video/", StringComparison.OrdinalIgnoreCase);

    private static void WriteImage(Utf8JsonWriter writer, string member, string value, AIContent content)
    {
        writer.WriteString("type"u8, "input_image"u8);
        writer.WriteString(member, value);
        writer.WriteText("detail"u8, content.Detail());
    }
}
