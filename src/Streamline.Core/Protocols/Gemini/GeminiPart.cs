using System.Buffers;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Gemini;

/// <summary>The form of a part: one member with its data, and members beside it, such as a signature, that must stay with it.</summary>
internal static class GeminiPart
{
    /// <summary>Whether the part is a thought, and no part of the answer.</summary>
    public static bool IsThought(JsonElement part) => part.Member("thought"u8)?.ValueKind == JsonValueKind.True;

    /// <summary>Whether a part of text carries more than text, so that it must not be merged with the parts around it.</summary>
    public static bool HasMore(JsonElement part) => part.EnumerateObject().Any(member => member.Name is not ("text" or "thought") && member.Value.ValueKind != JsonValueKind.Null);

    /// <summary>Copies a part without its text.</summary>
    public static JsonElement WithoutText(JsonElement part) => Copy(writer => WriteExcept(writer, part, "text"));

    /// <summary>Copies a part with a call, without the arguments and what tells how they are streamed.</summary>
    public static JsonElement WithoutArguments(JsonElement part) => Copy(writer =>
    {
        WriteExcept(writer, part, "functionCall");
        writer.WriteStartObject("functionCall"u8);
        WriteExcept(writer, part.Object("functionCall"u8) ?? default, "args", "partialArgs", "willContinue");
        writer.WriteEndObject();
    });

    /// <summary>Writes the members of an object but for some.</summary>
    public static void WriteExcept(Utf8JsonWriter writer, JsonElement owner, params ReadOnlySpan<string> names)
    {
        if (owner.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var member in owner.EnumerateObject())
        {
            if (!names.Contains(member.Name))
            {
                writer.WritePropertyName(member.Name);
                ContentValues.WriteVerbatim(writer, member.Value);
            }
        }
    }

    private static JsonElement Copy(Action<Utf8JsonWriter> writeMembers)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteEndObject();
        }

        return WireJson.Parse(output.WrittenSpan);
    }
}
