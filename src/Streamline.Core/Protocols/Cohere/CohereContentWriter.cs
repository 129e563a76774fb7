using System.Buffers;

namespace Streamline.Protocols.Cohere;

/// <summary>Writes what a message holds: contents of text, thinking and images, the results of tools, and tool calls.</summary>
internal static class CohereContentWriter
{
    /// <summary>Tells whether there is anything to send for a content.</summary>
    public static bool IsSent(AIContent content) => content switch
    {
        TextContent text => !string.IsNullOrWhiteSpace(text.Text),
        TextReasoningContent reasoning => IsOwn(reasoning) && !string.IsNullOrWhiteSpace(reasoning.Text), // reasoning of another provider means nothing here
        _ when IsOwn(content) => true,
        ErrorContent error => !string.IsNullOrWhiteSpace(error.Message),
        UsageContent => false,
        _ => !content.IsProvidersOwn(),
    };

    /// <summary>Tells whether a content is an image, which is all that the user can show.</summary>
    public static bool IsImage(AIContent content) =>
        (content as DataContent)?.HasTopLevelMediaType("image") ?? (content as UriContent)?.HasTopLevelMediaType("image") ?? false;

    /// <summary>Writes contents that are sent: as one string where they are a text, as blocks otherwise.</summary>
    /// <exception cref="ArgumentException">The protocol does not support a content in a message of this role.</exception>
    public static void WriteAll(Utf8JsonWriter writer, List<AIContent> contents, string role)
    {
        if (contents is [TextContent only] && !IsOwn(only))
        {
            writer.WriteString("content"u8, only.Text);
            return;
        }

        writer.WriteArray("content", contents, (_, content) => Write(writer, content, role));
    }

    /// <summary>Writes the content of the result of a tool: text as it is, and a value as JSON.</summary>
    public static void WriteResult(Utf8JsonWriter writer, FunctionResultContent result)
    {
        List<AIContent> contents = [.. (result.Contents(CohereProtocol.ProtocolName) ?? [new TextContent(result.Text())]).Where(content => content is TextContent || IsOwn(content)).Where(IsSent)];
        WriteAll(writer, contents.Count > 0 ? contents : [new TextContent(ContentValues.EmptyResult)], "tool");
    }

    public static void WriteCall(Utf8JsonWriter writer, FunctionCallContent call)
    {
        var raw = call.RawBlock(CohereProtocol.ProtocolName);
        writer.WriteStartObject();
        writer.WriteString("id"u8, call.CallId);
        writer.WriteString("type"u8, raw?.Text("type"u8) ?? "function");
        writer.WriteStartObject("function"u8);
        writer.WriteString("name"u8, call.Name);
        writer.WriteString("arguments"u8, ArgumentValues.ObjectText(call));
        writer.WriteMembers(raw?.Object("function"u8), "name", "arguments");
        writer.WriteEndObject();
        writer.WriteMembers(raw, "id", "type", "function", "index");
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, AIContent content, string role)
    {
        if (content.RawBlock(CohereProtocol.ProtocolName) is { } raw && !CohereReasoning.IsMark(raw))
        {
            writer.WriteVerbatim(raw);
            return;
        }

        switch (content)
        {
            case TextContent text:
                writer.WriteTextBlock("text", text.Text);
                break;
            case ErrorContent error:
                writer.WriteTextBlock("text", error.Message);
                break;
            case TextReasoningContent reasoning when role == "assistant":
                writer.WriteTextBlock("thinking", reasoning.Text);
                break;
            case DataContent data when role == "user" && data.HasTopLevelMediaType("image"):
                WriteImage(writer, data.Uri, data);
                break;
            case UriContent address when role == "user" && address.HasTopLevelMediaType("image"):
                WriteImage(writer, address.Uri.AbsoluteUri, address);
                break;
            default:
                throw content.NotCarried(CohereProtocol.ProtocolName, role, "Documents are sent in the member 'documents' of StreamRequest.ExtraBody.");
        }
    }

    private static bool IsOwn(AIContent content) => content.RawBlock(CohereProtocol.ProtocolName) is not null;

    private static void WriteImage(Utf8JsonWriter writer, string url, AIContent image)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "image_url"u8);
        writer.WriteStartObject("image_url"u8);
        writer.WriteString("url"u8, url);
        writer.WriteText("detail"u8, image.Detail());
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
