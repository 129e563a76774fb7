namespace Streamline.Protocols.OpenAIChat;

/// <summary>Writes the messages of a normalized conversation.</summary>
/// <param name="writer">The writer, inside the body.</param>
/// <param name="server">What is known of the server.</param>
internal sealed class OpenAIChatMessageWriter(Utf8JsonWriter writer, OpenAIChatServer server)
    : RoleMessageWriter(writer, OpenAIChatProtocol.ProtocolName, OwnMembers)
{
    /// <summary>The members of messages that are made of their contents.</summary>
    public static readonly string[] OwnMembers =
        ["role", "name", "content", "refusal", "tool_calls", "tool_call_id", "reasoning", "reasoning_content", "reasoning_details", "thinking_blocks", "annotations"];

    protected override string SystemRole(ChatMessage message) => message.Role.Value;

    protected override string? AuthorOf(ChatMessage message) => server.Conversation.AuthorNames is null ? null : message.AuthorName;

    protected override bool IsSent(AIContent content) => OpenAIChatContent.IsSent(content);

    protected override void WriteAssistant(ChatMessage message)
    {
        var parts = new OpenAIChatAssistantMessage(message, server);
        if (!parts.IsEmpty)
        {
            WriteMessage(message, "assistant", () => parts.WriteMembers(Writer));
        }
    }

    protected override void WriteContent(List<AIContent> contents, string role)
    {
        if (role != "user")
        {
            OpenAIChatContent.Write(Writer, contents, role);
        }
        else if (contents is [TextContent single] && !OpenAIChatContent.IsRaw(single))
        {
            Writer.WriteString("content"u8, single.Text);
        }
        else
        {
            Writer.WriteArray("content", contents, OpenAIChatContent.WritePart);
        }
    }

    protected override void WriteContent(FunctionResultContent result) => OpenAIChatContent.WriteResult(Writer, result);
}
