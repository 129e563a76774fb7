using System.Buffers;
using System.Text.Encodings.Web;

namespace Streamline.Protocols.Bedrock;

/// <summary>
/// The content of a block that is shown only whole: encrypted reasoning, the result of a tool that the provider ran, an image that the model made. Its start and its deltas are put together
/// to the block that a request takes.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="name">The member of the start or of the deltas that has the content.</param>
/// <param name="start">What the start says of the block; <see langword="null"/> when it had none.</param>
internal sealed class BedrockWholeContent(StreamReadOptions options, string name, JsonElement? start)
{
    public const string Reasoning = "reasoningContent";
    public const string ToolResult = "toolResult";
    public const string Image = "image";

    private readonly List<JsonElement> _pieces = [];
    private long _bytes;

    /// <summary>Adds a member of a delta.</summary>
    /// <param name="member">The name of the member.</param>
    /// <param name="value">The value of the member.</param>
    /// <returns><see langword="false"/> when it does not belong to such a block.</returns>
    /// <exception cref="StreamLimitException">The block is too long.</exception>
    public bool TryAdd(string member, PayloadValue value)
    {
        var piece = member == Reasoning ? value.Member("redactedContent"u8) : value;
        if (member != name || piece.Kind != Kind)
        {
            return false;
        }

        _bytes += piece.RawBytes.Length;
        if (_bytes > options.MaxEventBytes)
        {
            throw new StreamLimitException(nameof(StreamReadOptions.MaxEventBytes), options.MaxEventBytes, _bytes);
        }

        _pieces.Add(piece.ToElement());
        return true;
    }

    /// <summary>Makes the block.</summary>
    public JsonElement ToElement() => JsonWriting.ToElement(writer => writer.WriteObject(name, block =>
    {
        foreach (var member in start?.EnumerateObject() ?? default)
        {
            block.WriteMember(member.Name, member.Value);
        }

        WritePieces(block);
    }));

    private JsonValueKind Kind => name switch
    {
        Reasoning => JsonValueKind.String,
        ToolResult => JsonValueKind.Array,
        _ => JsonValueKind.Object,
    };

    private void WritePieces(Utf8JsonWriter writer)
    {
        switch (name)
        {
            case Reasoning:
                writer.WriteString("redactedContent"u8, Join([.. _pieces.Select(piece => piece.GetString()!)]));
                break;
            case ToolResult:
                writer.WriteArray("content"u8, _pieces.SelectMany(piece => piece.EnumerateArray()));
                break;
            default:
                WriteImage(writer);
                break;
        }
    }

    private void WriteImage(Utf8JsonWriter writer)
    {
        string[] data = [.. _pieces.Select(piece => piece.Object("source"u8)?.Text("bytes"u8)).OfType<string>()];
        if (data.Length > 0)
        {
            writer.WriteStartObject("source"u8);
            writer.WriteString("bytes"u8, Join(data));
            writer.WriteEndObject();
        }

        foreach (var member in _pieces.SelectMany(piece => piece.EnumerateObject()).DistinctBy(member => member.Name, StringComparer.Ordinal))
        {
            if (member.Name != "source" || data.Length == 0)
            {
                writer.WriteMember(member.Name, member.Value);
            }
        }
    }

    // Each piece is Base64 of its own, padded to its end, so that their texts cannot be put together.
    private static string Join(string[] pieces)
    {
        if (pieces is [var only])
        {
            return only;
        }

        try
        {
            return Convert.ToBase64String([.. pieces.SelectMany(Convert.FromBase64String)]);
        }
        catch (FormatException)
        {
            return string.Concat(pieces);
        }
    }
}
