namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Writes a normalized conversation as the items of <c>input</c>, in order. What came over this protocol goes back unchanged.</summary>
/// <param name="writer">The writer, inside the body.</param>
/// <param name="isStored">Whether the provider keeps items. Where it does not, it refuses the id of an item that it does not find, and needs none.</param>
internal sealed class OpenAIResponsesInputWriter(Utf8JsonWriter writer, bool isStored)
{
    private readonly HashSet<string> _customCalls = new(StringComparer.Ordinal);
    private readonly HashSet<string> _itemIds = new(StringComparer.Ordinal);
    private bool _hasReasoning; // in the turn of the assistant, with its id

    /// <summary>Writes the items.</summary>
    /// <exception cref="ArgumentException">A message contains something that the protocol does not support.</exception>
    public void Write(IReadOnlyList<ChatMessage> messages)
    {
        writer.WriteStartArray("input"u8);
        foreach (var message in messages)
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

        writer.WriteEndArray();
    }

    // Outputs of tools and items that the application made come before what the user says in the same message.
    private void WriteInput(ChatMessage message)
    {
        _hasReasoning = false;
        List<AIContent> parts = [];
        foreach (var content in message.Contents)
        {
            var raw = content.RawBlock(OpenAIResponsesProtocol.ProtocolName);
            if (content is FunctionResultContent result)
            {
                WriteResult(result);
            }
            else if (raw is { } item && !OpenAIResponsesContent.IsInputPart(item))
            {
                writer.WriteVerbatim(item);
            }
            else if (OpenAIResponsesConversation.IsSent(content))
            {
                parts.Add(content);
            }
        }

        if (parts.Count == 0)
        {
            return;
        }

        var role = message.IsSystem() ? message.Role : ChatRole.User;
        writer.WriteStartObject();
        writer.WriteString("type"u8, "message"u8);
        writer.WriteString("role"u8, role.Value);
        OpenAIResponsesContent.WriteParts(writer, "content", parts, role);
        writer.WriteEndObject();
    }

    private void WriteResult(FunctionResultContent result)
    {
        if (result.RawBlock(OpenAIResponsesProtocol.ProtocolName) is { } raw)
        {
            writer.WriteStartObject();
            writer.WriteMembers(raw, member => member == "call_id" ? result.CallId : null, isStored && OpenAIResponsesItemTypes.HasValidId(raw) ? [] : ["id"]);
            writer.WriteEndObject();
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type"u8, _customCalls.Contains(result.CallId) ? "custom_tool_call_output"u8 : "function_call_output"u8);
        writer.WriteString("call_id"u8, result.CallId);
        if (result.Contents(OpenAIResponsesProtocol.ProtocolName) is not { } parts)
        {
            writer.WriteString("output"u8, result.Text());
        }
        else
        {
            OpenAIResponsesContent.WriteParts(writer, "output", parts, ChatRole.Tool);
        }

        writer.WriteEndObject();
    }

    private void WriteAssistant(ChatMessage message)
    {
        // Parts of one item follow each other and name the same one.
        var items = MessageTurns.Split(message.Contents, static (last, next) => PartsItemId(next) is { } id && PartsItemId(last) == id);
        foreach (var item in items.Where(item => item.Exists(OpenAIResponsesConversation.IsSent)))
        {
            WriteItem(item);
        }
    }

    private static string? PartsItemId(AIContent content) =>
        content.RawBlock(OpenAIResponsesProtocol.ProtocolName) is { } raw && OpenAIResponsesContent.IsOfParts(raw) ? raw.NonEmptyText("id"u8) : null;

    private void WriteItem(List<AIContent> parts)
    {
        var raw = parts[^1].RawBlock(OpenAIResponsesProtocol.ProtocolName);
        switch (parts[0])
        {
            case FunctionCallContent call:
                WriteCall(call, raw);
                break;
            case var _ when raw is { } item && item.Text("type"u8) == OpenAIResponsesItemTypes.Reasoning:
                // Encrypted reasoning is whole without its id.
                _hasReasoning = OpenAIResponsesItemTypes.HasValidId(item) || parts[^1] is not TextReasoningContent { ProtectedData.Length: > 0 };
                OpenAIResponsesContent.WriteItem(writer, item, parts, keepsId: _hasReasoning);
                break;
            case var _ when raw is { } item && OpenAIResponsesContent.IsOfParts(item):
                OpenAIResponsesContent.WriteItem(writer, item, parts, KeepsId(item));
                break;
            case var _ when raw is { } item && (OpenAIResponsesItemTypes.RequiresId(item.Text("type"u8)) || KeepsId(item)):
                writer.WriteVerbatim(item);
                break;
            case var _ when raw is { } item:
                writer.WriteStartObject();
                writer.WriteMembers(item, "id");
                writer.WriteEndObject();
                break;
            default:
                OpenAIResponsesContent.WriteAnswer(writer, parts[0]);
                break;
        }
    }

    // By its id the provider finds what it has kept of an item, and asks for the reasoning that led to it. Without its reasoning an item goes back as if it were new.
    private bool KeepsId(JsonElement item) =>
        isStored && (_hasReasoning || item.Text("type"u8) == OpenAIResponsesItemTypes.Compaction) && OpenAIResponsesItemTypes.HasValidId(item);

    private void WriteCall(FunctionCallContent call, JsonElement? raw)
    {
        var isCustom = raw?.Text("type"u8) == OpenAIResponsesItemTypes.CustomToolCall;
        writer.WriteStartObject();
        if (raw is { } envelope)
        {
            // The id of an item names one alone, so that neither a call with another call id nor a second one can keep it.
            var isOwn = KeepsId(envelope) && envelope.Text("call_id"u8) == call.CallId && envelope.NonEmptyText("id"u8) is { } id && _itemIds.Add(id);
            writer.WriteMembers(envelope, member => member switch { "call_id" => call.CallId, "name" => call.Name, _ => null }, isOwn ? [] : ["id"]);
        }
        else
        {
            writer.WriteString("type"u8, OpenAIResponsesItemTypes.FunctionCall);
            writer.WriteString("call_id"u8, call.CallId);
            writer.WriteString("name"u8, call.Name);
        }

        // The text that the model wrote, whether or not it parses.
        writer.WriteString(isCustom ? "input"u8 : "arguments"u8, isCustom ? FreeFormInput.Of(call) : ArgumentValues.ObjectText(call));
        if (raw?.Text("status"u8) is null)
        {
            writer.WriteString("status"u8, "completed"u8); // one that the pipeline ran is informational to a chat client only
        }

        writer.WriteEndObject();
        if (isCustom)
        {
            _customCalls.Add(call.CallId);
        }
    }
}
