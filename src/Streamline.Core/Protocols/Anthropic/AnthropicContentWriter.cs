namespace Streamline.Protocols.Anthropic;

/// <summary>Writes content blocks. What was received over this protocol is sent back unchanged: signatures, encrypted reasoning, results of server tools.</summary>
internal static class AnthropicContentWriter
{
    /// <summary>Tells whether there is anything to send of a content.</summary>
    public static bool IsSent(AIContent content) => content switch
    {
        TextContent text => !string.IsNullOrWhiteSpace(text.Text), // a blank text block is refused
        _ when content.RawBlock(AnthropicProtocol.ProtocolName) is { } raw && !AnthropicEnvelope.Is(raw) => true,
        _ when content.IsProvidersOwn() => false,
        TextReasoningContent { ProtectedData.Length: > 0 } reasoning => reasoning.RawBlock(AnthropicProtocol.ProtocolName) is not null,
        TextReasoningContent => false, // and reasoning that it did not sign
        ErrorContent error => !string.IsNullOrWhiteSpace(error.Message),
        UsageContent => false,
        _ => true,
    };

    /// <summary>Tells whether a data or file content can be sent: an image, a PDF or a text.</summary>
    public static bool IsCarried(AIContent content) => content switch
    {
        DataContent data => data.HasTopLevelMediaType("text") || HasSource(data.MediaType),
        UriContent uri => HasSource(uri.MediaType),
        _ => content is HostedFileContent file && (IsImage(file.MediaType) || !file.IsMedia()),
    };

    /// <exception cref="ArgumentException">The protocol does not support the content.</exception>
    public static void Write(Utf8JsonWriter writer, AIContent content)
    {
        var raw = content.RawBlock(AnthropicProtocol.ProtocolName);
        switch (content)
        {
            case ToolCallContent call when raw is not null || call is FunctionCallContent:
                WriteCall(writer, call, raw);
                break;
            case not null when raw is { } whole && !AnthropicEnvelope.Is(whole):
                writer.WriteVerbatim(whole);
                break;
            case FunctionResultContent result:
                WriteResult(writer, result, toolset: null);
                break;
            default:
                writer.WriteStartObject();
                WriteMembers(writer, content!);
                AnthropicEnvelope.WriteMembers(writer, raw);
                writer.WriteEndObject();
                break;
        }
    }

    /// <summary>Writes the result of a tool that ran here.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="result">The result.</param>
    /// <param name="toolset">The toolset that the call named; <see langword="null"/> for none.</param>
    /// <exception cref="ArgumentException">The protocol does not support the result.</exception>
    public static void WriteResult(Utf8JsonWriter writer, FunctionResultContent result, string? toolset)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "tool_result"u8);
        writer.WriteString("tool_use_id"u8, result.CallId);
        writer.WriteText("toolset_name"u8, toolset);
        writer.WriteFlag("is_error"u8, result.IsError() ? true : null);
        if (result.Contents(AnthropicProtocol.ProtocolName) is { } blocks)
        {
            writer.WriteArray("content", blocks.Where(IsSent), Write);
        }
        else
        {
            writer.WriteString("content"u8, result.Text());
        }

        AnthropicEnvelope.WriteMembers(writer, result.RawBlock(AnthropicProtocol.ProtocolName));
        writer.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter writer, AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                WriteText(writer, text.Text);
                writer.WriteNonEmptyArray("citations", text.RawAnnotations(AnthropicProtocol.ProtocolName), JsonWriting.WriteVerbatim);
                break;
            case TextReasoningContent reasoning:
                writer.WriteString("type"u8, "thinking"u8);
                writer.WriteString("thinking"u8, reasoning.Text);
                writer.WriteString("signature"u8, reasoning.ProtectedData);
                break;
            case ErrorContent error:
                WriteText(writer, error.Message);
                break;
            case DataContent data:
                WriteData(writer, data);
                break;
            case UriContent uri:
                WriteSource(writer, uri.MediaType, "url");
                writer.WriteString("url"u8, uri.Uri.AbsoluteUri);
                writer.WriteEndObject();
                break;
            case HostedFileContent file when IsImage(file.MediaType) || !file.IsMedia():
                writer.WriteString("type"u8, IsImage(file.MediaType) ? "image"u8 : "document"u8);
                writer.WriteStartObject("source"u8);
                writer.WriteString("type"u8, "file"u8);
                writer.WriteString("file_id"u8, file.FileId);
                writer.WriteEndObject();
                break;
            default:
                throw content.NotCarried(AnthropicProtocol.ProtocolName);
        }
    }

    private static void WriteText(Utf8JsonWriter writer, string text)
    {
        writer.WriteString("type"u8, "text"u8);
        writer.WriteString("text"u8, text);
    }

    private static void WriteData(Utf8JsonWriter writer, DataContent data)
    {
        if (data.HasTopLevelMediaType("text"))
        {
            WriteSource(writer, "text/plain", "text");
            writer.WriteString("media_type"u8, "text/plain"u8);
            writer.WriteString("data"u8, Encoding.UTF8.GetString(data.Data.Span));
        }
        else
        {
            WriteSource(writer, data.MediaType, "base64");
            writer.WriteString("media_type"u8, data.MediaType);
            writer.WriteString("data"u8, data.Base64Data.Span);
        }

        writer.WriteEndObject();
        if (!string.IsNullOrEmpty(data.Name) && !data.HasTopLevelMediaType("image"))
        {
            writer.WriteString("title"u8, data.Name);
        }
    }

    /// <summary>Writes the type of a block and the beginning of its source.</summary>
    private static void WriteSource(Utf8JsonWriter writer, string mediaType, string sourceType)
    {
        if (!HasSource(mediaType))
        {
            throw new ArgumentException($"The protocol 'anthropic' does not support data of the media type '{mediaType}'.", nameof(mediaType));
        }

        writer.WriteString("type"u8, IsImage(mediaType) ? "image"u8 : "document"u8);
        writer.WriteStartObject("source"u8);
        writer.WriteString("type"u8, sourceType);
    }

    private static bool HasSource(string mediaType) => IsImage(mediaType) || mediaType is "application/pdf" or "text/plain";

    private static bool IsImage(string? mediaType) => mediaType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true;

    private static void WriteCall(Utf8JsonWriter writer, ToolCallContent call, JsonElement? raw)
    {
        writer.WriteStartObject();
        if (raw is { } block)
        {
            writer.WriteMembers(block, member => call is not FunctionCallContent function ? null : member switch
            {
                "id" => function.CallId,
                "name" => function.Name,
                _ => null,
            }, "input");
        }
        else
        {
            writer.WriteString("type"u8, "tool_use"u8);
            writer.WriteString("id"u8, call.CallId);
            writer.WriteString("name"u8, ((FunctionCallContent)call).Name);
        }

        writer.WritePropertyName("input"u8);
        ArgumentValues.WriteObject(writer, call);
        writer.WriteEndObject();
    }
}
