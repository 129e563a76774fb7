namespace Streamline.Protocols.GeminiInteractions;

/// <summary>Writes a normalized conversation as the steps of <c>input</c>, in order. What came over this protocol goes back unchanged.</summary>
/// <param name="writer">The writer, inside the body.</param>
internal sealed class InteractionsInputWriter(Utf8JsonWriter writer)
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>Writes the instructions, which have one place, and the steps.</summary>
    /// <exception cref="ArgumentException">A message contains something that the protocol does not support.</exception>
    public void Write(OutgoingRequest request)
    {
        var instructions = request.SystemTexts(InteractionsProtocol.ProtocolName);
        writer.WriteText("system_instruction"u8, instructions.Count > 0 ? string.Join("\n\n", instructions) : null);
        writer.WriteStartArray("input"u8);
        foreach (var (side, contents) in MessageTurns.Group(request.Messages, InteractionsConversation.IsSent, areResultsApart: true))
        {
            // What is said one after the other is one step.
            foreach (var step in MessageTurns.Split(contents, static (last, next) => IsSaid(last) && IsSaid(next)))
            {
                WriteStep(step, side == TurnSide.Assistant ? InteractionsStepTypes.ModelOutput : InteractionsStepTypes.UserInput);
            }
        }

        writer.WriteEndArray();
    }

    // A text with an envelope is a step of its own.
    private static bool IsSaid(AIContent content) =>
        content is not (ToolCallContent or FunctionResultContent or TextReasoningContent)
        && (content.RawBlock(InteractionsProtocol.ProtocolName) is not { } raw || InteractionsContentWriter.IsContent(raw));

    private void WriteStep(List<AIContent> contents, string type)
    {
        var content = contents[0];
        var raw = content.RawBlock(InteractionsProtocol.ProtocolName);
        switch (content)
        {
            case FunctionCallContent call:
                WriteCall(call, raw);
                break;
            case FunctionResultContent result:
                WriteResult(result);
                break;
            case TextReasoningContent thought:
                WriteThought(thought, raw!.Value);
                break;
            case TextContent when raw is { } envelope && !InteractionsContentWriter.IsContent(envelope):
                writer.WriteStartObject();
                writer.WriteMembers(envelope);
                InteractionsContentWriter.WriteAll(writer, "content", [content]);
                writer.WriteEndObject();
                break;
            case not null when raw is { } whole && !InteractionsContentWriter.IsContent(whole):
                writer.WriteVerbatim(whole);
                break;
            default:
                writer.WriteStartObject();
                writer.WriteString("type"u8, type);
                InteractionsContentWriter.WriteAll(writer, "content", contents);
                writer.WriteEndObject();
                break;
        }
    }

    private void WriteCall(FunctionCallContent call, JsonElement? raw)
    {
        _names[call.CallId] = call.Name;
        writer.WriteStartObject();
        if (raw is { } envelope)
        {
            writer.WriteMembers(envelope);
        }
        else
        {
            writer.WriteString("type"u8, InteractionsStepTypes.FunctionCall);
        }

        writer.WriteString("id"u8, call.CallId);
        writer.WriteString("name"u8, call.Name);
        writer.WritePropertyName("arguments"u8);
        ArgumentValues.WriteObject(writer, call);
        writer.WriteEndObject();
    }

    private void WriteResult(FunctionResultContent result)
    {
        writer.WriteStartObject();
        if (result.RawBlock(InteractionsProtocol.ProtocolName) is { } raw)
        {
            writer.WriteMembers(raw, member => member == "call_id" ? result.CallId : null);
            writer.WriteEndObject();
            return;
        }

        writer.WriteString("type"u8, InteractionsStepTypes.FunctionResult);
        writer.WriteString("call_id"u8, result.CallId);
        writer.WriteText("name"u8, _names.GetValueOrDefault(result.CallId));
        writer.WriteFlag("is_error"u8, result.IsError() ? true : null);
        if (result.Contents(InteractionsProtocol.ProtocolName) is { } contents)
        {
            InteractionsContentWriter.WriteAll(writer, "result", contents);
        }
        else
        {
            writer.WriteString("result"u8, result.Text());
        }

        writer.WriteEndObject();
    }

    private void WriteThought(TextReasoningContent thought, JsonElement envelope)
    {
        writer.WriteStartObject();
        writer.WriteMembers(envelope);
        writer.WriteString("signature"u8, thought.ProtectedData);
        if (thought.Text.Length > 0)
        {
            writer.WriteArray("summary", [thought.Text], static (writer, text) => writer.WriteTextBlock("text", text));
        }

        writer.WriteEndObject();
    }
}
