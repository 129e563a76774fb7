using System.Buffers;
using Streamline.Json;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>What a piece of a tool call has beyond its place, id, name and arguments, such as a signature, and must go back with the call.</summary>
internal static class OpenAIChatCallData
{
    private const string Custom = "custom";

    /// <summary>Reads it from an element of <c>tool_calls</c>; <see langword="null"/> when there is nothing. Of a free-form tool, the type belongs to it.</summary>
    public static JsonElement? Of(PayloadValue piece)
    {
        var custom = piece.Object("custom"u8);
        var isCustom = custom.Exists;
        var function = isCustom ? custom : piece.Object("function"u8);
        if (!isCustom && !HasMore(piece, isFunction: false) && !HasMore(function, isFunction: true))
        {
            return null;
        }

        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            if (isCustom)
            {
                writer.WriteString("type"u8, Custom);
            }

            WriteMembers(writer, piece, isFunction: false);
            if (HasMore(function, isFunction: true))
            {
                writer.WriteStartObject("function"u8);
                WriteMembers(writer, function, isFunction: true);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return ProviderJson.Parse(output.WrittenSpan);
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
        WriteMembers(writer, data?.Object("function"u8), IsMoreOfFunction);
        writer.WriteEndObject();
        WriteMembers(writer, data, IsMore);
    }

    private static bool IsMore(JsonProperty member) =>
        member.Name is not ("index" or "id" or "type" or "function" or Custom) && member.Value.ValueKind != JsonValueKind.Null;

    private static bool IsMoreOfFunction(JsonProperty member) =>
        member.Name is not ("name" or "arguments" or "input") && member.Value.ValueKind != JsonValueKind.Null;

    private static bool HasMore(PayloadValue owner, bool isFunction)
    {
        foreach (var member in owner.Members)
        {
            if (IsMore(member, isFunction))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsMore(in PayloadMember member, bool isFunction) => !member.Value.IsMissing && !(isFunction
        ? member.NameEquals("name"u8) || member.NameEquals("arguments"u8) || member.NameEquals("input"u8)
        : member.NameEquals("index"u8) || member.NameEquals("id"u8) || member.NameEquals("type"u8) || member.NameEquals("function"u8) || member.NameEquals("custom"u8));

    private static void WriteMembers(Utf8JsonWriter writer, PayloadValue owner, bool isFunction)
    {
        foreach (var member in owner.Members)
        {
            if (IsMore(member, isFunction))
            {
                writer.WritePropertyName(member.Utf8Name);
                writer.WriteRawValue(JsonSurrogates.Replace(member.Value.RawBytes), skipInputValidation: true);
            }
        }
    }

    private static void WriteMembers(Utf8JsonWriter writer, JsonElement? owner, Func<JsonProperty, bool> isWritten)
    {
        if (owner is not { ValueKind: JsonValueKind.Object } value)
        {
            return;
        }

        foreach (var member in value.EnumerateObject().Where(isWritten))
        {
            writer.WriteMember(member.Name, member.Value);
        }
    }
}
