namespace Streamline.Protocols.Shared;

/// <summary>
/// Writes a normalized conversation as a list of messages that have a role each, the form that Chat Completions introduced. The result of each call is a message of its own.
/// </summary>
/// <param name="writer">The writer, inside the body.</param>
/// <param name="protocol">The name of the protocol.</param>
/// <param name="ownMembers">The members of messages that are made of their contents.</param>
internal abstract class RoleMessageWriter(Utf8JsonWriter writer, string protocol, string[] ownMembers)
{
    protected Utf8JsonWriter Writer { get; } = writer;

    /// <summary>Writes the messages.</summary>
    /// <exception cref="ArgumentException">A message contains something that the protocol does not support.</exception>
    public void Write(OutgoingRequest request)
    {
        Writer.WriteStartArray("messages"u8);
        if (request.Options.Instructions is { } instructions && !string.IsNullOrWhiteSpace(instructions))
        {
            WriteMessage(new ChatMessage(ChatRole.System, instructions), "system", () => Writer.WriteString("content"u8, instructions));
        }

        foreach (var message in request.Messages)
        {
            if (message.IsAssistant())
            {
                WriteAssistant(message);
            }
            else
            {
                WriteInput(message);
            }
        }

        Writer.WriteEndArray();
    }

    /// <summary>Gets the role of a message that is the system's or the developer's.</summary>
    protected virtual string SystemRole(ChatMessage message) => "system";

    /// <summary>Gets the name of who said a message; <see langword="null"/> for none, or where messages have no names.</summary>
    protected virtual string? AuthorOf(ChatMessage message) => null;

    /// <summary>Tells whether there is anything to send for a content.</summary>
    protected abstract bool IsSent(AIContent content);

    /// <summary>Writes a message of the assistant, unless there is nothing to send of it.</summary>
    protected abstract void WriteAssistant(ChatMessage message);

    /// <summary>Writes the content of a message that is not the assistant's.</summary>
    protected abstract void WriteContent(List<AIContent> contents, string role);

    /// <summary>Writes the content of the result of a tool: text as it is, and a value as JSON.</summary>
    protected abstract void WriteContent(FunctionResultContent result);

    protected void WriteMessage(ChatMessage message, string role, Action writeMembers)
    {
        Writer.WriteStartObject();
        Writer.WriteString("role"u8, role);
        Writer.WriteText("name"u8, AuthorOf(message) is { Length: > 0 } author ? author : null);

        // What the message had beside the members that are made of its contents when it was received.
        Writer.WriteMembers(ContentValues.RawBlock(message.AdditionalProperties, protocol), ownMembers);
        writeMembers();
        Writer.WriteEndObject();
    }

    private void WriteInput(ChatMessage message)
    {
        foreach (var result in message.Contents.OfType<FunctionResultContent>())
        {
            WriteResult(result);
        }

        List<AIContent> contents = [.. message.Contents.Where(content => content is not FunctionResultContent && IsSent(content))];
        if (contents.Count > 0)
        {
            var role = message.IsSystem() ? SystemRole(message) : "user";
            WriteMessage(message, role, () => WriteContent(contents, role));
        }
    }

    private void WriteResult(FunctionResultContent result)
    {
        Writer.WriteStartObject();
        if (result.RawBlock(protocol) is { } raw)
        {
            Writer.WriteMembers(raw, name => name == "tool_call_id" ? result.CallId : null);
        }
        else
        {
            Writer.WriteString("role"u8, "tool"u8);
            Writer.WriteString("tool_call_id"u8, result.CallId);
            WriteContent(result);
        }

        Writer.WriteEndObject();
    }
}
