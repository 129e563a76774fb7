namespace Streamline.Protocols.Ollama;

/// <summary>The form of a tool call, which is the same in an answer and in the conversation of a request.</summary>
internal static class OllamaToolCall
{
    private static readonly PayloadNames Known = new("id function type");
    private static readonly PayloadNames KnownOfFunction = new("index name arguments");

    /// <summary>Gets what a call has beyond its id, name and arguments, and must go back with it; <see langword="null"/> when there is nothing.</summary>
    public static RawJson? ProviderData(PayloadValue call)
    {
        var function = call.Object("function"u8);
        if (!call.HasOtherThan(Known) && !function.HasOtherThan(KnownOfFunction))
        {
            return null;
        }

        var builder = new RawJsonBuilder();
        builder.AddMembers(call, Known, keepsNull: false);
        builder.BeginObject("function"u8);
        builder.AddMembers(function, KnownOfFunction, keepsNull: false);
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
        writer.WriteOthers(data, Known);
        writer.WriteStartObject("function"u8);
        writer.WriteNumber("index"u8, index);
        writer.WriteString("name"u8, name);
        writer.WriteOthers(data?.Object("function"u8), KnownOfFunction);
        writeArguments(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
