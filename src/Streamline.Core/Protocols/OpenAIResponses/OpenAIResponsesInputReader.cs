namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Reads the input of a request: a text, or items, of which those that belong to one turn become one message.</summary>
internal sealed class OpenAIResponsesInputReader
{
    private readonly List<ChatMessage> _messages = [];

    /// <exception cref="StreamProtocolException">A member that the protocol requires is missing or of another type.</exception>
    public List<ChatMessage> Read(RequestValue input)
    {
        if (input.IsText)
        {
            return [new ChatMessage(ChatRole.User, input.Text())];
        }

        foreach (var item in input.Items())
        {
            // A message needs not say that it is one.
            var type = item.Member("type")?.Text() ?? OpenAIResponsesItemTypes.Message;
            if (type == OpenAIResponsesItemTypes.Message)
            {
                ReadMessage(item);
            }
            else if (type.EndsWith("_call_output", StringComparison.Ordinal) && item.Member("call_id") is { } callId)
            {
                Add(ChatRole.Tool, ReadResult(item, type, callId.Text()));
            }
            else
            {
                AddAll(ReadAnswered(item, type));
            }
        }

        return _messages;
    }

    private void ReadMessage(RequestValue item)
    {
        var role = item.Required("role");
        var content = item.Required("content");
        switch (role.Text())
        {
            case "assistant":
                AddAll(ReadAnswer(item, content));
                break;
            case "user" or "system" or "developer":
                _messages.Add(new ChatMessage(new ChatRole(role.Text()), OpenAIResponsesPartReader.ReadAll(content)));
                break;
            default:
                throw role.Fault("'user', 'assistant', 'system' or 'developer'");
        }
    }

    private void AddAll(IEnumerable<AIContent> contents)
    {
        foreach (var content in contents)
        {
            Add(ChatRole.Assistant, content);
        }
    }

    private void Add(ChatRole role, AIContent content)
    {
        if (_messages is not [.., var last] || last.Role != role)
        {
            _messages.Add(last = new ChatMessage(role, (IList<AIContent>)[]));
        }

        last.Contents.Add(content);
    }

    private static FunctionResultContent ReadResult(RequestValue item, string type, string callId)
    {
        var result = ReceivedContent.Result(callId, item.Member("output"), OpenAIResponsesPartReader.ReadAll);
        return type == "function_call_output" && item.HasOnly("type", "call_id", "output") && result.Result is string or IList<AIContent>
            ? result
            : result.WithRaw(OpenAIResponsesProtocol.ProtocolName, item.Json);
    }

    private static IEnumerable<AIContent> ReadAnswered(RequestValue item, string type) => type switch
    {
        OpenAIResponsesItemTypes.Reasoning => ReadReasoning(item),
        _ when OpenAIResponsesItemTypes.IsApplicationCall(type) => [ReadCall(item, type)],
        _ => [new AIContent().WithRaw(OpenAIResponsesProtocol.ProtocolName, item.Json)],
    };

    private static FunctionCallContent ReadCall(RequestValue item, string type)
    {
        var input = OpenAIResponsesItemTypes.InputMember(type)!;
        var call = ReceivedContent.Call(item.Required("call_id").Text(), item.Required("name").Text(), item.Required(input).Text());
        call.InformationalOnly = item.Member("status")?.Text() == "incomplete";
        return type == OpenAIResponsesItemTypes.FunctionCall && !call.InformationalOnly && item.HasOnly("type", "call_id", "name", "arguments", "status")
            ? call
            : call.WithRaw(OpenAIResponsesProtocol.ProtocolName, OpenAIResponsesEnvelope.OfCall(item.Json, keepsStatus: call.InformationalOnly));
    }

    /// <summary>Reads a message of the assistant. Only one with an id has an envelope that its parts can be put back into.</summary>
    private static IEnumerable<AIContent> ReadAnswer(RequestValue item, RequestValue content)
    {
        if (content.IsText)
        {
            return [new TextContent(content.Text())];
        }

        return content.Items().Select(part =>
        {
            var known = OpenAIResponsesPartReader.ReadAnswered(part);
            return known is not null && item.Member("id") is null
                ? known
                : (known ?? new AIContent()).WithRaw(OpenAIResponsesProtocol.ProtocolName, Envelope(item, known is null ? ArrayOf(part.Json) : null));
        });
    }

    private static List<TextReasoningContent> ReadReasoning(RequestValue item)
    {
        List<TextReasoningContent> parts =
        [
            .. ReadTexts(item.Member("summary"), Envelope(item, content: null)),
            .. ReadTexts(item.Member("content"), Envelope(item, item.Member("content")?.Json)),
        ];
        if (parts.Count == 0)
        {
            parts.Add(new TextReasoningContent("").WithRaw(OpenAIResponsesProtocol.ProtocolName, Envelope(item, content: null)));
        }

        parts[^1].ProtectedData = item.Member("encrypted_content")?.Text();
        return parts;
    }

    private static IEnumerable<TextReasoningContent> ReadTexts(RequestValue? parts, JsonElement envelope) =>
        (parts?.Items() ?? []).Select(part => new TextReasoningContent(part.Required("text").Text()).WithRaw(OpenAIResponsesProtocol.ProtocolName, envelope));

    private static JsonElement Envelope(RequestValue item, JsonElement? content)
    {
        var envelope = OpenAIResponsesEnvelope.OfParts(item.Json, content, item.Member("status")?.Text());
        if (item.Member("type") is not null)
        {
            return envelope;
        }

        // Only with its type is it known as one whose parts are elsewhere.
        var typed = ProviderJson.ParseNode(envelope.GetRawText())!.AsObject();
        typed["type"] = OpenAIResponsesItemTypes.Message;
        return ProviderJson.Parse(typed.ToJsonString());
    }

    private static JsonElement ArrayOf(JsonElement part) => ProviderJson.Parse($"[{part.GetRawText()}]");
}
