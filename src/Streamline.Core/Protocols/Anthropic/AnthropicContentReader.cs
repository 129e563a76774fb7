namespace Streamline.Protocols.Anthropic;

/// <summary>Reads content blocks. What the exchange types cannot hold, such as a cache marker, is kept unchanged beside what they can.</summary>
internal static class AnthropicContentReader
{
    /// <summary>Reads content: a text, or blocks.</summary>
    /// <exception cref="StreamProtocolException">A member that the protocol requires is missing or of another type.</exception>
    public static List<AIContent> ReadAll(RequestValue content) => content.IsText ? [new TextContent(content.Text())] : [.. content.Items().Select(Read)];

    private static AIContent Read(RequestValue block)
    {
        var (content, isWhole) = block.Required("type").Text() switch
        {
            "text" => (ReceivedContent.Text(block, "citations", AnthropicProtocol.ProtocolName), block.HasOnly("type", "text", "citations")),
            "thinking" => ReadThinking(block),
            "redacted_thinking" => (new TextReasoningContent(""), false),
            "tool_use" => ReadCall(block),
            "tool_result" => ReadResult(block),
            "image" => ReadSource(block, isImage: true),
            "document" => ReadSource(block, isImage: false),
            var type when type.EndsWith("_tool_use", StringComparison.Ordinal) => (ReadServerCall(block), false),
            _ => (new AIContent(), false),
        };
        return isWhole ? content : content.WithRaw(AnthropicProtocol.ProtocolName, block.Json);
    }

    private static (AIContent Content, bool IsWhole) ReadThinking(RequestValue block)
    {
        var reasoning = new TextReasoningContent(block.Required("thinking").Text()) { ProtectedData = block.Member("signature")?.Text() };
        return block.HasOnly("type", "thinking", "signature")
            ? (reasoning.WithRaw(AnthropicProtocol.ProtocolName, AnthropicEnvelope.Thinking), true)
            : (reasoning, false);
    }

    private static (AIContent Content, bool IsWhole) ReadCall(RequestValue block)
    {
        var input = block.Required("input");
        return input.IsObject
            ? (ReceivedContent.Call(block.Required("id").Text(), block.Required("name").Text(), input.Json.RawText()), block.HasOnly("type", "id", "name", "input"))
            : throw input.Fault("an object");
    }

    private static ToolCallContent ReadServerCall(RequestValue block) => new(block.Required("id").Text())
    {
        AdditionalProperties = new() { [ContentProperties.ArgumentsText] = block.Member("input")?.Json.RawText() ?? "" },
    };

    private static (AIContent Content, bool IsWhole) ReadResult(RequestValue block)
    {
        var content = block.Member("content") switch
        {
            { IsText: false, Json.ValueKind: not JsonValueKind.Array } other => throw other.Fault("a text or blocks"),
            var known => known,
        };
        var result = ReceivedContent.Result(block.Required("tool_use_id").Text(), content, ReadAll, block.Member("is_error")?.IsTrue() == true);
        result.Result ??= "";
        return (result, block.HasOnly("type", "tool_use_id", "content", "is_error"));
    }

    /// <summary>Reads an image or a document: its bytes, its text, its address or its id.</summary>
    private static (AIContent Content, bool IsWhole) ReadSource(RequestValue block, bool isImage)
    {
        var source = block.Required("source");
        var (content, isExact) = source.Required("type").Text() switch
        {
            "base64" => ReadData(source, isImage),
            "text" => (new DataContent(Encoding.UTF8.GetBytes(source.Required("data").Text()), "text/plain"), source.HasOnly("type", "media_type", "data")),
            "url" => (ReceivedContent.Address(source.Required("url").Text(), isImage ? ReceivedContent.AnyImage : "application/pdf"), source.HasOnly("type", "url")),
            "file" => (new HostedFileContent(source.Required("file_id").Name()) { MediaType = isImage ? ReceivedContent.AnyImage : null }, source.HasOnly("type", "file_id")),
            _ => ((AIContent?)null, false),
        };
        if (content is DataContent data && block.Member("title") is { } title && !isImage)
        {
            data.Name = title.Text();
            return (content, isExact && block.HasOnly("type", "source", "title"));
        }

        return (content ?? new AIContent(), content is not null && isExact && block.HasOnly("type", "source"));
    }

    // The writer finds the type of the block from the media type.
    private static (AIContent? Content, bool IsExact) ReadData(RequestValue source, bool isImage)
    {
        var data = ReceivedContent.Data(source.Required("media_type").Text(), source.Required("data").Text());
        var isOfBlock = isImage ? data?.HasTopLevelMediaType("image") == true : data?.MediaType == "application/pdf";
        return (data, isOfBlock && source.HasOnly("type", "media_type", "data"));
    }
}
