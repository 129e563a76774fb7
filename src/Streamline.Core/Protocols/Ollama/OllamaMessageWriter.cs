namespace Streamline.Protocols.Ollama;

/// <summary>Writes the messages of a normalized conversation. A message has one text, and its images, thinking and tool calls beside it.</summary>
/// <param name="writer">The writer, inside the body.</param>
internal sealed class OllamaMessageWriter(Utf8JsonWriter writer)
{
    /// <summary>Gets what conversations Ollama accepts. A request without messages loads the model.</summary>
    public static ConversationRules Rules { get; } = new()
    {
        Protocol = OllamaProtocol.ProtocolName,
        IsSent = OllamaMessage.IsSent,
        Results = ResultPlacement.AfterMessage,
        ResultsInCallOrder = true,
        ResultsAreText = true,
        CarriesInResult = OllamaMessage.IsImage,
        TextsAreBlocks = false,
        RequiresMessage = false,
    };

    /// <summary>Writes the messages.</summary>
    /// <exception cref="ArgumentException">A message contains something that the protocol does not support.</exception>
    public void Write(OutgoingRequest request)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        writer.WriteStartArray("messages"u8);
        if (request.Options.Instructions is { Length: > 0 } instructions)
        {
            WriteMessage("system", new OllamaMessage { Texts = { instructions } });
        }

        foreach (var message in request.Messages)
        {
            foreach (var call in message.Contents.OfType<FunctionCallContent>())
            {
                names[call.CallId] = call.Name;
            }

            foreach (var result in message.Contents.OfType<FunctionResultContent>())
            {
                WriteResult(result, names[result.CallId]);
            }

            WriteMessage(message.IsSystem() ? "system" : message.IsAssistant() ? "assistant" : "user", new OllamaMessage(message));
        }

        writer.WriteEndArray();
    }

    private void WriteMessage(string role, OllamaMessage message)
    {
        if (!message.IsEmpty)
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, role);
            message.WriteMembers(writer);
            writer.WriteEndObject();
        }
    }

    private void WriteResult(FunctionResultContent result, string name)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, "tool"u8);
        writer.WriteString("content"u8, result.Contents(OllamaProtocol.ProtocolName) is { } contents ? string.Concat(contents.OfType<TextContent>()) : result.Text());
        writer.WriteString("tool_name"u8, name);
        writer.WriteString("tool_call_id"u8, result.CallId);
        writer.WriteEndObject();
    }
}
