namespace Streamline.Protocols.GeminiInteractions;

/// <summary>Reads the input of a request: a text, contents, steps, or the turns of the first version. Steps of one side that follow each other are one message.</summary>
internal sealed class InteractionsInputReader
{
    private readonly List<ChatMessage> _messages = [];

    /// <exception cref="StreamProtocolException">A member that the protocol requires is missing or of another type.</exception>
    public List<ChatMessage> Read(RequestValue input)
    {
        if (input.IsText)
        {
            return [new ChatMessage(ChatRole.User, input.Text())];
        }

        foreach (var item in input.IsObject ? [input] : input.Items())
        {
            if (item.Member("role") is { } role)
            {
                AddAll(RoleOf(role), InteractionsContentReader.ReadAll(item.Required("content")));
            }
            else
            {
                ReadStep(item, item.Required("type").Text());
            }
        }

        return _messages;
    }

    private static ChatRole RoleOf(RequestValue role) => role.Text() switch
    {
        "user" => ChatRole.User,
        "model" => ChatRole.Assistant,
        _ => throw role.Fault("'user' or 'model'"),
    };

    private void ReadStep(RequestValue step, string type)
    {
        switch (type)
        {
            case "text" or "image" or "audio" or "video" or "document":
                Add(ChatRole.User, InteractionsContentReader.Read(step));
                break;
            case InteractionsStepTypes.UserInput:
                foreach (var content in step.Member("content") is { IsText: false } contents ? contents.IsObject ? [contents] : contents.Items() : [])
                {
                    // The results of functions may stand among what the user says.
                    var isResult = content.Member("type")?.Text() == InteractionsStepTypes.FunctionResult;
                    Add(isResult ? ChatRole.Tool : ChatRole.User, isResult ? ReadResult(content) : InteractionsContentReader.Read(content));
                }

                AddAll(ChatRole.User, step.Member("content") is { IsText: true } text ? [new TextContent(text.Text())] : []);
                break;
            case InteractionsStepTypes.ModelOutput:
                AddAll(ChatRole.Assistant, ReadOutput(step));
                break;
            case InteractionsStepTypes.Thought:
                Add(ChatRole.Assistant, ReadThought(step));
                break;
            case InteractionsStepTypes.FunctionCall:
                Add(ChatRole.Assistant, ReadCall(step));
                break;
            case InteractionsStepTypes.FunctionResult:
                Add(ChatRole.Tool, ReadResult(step));
                break;
            default:
                Add(ChatRole.Assistant, ReadOther(step, type));
                break;
        }
    }

    private void AddAll(ChatRole role, IEnumerable<AIContent> contents)
    {
        foreach (var content in contents)
        {
            Add(role, content);
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

    // What a step says besides its contents goes back with a text of it.
    private static List<AIContent> ReadOutput(RequestValue step)
    {
        var contents = InteractionsContentReader.ReadAll(step.Member("content"));
        if (InteractionsEnvelope.OfOutput(step.Json) is { } envelope)
        {
            return contents is [TextContent text] && text.RawBlock(InteractionsProtocol.ProtocolName) is null
                ? [text.WithRaw(InteractionsProtocol.ProtocolName, envelope)]
                : [new AIContent().WithRaw(InteractionsProtocol.ProtocolName, step.Json)];
        }

        return contents;
    }

    private static TextReasoningContent ReadThought(RequestValue step)
    {
        var texts = (step.Member("summary")?.Items() ?? []).Select(item => item.Member("text")?.Text()).ToList();
        var thought = new TextReasoningContent(string.Concat(texts)) { ProtectedData = step.Member("signature")?.Text() };
        return thought.WithRaw(InteractionsProtocol.ProtocolName, InteractionsEnvelope.OfThought(step.Json));
    }

    private static FunctionCallContent ReadCall(RequestValue step)
    {
        var arguments = step.Member("arguments");
        var text = arguments is null ? "" : arguments.Value.IsText ? arguments.Value.Text() : arguments.Value.Json.RawText();
        var call = ReceivedContent.Call(step.Required("id").Text(), step.Required("name").Text(), text);
        return InteractionsEnvelope.OfCall(step.Json) is { } envelope ? call.WithRaw(InteractionsProtocol.ProtocolName, envelope) : call;
    }

    private static FunctionResultContent ReadResult(RequestValue step)
    {
        var result = ReceivedContent.Result(step.Required("call_id").Text(), step.Member("result"), contents => InteractionsContentReader.ReadAll(contents), step.Member("is_error")?.IsTrue() == true);
        return step.HasOnly("type", "call_id", "name", "result", "is_error") && (result.Result is string || (result.Result is IList<AIContent> read && read.All(InteractionsContentWriter.IsOfResult)))
            ? result
            : result.WithRaw(InteractionsProtocol.ProtocolName, step.Json);
    }

    private static AIContent ReadOther(RequestValue step, string type) =>
        InteractionsStepTypes.IsProviderCall(type) && step.Member("id") is { } id
            ? new ToolCallContent(id.Text())
            {
                AdditionalProperties = new() { [ContentProperties.ArgumentsText] = step.Member("arguments")?.Json.RawText() ?? "" },
            }.WithRaw(InteractionsProtocol.ProtocolName, step.Json)
            : new AIContent().WithRaw(InteractionsProtocol.ProtocolName, step.Json);
}
