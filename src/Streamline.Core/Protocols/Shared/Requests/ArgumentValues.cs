using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Protocols.Shared;

/// <summary>Gives the arguments of tool calls to wires that carry them as text, and to those that carry them as JSON values.</summary>
internal static class ArgumentValues
{
    /// <summary>Gets the arguments of a call of the conversation for a wire that carries them as text: what the model wrote, whether or not it parses.</summary>
    /// <exception cref="ArgumentException">An argument has no JSON form.</exception>
    public static string Text(FunctionCallContent call) => call.ArgumentsText() switch
    {
        { Length: > 0 } text when !FreeFormInput.IsArgumentOf(call, text) => text,
        _ when call.Arguments is { Count: > 0 } arguments => ContentValues.ToJson(arguments),
        _ => "{}", // not every server takes an empty text
    };

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

    /// <summary>Writes the text of arguments as it is when it is JSON, and as a string when it is not, so that a decoder gives the text again.</summary>
    /// <param name="writer">The writer, after the name of a member.</param>
    /// <param name="text">The text.</param>
    /// <param name="isLine">Whether a line end would end the frame. Within JSON it can only be a blank.</param>
    public static void WriteText(Utf8JsonWriter writer, string text, bool isLine)
    {
        if (JsonPayload.TryParse(Encoding.UTF8.GetBytes(text)) is { ValueKind: not JsonValueKind.String })
        {
            writer.WriteRawValue(isLine ? text.Replace('\n', ' ') : text, skipInputValidation: true);
        }
        else
        {
            writer.WriteStringValue(text);
        }
    }

    private static bool Write(Utf8JsonWriter writer, JsonElement value)
    {
        ContentValues.WriteVerbatim(writer, value);
        return true;
    }
}
