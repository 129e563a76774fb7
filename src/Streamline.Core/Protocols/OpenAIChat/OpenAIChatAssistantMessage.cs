namespace Streamline.Protocols.OpenAIChat;

/// <summary>A message of the assistant, sorted by where the protocol has a place for its contents. What was received over this protocol is sent back unchanged.</summary>
internal sealed class OpenAIChatAssistantMessage
{
    private readonly List<TextContent> _texts = [];
    private readonly List<string> _thinking = [];
    private readonly List<string> _refusals = [];
    private readonly Dictionary<string, List<(JsonElement Form, TextReasoningContent Content)>> _lists = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _plainReasoning = new(StringComparer.Ordinal);
    private readonly OpenAIChatServer _server;

    /// <summary>Initializes a new instance of the <see cref="OpenAIChatAssistantMessage"/> class.</summary>
    /// <param name="message">The message.</param>
    /// <param name="server">What is known of the server.</param>
    /// <exception cref="ArgumentException">The message holds something that the protocol cannot carry.</exception>
    public OpenAIChatAssistantMessage(ChatMessage message, OpenAIChatServer server)
    {
        _server = server;
        foreach (var content in message.Contents)
        {
            Sort(content);
        }
    }

    public List<FunctionCallContent> Calls { get; } = [];

    /// <summary>Gets a value indicating whether the message says and calls nothing. Reasoning beside its content does not make it a message: an answer may have been cut within it.</summary>
    public bool IsEmpty => _texts.Count == 0 && _refusals.Count == 0 && Calls.Count == 0 && _thinking.Count == 0;

    /// <summary>Writes the members of the message except its role.</summary>
    public void WriteMembers(Utf8JsonWriter writer)
    {
        WriteContent(writer);
        WriteReasoning(writer);
        writer.WriteText("refusal"u8, _refusals.Count > 0 ? string.Concat(_refusals) : null);
        writer.WriteNonEmptyArray("tool_calls", Calls, WriteCall);
    }

    private void Sort(AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                _texts.AddRange(text.Text.Length > 0 || OpenAIChatContent.IsRaw(text) ? [text] : []);
                break;
            case TextReasoningContent reasoning:
                SortReasoning(reasoning);
                break;
            case FunctionCallContent call:
                Calls.Add(call);
                break;
            case ErrorContent { ErrorCode: nameof(ContentKind.Refusal) } refusal:
                _refusals.Add(refusal.Message);
                break;
            case ErrorContent error:
                _texts.Add(new TextContent(error.Message));
                break;
            case UsageContent or FunctionResultContent:
            case not null when content.IsProvidersOwn():
                break;
            default:
                throw content!.NotCarried(OpenAIChatProtocol.ProtocolName, "assistant");
        }
    }

    // The reasoning of another provider means nothing to this one, and is left out.
    private void SortReasoning(TextReasoningContent reasoning)
    {
        if (reasoning.RawBlock(OpenAIChatProtocol.ProtocolName) is not { } raw)
        {
            return;
        }

        var form = raw.Text("type"u8);
        var list = OpenAIChatReasoningForm.ListOf(form);
        var isUnsigned = form == OpenAIChatReasoningForm.ThinkingBlocks && reasoning.ProtectedData is null; // which the model's own API refuses
        if (list is not null && !isUnsigned && (_server.ReasoningMember is null || _server.ReasoningMember == list))
        {
            _lists.TryAdd(list, []);
            _lists[list].Add((raw, reasoning));
            return;
        }

        // Of another server of this protocol, the text goes where this one has its own.
        switch (_server.ReasoningMember ?? form)
        {
            case "thinking":
                _thinking.AddRange(reasoning.Text.Length > 0 ? [reasoning.Text] : []);
                break;
            case OpenAIChatReasoningForm.Details:
                AddPlain("reasoning", reasoning.Text);
                break;
            case OpenAIChatReasoningForm.ThinkingBlocks:
                AddPlain("reasoning_content", reasoning.Text);
                break;
            case ("reasoning" or "reasoning_content") and var member:
                AddPlain(member, reasoning.Text);
                break;
            default:
                break;
        }
    }

    private void AddPlain(string member, string text)
    {
        if (text.Length > 0)
        {
            _plainReasoning[member] = _plainReasoning.GetValueOrDefault(member) + text;
        }
    }

    private void WriteContent(Utf8JsonWriter writer)
    {
        if (_thinking.Count > 0)
        {
            WriteThinking(writer);
        }
        else if (_texts.Count > 0)
        {
            OpenAIChatContent.Write(writer, _texts, "assistant");
        }
        else
        {
            writer.WriteNull("content"u8);
        }
    }

    private void WriteThinking(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("content"u8);
        writer.WriteStartObject();
        writer.WriteString("type"u8, "thinking"u8);
        writer.WriteArray("thinking", [string.Concat(_thinking)], static (writer, text) => writer.WriteTextBlock("text", text));
        writer.WriteEndObject();
        if (_texts.Count > 0)
        {
            writer.WriteTextBlock("text", string.Concat(_texts.Select(text => text.Text)));
        }

        writer.WriteEndArray();
    }

    // Servers want plain reasoning back with the calls that it led to; elsewhere most ignore it.
    private void WriteReasoning(Utf8JsonWriter writer)
    {
        foreach (var (list, elements) in _lists)
        {
            writer.WriteArray(list, elements, WriteElement);
        }

        if (_lists.Count > 0 || (Calls.Count == 0 && !_server.TakesAllReasoning))
        {
            return;
        }

        foreach (var (name, text) in _plainReasoning)
        {
            writer.WriteString(name, text);
        }

        if (_plainReasoning.Count == 0 && _server is { MissingReasoning: { } missing, ReasoningMember: { } member })
        {
            writer.WriteString(member, missing);
        }
    }

    private static void WriteElement(Utf8JsonWriter writer, (JsonElement Form, TextReasoningContent Content) element)
    {
        var (form, content) = element;
        writer.WriteStartObject();
        OpenAIChatReasoningForm.WriteElement(writer, form);
        if (OpenAIChatReasoningForm.TextMember(form.Text("type"u8)) is { } textMember)
        {
            writer.WriteString(textMember, content.Text);
            writer.WriteText("signature"u8, content.ProtectedData);
        }

        writer.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter writer, FunctionCallContent call)
    {
        var raw = call.RawBlock(OpenAIChatProtocol.ProtocolName);
        var isCustom = FreeFormInput.IsOfFreeForm(raw);
        writer.WriteStartObject();
        writer.WriteString("id"u8, call.CallId);
        writer.WriteString("type"u8, isCustom ? "custom"u8 : "function"u8);
        OpenAIChatCallData.Write(writer, raw, isCustom, function =>
        {
            function.WriteString("name"u8, call.Name);
            function.WriteString(isCustom ? "input"u8 : "arguments"u8, isCustom ? FreeFormInput.Of(call) : ArgumentValues.ObjectText(call));
        });
        writer.WriteEndObject();
    }
}
