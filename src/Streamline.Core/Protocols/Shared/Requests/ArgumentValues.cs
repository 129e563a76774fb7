namespace Streamline.Protocols.Shared;

/// <summary>Gives the arguments of tool calls to protocols that carry them as text, and to those that carry them as JSON values.</summary>
internal static class ArgumentValues
{
    /// <summary>Gets the text of the arguments of a call of the conversation: what the model wrote, whether or not it parses.</summary>
    /// <exception cref="ArgumentException">An argument has no JSON form.</exception>
    public static string Text(FunctionCallContent call) => call.ArgumentsText() switch
    {
        { Length: > 0 } text when !FreeFormInput.IsArgumentOf(call, text) => text,
        _ when call.Arguments is { Count: > 0 } arguments => ContentValues.ToJson(arguments),
        _ => "{}", // not every server takes an empty text
    };

    /// <summary>Gets the arguments of a call of the conversation as the text of an object: many servers refuse a conversation for good that has another text. What the model wrote otherwise is shown to it as the one member of an object.</summary>
    /// <exception cref="ArgumentException">An argument has no JSON form.</exception>
    public static string ObjectText(FunctionCallContent call)
    {
        var text = Text(call);
        return ToolArguments.AreReadable(text) ? text : JsonWriting.ToText(writer => WriteObject(writer, call));
    }

    /// <summary>Writes the arguments of a call of the conversation, which must be an object. Text that is none is shown to the model as the one member of it.</summary>
    /// <exception cref="ArgumentException">An argument has no JSON form.</exception>
    public static void WriteObject(Utf8JsonWriter writer, ToolCallContent call)
    {
        if (call is FunctionCallContent { Arguments: { } arguments })
        {
            ContentValues.WriteValue(writer, arguments);
            return;
        }

        var text = call.ArgumentsText() ?? "";
        var isObject = text.Length > 0
            && ToolArguments.Read(Encoding.UTF8.GetBytes(text), StreamReadOptions.HighestArgumentDepth, out var parsed) is null
            && Write(writer, parsed!.Value);
        if (!isObject)
        {
            writer.WriteStartObject();
            if (text.Length > 0 || call is FunctionCallContent { Exception: not null })
            {
                writer.WriteString("INVALID_JSON"u8, text);
            }

            writer.WriteEndObject();
        }
    }

    /// <summary>Writes the text of arguments as it is when it is JSON, and as a string when it is not, so that a decoder gives the text again. An empty text writes nothing.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="name">The name of the member.</param>
    /// <param name="text">The text.</param>
    public static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        if (JsonPayload.TryParse(Encoding.UTF8.GetBytes(text)) is { ValueKind: not JsonValueKind.String })
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(text, skipInputValidation: true);
        }
        else
        {
            writer.WriteString(name, text);
        }
    }

    private static bool Write(Utf8JsonWriter writer, JsonElement value)
    {
        writer.WriteVerbatim(value);
        return true;
    }
}
