namespace Streamline.Protocols.Cohere;

/// <summary>Reads the messages of a request, each with the contents that a decoder would have made of it.</summary>
internal static class CohereMessageReader
{
    /// <exception cref="StreamProtocolException">A member that the protocol requires is missing or of another type.</exception>
    public static ChatMessage Read(RequestValue message)
    {
        var role = message.Required("role");
        return role.Text() switch
        {
            "system" => WithRest(new ChatMessage(ChatRole.System, ReadContents(message.Required("content"), "text")), message),
            "user" => WithRest(new ChatMessage(ChatRole.User, ReadContents(message.Required("content"), "text", "image_url")), message),
            "assistant" => ReadAssistant(message),
            "tool" => ReadResult(message),
            _ => throw role.Fault("'system', 'user', 'assistant' or 'tool'"),
        };
    }

    private static ChatMessage ReadAssistant(RequestValue message)
    {
        List<AIContent> contents = [];
        if (message.Member("tool_plan") is { } plan)
        {
            contents.Add(new TextReasoningContent(plan.Text()).WithRaw(CohereProtocol.ProtocolName, CohereReasoning.Plan));
        }

        if (message.Member("content") is { } content)
        {
            contents.AddRange(ReadContents(content, "text", "thinking"));
        }

        contents.AddRange((message.Member("tool_calls")?.Items() ?? []).Select(ReadCall));
        foreach (var citation in message.Member("citations")?.Items() ?? [])
        {
            Cite(contents, citation);
        }

        return WithRest(new ChatMessage(ChatRole.Assistant, contents), message);
    }

    private static void Cite(List<AIContent> contents, RequestValue citation)
    {
        // The writer writes one list for the whole message, whichever content has it.
        if ((contents.FindLast(content => content is TextContent) ?? contents.LastOrDefault()) is { } cited)
        {
            _ = citation.IsObject ? citation : throw citation.Fault("an object");
            (cited.Annotations ??= []).Add(StreamMessages.ToAnnotation(citation.Json, CohereProtocol.ProtocolName));
        }
    }

    private static FunctionCallContent ReadCall(RequestValue call)
    {
        var function = call.Required("function");
        var content = ReceivedContent.Call(call.Required("id").Text(), function.Required("name").Text(), function.Member("arguments")?.Text() ?? "");
        var isPlain = call.Member("type")?.Text() is null or "function" && call.HasOnly("id", "type", "function") && function.HasOnly("name", "arguments");
        return isPlain ? content : content.WithRaw(CohereProtocol.ProtocolName, call.Json);
    }

    private static ChatMessage ReadResult(RequestValue message)
    {
        var content = message.Required("content");
        var result = new FunctionResultContent(message.Required("tool_call_id").Text(), content.IsText ? content.Text() : ReadContents(content, "text", "document"));
        return new ChatMessage(
            ChatRole.Tool, [message.HasOnly("role", "content", "tool_call_id") ? result : result.WithRaw(CohereProtocol.ProtocolName, message.Json)]);
    }

    private static List<AIContent> ReadContents(RequestValue content, params string[] types)
    {
        if (content.IsText)
        {
            return [new TextContent(content.Text())];
        }

        List<AIContent> contents = [];
        foreach (var block in content.Items())
        {
            var type = block.Required("type");
            _ = types.Contains(type.Text(), StringComparer.Ordinal) ? type : throw type.Fault($"one of: {string.Join(", ", types)}");
            contents.Add(ReadContent(block, type.Text()));
        }

        return contents;
    }

    private static AIContent ReadContent(RequestValue block, string type)
    {
        if (type == "thinking")
        {
            return new TextReasoningContent(block.Required("thinking").Text()).WithRaw(CohereProtocol.ProtocolName, CohereReasoning.Thinking);
        }

        var (content, isWhole) = type switch
        {
            "text" => (new TextContent(block.Required("text").Text()), block.HasOnly("type", "text")),
            "image_url" => ReadImage(block.Required("image_url"), block),
            _ => ((AIContent)new AIContent(), false),
        };
        return isWhole ? content : content.WithRaw(CohereProtocol.ProtocolName, block.Json);
    }

    private static (AIContent Content, bool IsWhole) ReadImage(RequestValue image, RequestValue block)
    {
        var (content, isImage) = ReceivedContent.Image(image.Required("url").Text(), image.Member("detail")?.Text());
        return (content ?? new AIContent(), isImage && image.HasOnly("url", "detail") && block.HasOnly("type", "image_url"));
    }

    // What is newer than this version is passed on with the message.
    private static ChatMessage WithRest(ChatMessage message, RequestValue received) => message.WithRest(CohereProtocol.ProtocolName, received, CohereMessageWriter.OwnMembers);
}
