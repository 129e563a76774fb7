namespace Streamline.Protocols.OpenAIChat;

/// <summary>What a piece of a tool call has beyond its place, id, name and arguments, such as a signature, and must go back with the call.</summary>
internal static class OpenAIChatCallData
{
    private static readonly PayloadNames Known = new("index id type function custom");
    private static readonly PayloadNames KnownOfFunction = new("name arguments input");

    /// <summary>Reads it from an element of <c>tool_calls</c>; <see langword="null"/> when there is nothing. Of a free-form tool, the type belongs to it.</summary>
    public static JsonElement? Of(PayloadValue piece)
    {
        var custom = piece.Object("custom"u8);
        var function = custom.Exists ? custom : piece.Object("function"u8);
        var hasMoreOfFunction = function.HasOtherThan(KnownOfFunction);
        if (!custom.Exists && !hasMoreOfFunction && !piece.HasOtherThan(Known))
        {
            return null;
        }

        var builder = new RawJsonBuilder();
        if (custom.Exists)
        {
            builder.Add("type"u8, "\"custom\""u8);
        }

        builder.AddMembers(piece, Known, keepsNull: false);
        if (hasMoreOfFunction)
        {
            builder.BeginObject("function"u8);
            builder.AddMembers(function, KnownOfFunction, keepsNull: false);
            builder.EndObject();
        }

        return builder.Build().Element;
    }

    /// <summary>Writes a call or a piece of one.</summary>
    /// <param name="writer">The writer, within the object of the call.</param>
    /// <param name="data">What <see cref="Of"/> gave.</param>
    /// <param name="isCustom">Whether the tool is a free-form one.</param>
    /// <param name="writeFunction">Writes the name and the arguments.</param>
    public static void Write(Utf8JsonWriter writer, JsonElement? data, bool isCustom, Action<Utf8JsonWriter> writeFunction)
    {
        writer.WriteStartObject(isCustom ? "custom"u8 : "function"u8);
        writeFunction(writer);
        writer.WriteOthers(data?.Object("function"u8), KnownOfFunction);
        writer.WriteEndObject();
        writer.WriteOthers(data, Known);
    }
}
