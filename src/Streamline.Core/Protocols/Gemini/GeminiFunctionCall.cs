namespace Streamline.Protocols.Gemini;

/// <summary>The form of a part with a function call, which is the same in an answer and in the conversation of a request.</summary>
internal static class GeminiFunctionCall
{
    /// <summary>Writes a part.</summary>
    /// <param name="writer">The writer, at an element of the parts.</param>
    /// <param name="name">The name of the function.</param>
    /// <param name="data">The part as received, without arguments; <see langword="null"/> when the call came from another protocol.</param>
    /// <param name="callId">The id. It is written in place of the id that came; where none came, only for a call from another protocol. <see langword="null"/> for none.</param>
    /// <param name="writeArguments">Writes the member <c>args</c>, or nothing.</param>
    public static void Write(Utf8JsonWriter writer, string name, JsonElement? data, string? callId, Action<Utf8JsonWriter> writeArguments)
    {
        writer.WriteStartObject();
        writer.WriteMembers(data, "functionCall");
        writer.WriteStartObject("functionCall"u8);
        if (data is { } own)
        {
            WriteOwn(writer, own.Object("functionCall"u8) ?? default, name, callId);
        }
        else
        {
            writer.WriteString("name"u8, name);
            if (callId is not null)
            {
                writer.WriteString("id"u8, callId);
            }
        }

        writeArguments(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    // Two calls may have come with one id, of which the second was then given another one; a name that no provider accepts is changed too.
    private static void WriteOwn(Utf8JsonWriter writer, JsonElement call, string name, string? callId)
    {
        if (call.ValueKind == JsonValueKind.Object)
        {
            writer.WriteMembers(call, member => member switch { "name" => name, "id" => callId, _ => null }, callId is null ? ["id"] : []);
        }
    }
}
