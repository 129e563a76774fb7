namespace Streamline.Protocols.Ollama;

/// <summary>The form of a tool call, which is the same in an answer and in the conversation of a request.</summary>
internal static class OllamaToolCall
{
    private static readonly byte[][] Known = ["id"u8.ToArray(), "function"u8.ToArray(), "type"u8.ToArray()];
    private static readonly byte[][] KnownOfFunction = ["index"u8.ToArray(), "name"u8.ToArray(), "arguments"u8.ToArray()];

    /// <summary>Gets what a call has beyond its id, name and arguments, and must go back with it; <see langword="null"/> when there is nothing.</summary>
    public static RawJson? ProviderData(PayloadValue call)
    {
        var function = call.Object("function"u8);
        if (!call.HasOtherThan(Known) && !function.HasOtherThan(KnownOfFunction))
        {
            return null;
        }

        var builder = new RawJsonBuilder();
        builder.AddMembers(call, Known);
        builder.BeginObject("function"u8);
        builder.AddMembers(function, KnownOfFunction);
        builder.EndObject();
        return builder.Build();
    }

    /// <summary>Writes a call.</summary>
    /// <param name="writer">The writer, at an element of the array.</param>
    /// <param name="callId">The id.</param>
    /// <param name="index">The position among the calls of the answer.</param>
    /// <param name="name">The name of the tool.</param>
    /// <param name="data">What <see cref="ProviderData"/> gave.</param>
    /// <param name="writeArguments">Writes the member <c>arguments</c>, or nothing.</param>
    public static void Write(Utf8JsonWriter writer, string callId, int index, string name, JsonElement? data, Action<Utf8JsonWriter> writeArguments)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, callId);
        WriteMembers(writer, data ?? default, Known);
        writer.WriteStartObject("function"u8);
        writer.WriteNumber("index"u8, index);
        writer.WriteString("name"u8, name);
        WriteMembers(writer, data?.Object("function"u8) ?? default, KnownOfFunction);
        writeArguments(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter writer, JsonElement owner, byte[][] known)
    {
        if (owner.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var member in owner.EnumerateObject().Where(member => !member.IsOneOf(known)))
        {
            writer.WriteMember(member.Name, member.Value);
        }
    }
}
