namespace Streamline.Protocols.Gemini;

/// <summary>Writes the turns of a normalized conversation. The results of a round are a turn of their own.</summary>
/// <param name="writer">The writer, inside the body.</param>
/// <param name="takesUnsignedCalls">Whether the model accepts calls that it did not make, and that have no signature of it.</param>
internal sealed class GeminiMessageWriter(Utf8JsonWriter writer, bool takesUnsignedCalls)
{
    private readonly Dictionary<string, FunctionCallContent> _calls = new(StringComparer.Ordinal);

    /// <summary>Writes what the system says, and the conversation.</summary>
    /// <exception cref="ArgumentException">A message contains something that the protocol does not support.</exception>
    public void Write(OutgoingRequest request)
    {
        var instructions = request.SystemTexts(GeminiProtocol.ProtocolName);
        if (instructions.Count > 0)
        {
            writer.WriteObject("systemInstruction", system => system.WriteArray("parts", instructions, static (writer, text) => GeminiContentWriter.WriteText(writer, text, raw: null)));
        }

        writer.WriteStartArray("contents"u8);
        foreach (var (side, contents) in MessageTurns.Group(request.Messages, GeminiContentWriter.IsSent, areResultsApart: true))
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, side == TurnSide.Assistant ? "model"u8 : "user"u8);
            writer.WriteStartArray("parts"u8);
            WriteParts(contents);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteParts(List<AIContent> contents)
    {
        var mustSign = !takesUnsignedCalls;
        foreach (var content in contents)
        {
            if (content is FunctionResultContent result)
            {
                GeminiContentWriter.WriteResult(writer, result, _calls[result.CallId]);
                continue;
            }

            if (content is FunctionCallContent call)
            {
                _calls[call.CallId] = call;
            }

            GeminiContentWriter.Write(writer, content, ref mustSign);
        }
    }
}
