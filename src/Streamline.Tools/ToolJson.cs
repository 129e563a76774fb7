using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Extensions.AI;
using Streamline.Json;
using Streamline.Protocols;

namespace Streamline.Tools;

/// <summary>Writes what tools give as JSON of a bounded size, without reflection of its own.</summary>
internal static class ToolJson
{
    // The JSON goes into request bodies, never into HTML, so that nothing needs to be escaped beyond what JSON asks for.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    // A result goes into requests and events, which take as much of a payload.
    private static readonly JsonDocumentOptions ReadOptions = new() { MaxDepth = StreamReadOptions.MaxPayloadDepth };

    private static readonly JsonElement Null = FromBytes("null"u8);

    public static JsonElement FromString(string text) => Write(int.MaxValue, text, static (writer, value) => writer.WriteStringValue(value));

    /// <summary>Shortens a text so that its JSON is not larger than a number of bytes, with an ellipsis at its end.</summary>
    public static string Cut(string text, int maxBytes)
    {
        const int EscapeBytes = 12; // of a code point outside of the basic plane
        var left = maxBytes - "\"…\""u8.Length;
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            left -= WriterOptions.Encoder!.WillEncode(rune.Value) ? EscapeBytes : rune.Utf8SequenceLength;
            if (left < 0)
            {
                return text[..length] + "…";
            }

            length += rune.Utf16SequenceLength;
        }

        return text;
    }

    /// <summary>Writes the value that a function returned.</summary>
    /// <exception cref="StreamLimitException">The JSON is larger than <paramref name="maxBytes"/>.</exception>
    /// <exception cref="NotSupportedException">The function's serializer options cannot write the type of the value.</exception>
    public static ToolOutcome ToOutcome(object? value, AIFunction function, int maxBytes)
    {
        switch (value)
        {
            case null:
            case JsonElement { ValueKind: JsonValueKind.Undefined }:
                return new ToolOutcome(Null);
            case JsonElement element:
                return FromElement(Own(element, maxBytes));
            case string text:
                return new ToolOutcome(Write(maxBytes, text, static (writer, value) => writer.WriteStringValue(value)));
            case ErrorContent error:
                return ToolErrors.Reported(error.Message ?? "");
            case AIContent content:
                return ToContents([content], maxBytes);
            case IEnumerable<AIContent> contents:
                return ToContents(contents, maxBytes);
            default:
                var typeInfo = function.JsonSerializerOptions.GetTypeInfo(value.GetType());
                return FromElement(Write(maxBytes, value, (writer, value) => JsonSerializer.Serialize(writer, value, typeInfo)));
        }
    }

    /// <summary>Makes an array of elements.</summary>
    public static JsonElement ToArray(IReadOnlyList<JsonElement> elements) => Write(int.MaxValue, elements, static (writer, elements) =>
    {
        writer.WriteStartArray();
        foreach (var element in elements)
        {
            element.WriteTo(writer);
        }

        writer.WriteEndArray();
    });

    /// <summary>Makes an object of the arguments of a call.</summary>
    public static JsonElement ToObject(IDictionary<string, object?>? members)
    {
        var typeInfo = AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IDictionary<string, object?>));
        return Write(int.MaxValue, members ?? new Dictionary<string, object?>(), (writer, members) => JsonSerializer.Serialize(writer, members, typeInfo));
    }

    /// <summary>A copy of an element that does not depend on the life of its document, and every string of which can be read: invalid UTF-8 and half surrogate pairs become U+FFFD.</summary>
    /// <exception cref="StreamLimitException">The JSON is larger than <paramref name="maxBytes"/>.</exception>
    /// <exception cref="JsonException">The JSON needs replacements and nests deeper than <see cref="StreamReadOptions.MaxPayloadDepth"/>.</exception>
    public static JsonElement Own(JsonElement element, int maxBytes)
    {
        var bytes = JsonMarshal.GetRawUtf8Value(element).Length;
        return bytes > maxBytes ? throw new StreamLimitException(nameof(ToolLoopOptions.MaxResultBytes), maxBytes, bytes)
            : IsText(element) ? element.Clone()
            : FromBytes(JsonMarshal.GetRawUtf8Value(element));
    }

    /// <summary>Whether every string of an element can be read: parsers accept half surrogate pairs and invalid UTF-8, and readers of the string throw.</summary>
    public static bool IsText(JsonElement element) => IsText(JsonMarshal.GetRawUtf8Value(element));

    private static bool IsText(ReadOnlySpan<byte> utf8Json) => Utf8.IsValid(utf8Json) && (utf8Json.IndexOf("\\u"u8) < 0 || JsonSurrogates.AreWhole(utf8Json));

    private static ToolOutcome ToContents(IEnumerable<AIContent> contents, int maxBytes)
    {
        List<AIContent> kept = [];
        var typeInfo = AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(AIContent));
        var json = Write(maxBytes, contents, (writer, contents) =>
        {
            writer.WriteStartArray();
            foreach (var content in contents)
            {
                JsonSerializer.Serialize(writer, content, typeInfo);
                kept.Add(content);
            }

            writer.WriteEndArray();
        });
        return kept.OfType<ErrorContent>().Any()
            ? ToolErrors.Reported(string.Join('\n', kept.Select(TextOf).OfType<string>()))
            : new ToolOutcome(json) { Contents = kept };
    }

    private static string? TextOf(AIContent content) => content switch
    {
        ErrorContent error => error.Message,
        TextContent text => text.Text,
        _ => null,
    };

    /// <summary>A result of a server of the Model Context Protocol comes in an envelope, which the model need not see.</summary>
    private static ToolOutcome FromElement(JsonElement element) => McpResult.TryRead(element, out var outcome) ? outcome : new ToolOutcome(element);

    private static JsonElement Write<T>(int maxBytes, T value, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new BoundedBufferWriter(maxBytes);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            write(writer, value);
        }

        return FromBytes(buffer.WrittenSpan);
    }

    // Every result and report passes here or through Own.
    private static JsonElement FromBytes(ReadOnlySpan<byte> utf8Json) => JsonElement.Parse(IsText(utf8Json) ? utf8Json : Repair(utf8Json), ReadOptions);

    private static ReadOnlySpan<byte> Repair(ReadOnlySpan<byte> utf8Json) =>
        JsonSurrogates.Replace(Utf8.IsValid(utf8Json) ? utf8Json : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(utf8Json)));
}
