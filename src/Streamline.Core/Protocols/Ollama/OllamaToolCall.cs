using System.Buffers;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Ollama;

/// <summary>The form of a tool call, which is the same in an answer and in the conversation of a request.</summary>
internal static class OllamaToolCall
{
    /// <summary>Gets what a call has beyond its id, name and arguments, and must go back with it; <see langword="null"/> when there is nothing.</summary>
    public static JsonElement? ProviderData(JsonElement call)
    {
        var function = call.Object("function"u8) ?? default;
        if (!call.EnumerateObject().Any(IsMore) && !function.EnumerateObject().Any(IsMoreOfFunction))
        {
            return null;
        }

        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            WriteMembers(writer, call, IsMore);
            writer.WriteStartObject("function"u8);
            WriteMembers(writer, function, IsMoreOfFunction);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return WireJson.Parse(output.WrittenSpan);
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
        WriteMembers(writer, data ?? default, IsMore);
        writer.WriteStartObject("function"u8);
        writer.WriteNumber("index"u8, index);
        writer.WriteString("name"u8, name);
        WriteMembers(writer, data?.Object("function"u8) ?? default, IsMoreOfFunction);
        writeArguments(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static bool IsMore(JsonProperty member) => member.Name is not ("id" or "function" or "type");

    private static bool IsMoreOfFunction(JsonProperty member) => member.Name is not ("index" or "name" or "arguments");

    private static void WriteMembers(Utf8JsonWriter writer, JsonElement owner, Func<JsonProperty, bool> isWritten)
    {
        if (owner.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var member in owner.EnumerateObject().Where(isWritten))
        {
            writer.WritePropertyName(member.Name);
            ContentValues.WriteVerbatim(writer, member.Value);
        }
    }
}
