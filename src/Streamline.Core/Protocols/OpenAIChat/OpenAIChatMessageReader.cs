using System.Runtime.InteropServices;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>Reads the messages of a request, each with the contents that a decoder would have made of it.</summary>
internal static class OpenAIChatMessageReader
{
    /// <exception cref="StreamProtocolException">A member that the protocol requires is missing or of another type.</exception>
    public static ChatMessage Read(RequestValue message)
    {
        var role = message.Required("role");
        return role.Text() switch
        {
            "system" or "developer" or "user" => ReadSaid(message, new ChatRole(role.Text())),
            "assistant" => ReadAssistant(message),
            "tool" => ReadResult(message),
            _ => throw role.Fault("'system', 'developer', 'user', 'assistant' or 'tool'"),
        };
    }

    private static ChatMessage ReadSaid(RequestValue message, ChatRole role) =>
        WithRest(new ChatMessage(role, role == ChatRole.User ? OpenAIChatPartReader.ReadAll(message.Required("content")) : ReadText(message.Required("content"))), message);

    // Only a user sends images, audio and files.
    private static IList<AIContent> ReadText(RequestValue content)
    {
        foreach (var type in content.IsText ? [] : content.Items().Select(part => part.Required("type")))
        {
            _ = type.Text() is "image_url" or "input_audio" or "file" ? throw type.Fault("a part of text") : type;
        }

        return OpenAIChatPartReader.ReadAll(content);
    }

    private static ChatMessage ReadResult(RequestValue message)
    {
        var content = message.Required("content");
        var result = new FunctionResultContent(
            message.Required("tool_call_id").Text(), content.IsText ? content.Text() : OpenAIChatPartReader.ReadAll(content));
        return new ChatMessage(
            ChatRole.Tool, [message.HasOnly("role", "content", "tool_call_id") ? result : result.WithRaw(OpenAIChatProtocol.ProtocolName, message.Json)]);
    }

    private static ChatMessage ReadAssistant(RequestValue message)
    {
        List<AIContent> contents = [.. ReadReasoning(message)];
        if (message.Member("content") is { } content)
        {
            contents.AddRange(ReadText(content));
        }

        if (message.Member("refusal") is { } refusal)
        {
            contents.Add(OpenAIChatPartReader.Refusal(refusal.Text()));
        }

        contents.AddRange((message.Member("tool_calls")?.Items() ?? []).Select(ReadCall));
        return WithRest(new ChatMessage(ChatRole.Assistant, contents), message);
    }

    private static FunctionCallContent ReadCall(RequestValue call)
    {
        var isCustom = call.Member("type")?.Text() == "custom";
        var function = call.Required(isCustom ? "custom" : "function");
        var content = ReceivedContent.Call(
            call.Required("id").Text(), function.Required("name").Text(), function.Member(isCustom ? "input" : "arguments")?.Text() ?? "");
        return isCustom || !call.HasOnly("id", "type", "function") ? content.WithRaw(OpenAIChatProtocol.ProtocolName, call.Json) : content;
    }

    private static IEnumerable<TextReasoningContent> ReadReasoning(RequestValue message)
    {
        if ((message.Member(OpenAIChatReasoningForm.Details) ?? message.Member(OpenAIChatReasoningForm.ThinkingBlocks)) is { } elements)
        {
            return elements.Items().Select(ReadElement);
        }

        return new[] { OpenAIChatReasoningForm.ReasoningContent.Raw.Element, OpenAIChatReasoningForm.Reasoning.Raw.Element }
            .Select(form => message.Member(form.Text("type"u8)!) is { } text
                ? new TextReasoningContent(text.Text()).WithRaw(OpenAIChatProtocol.ProtocolName, form)
                : null)
            .OfType<TextReasoningContent>();
    }

    private static TextReasoningContent ReadElement(RequestValue element)
    {
        var text = OpenAIChatReasoningForm.TextMember(element.Required("type").Text()) is { } name ? element.Member(name)?.Text() : null;
        using var payload = Payload.Parse(JsonMarshal.GetRawUtf8Value(element.Json), "an element", byteOffset: 0);
        return new TextReasoningContent(text ?? "") { ProtectedData = element.Member("signature")?.Text() }
            .WithRaw(OpenAIChatProtocol.ProtocolName, OpenAIChatReasoningForm.WithoutText(payload.Root).Element);
    }

    // What compatible servers put beside the protocol's own members, such as a cache marker, is passed on with the message.
    private static ChatMessage WithRest(ChatMessage message, RequestValue received)
    {
        message.AuthorName = received.Member("name")?.Text();
        return message.WithRest(OpenAIChatProtocol.ProtocolName, received, OpenAIChatMessageWriter.OwnMembers);
    }
}
