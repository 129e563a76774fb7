using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Bedrock;

/// <summary>Puts the start and the deltas of a block together to the block that a request takes.</summary>
internal static class BedrockWholeBlockWriter
{
    /// <summary>Writes the block.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="kind">What the block holds.</param>
    /// <param name="start">What its start says of it.</param>
    /// <param name="pieces">What its deltas brought.</param>
    public static void Write(Utf8JsonWriter writer, ContentKind kind, JsonProperty? start, List<JsonElement> pieces)
    {
        writer.WriteStartObject();
        writer.WriteStartObject(start?.Name ?? "reasoningContent");
        foreach (var member in start?.Value.EnumerateObject() ?? default)
        {
            Write(writer, member.Name, member.Value);
        }

        switch (kind)
        {
            case ContentKind.ServerToolResult:
                WriteContent(writer, pieces);
                break;
            case ContentKind.RedactedReasoning:
                writer.WriteString("redactedContent"u8, Join(pieces.Select(piece => piece.ValueKind == JsonValueKind.String ? piece.GetString()! : "")));
                break;
            default:
                WriteImage(writer, pieces);
                break;
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter writer, List<JsonElement> pieces)
    {
        writer.WriteStartArray("content"u8);
        foreach (var item in pieces.SelectMany(piece => piece.EnumerateArray()))
        {
            ContentValues.WriteVerbatim(writer, item);
        }

        writer.WriteEndArray();
    }

    private static void WriteImage(Utf8JsonWriter writer, List<JsonElement> pieces)
    {
        List<string> data = [.. pieces.Select(piece => piece.Object("source"u8)?.Text("bytes"u8)).OfType<string>()];
        if (data.Count > 0)
        {
            writer.WriteStartObject("source"u8);
            writer.WriteString("bytes"u8, Join(data));
            writer.WriteEndObject();
        }

        foreach (var member in pieces.SelectMany(piece => piece.EnumerateObject()).DistinctBy(member => member.Name, StringComparer.Ordinal))
        {
            if (member.Name != "source" || data.Count == 0)
            {
                Write(writer, member.Name, member.Value);
            }
        }
    }

    // Each piece is Base64 of its own, padded to its end, so that their texts cannot be put together.
    private static string Join(IEnumerable<string> pieces)
    {
        List<string> texts = [.. pieces];
        if (texts.Count == 1)
        {
            return texts[0];
        }

        try
        {
            return Convert.ToBase64String([.. texts.SelectMany(Convert.FromBase64String)]);
        }
        catch (FormatException)
        {
            return string.Concat(texts);
        }
    }

    private static void Write(Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        ContentValues.WriteVerbatim(writer, value);
    }
}
