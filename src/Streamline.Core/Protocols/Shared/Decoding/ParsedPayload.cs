using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Streamline.Protocols.Shared;

/// <summary>
/// A payload together with its parsed form. In the latter, halves of surrogate pairs are replaced; where that would be a repair,
/// the text is read from the bytes.
/// </summary>
internal readonly ref struct ParsedPayload
{
    private readonly ReadOnlySpan<byte> _root;
    private readonly int _rootStart;

    /// <summary>Parses a payload.</summary>
    /// <param name="data">The payload; what in it is not UTF-8 becomes U+FFFD.</param>
    /// <param name="what">What the payload is, for the message of a fault.</param>
    /// <param name="byteOffset">Its offset in the stream.</param>
    /// <exception cref="StreamProtocolException">The payload is not JSON.</exception>
    /// <exception cref="StreamLimitException">The payload nests deeper than <see cref="WireJson.MaxPayloadDepth"/>.</exception>
    public ParsedPayload(ReadOnlySpan<byte> data, string what, long byteOffset)
    {
        Bytes = JsonPayload.ToUtf8(data);
        Root = JsonPayload.ParseUtf8(Bytes, what, byteOffset);
        _root = JsonMarshal.GetRawUtf8Value(Root);
        _rootStart = Bytes.IndexOfAnyExcept(" \t\r\n"u8);
    }

    public ReadOnlySpan<byte> Bytes { get; }

    public JsonElement Root { get; }

    /// <summary>Finds a string in the bytes.</summary>
    /// <param name="text">A string of the payload; anything else gives no slice.</param>
    public JsonSlice Find(JsonElement? text)
    {
        if (text is not { ValueKind: JsonValueKind.String } value)
        {
            return default;
        }

        var raw = RawOf(value);
        return new JsonSlice(raw.Start + 1, raw.Length - 2, raw.In(Bytes).Contains((byte)'\\'));
    }

    /// <summary>Finds a whole number without a sign in the bytes.</summary>
    /// <param name="number">A number of the payload; anything else gives no slice.</param>
    public JsonSlice FindInteger(JsonElement? number)
    {
        if (number is not { ValueKind: JsonValueKind.Number } value)
        {
            return default;
        }

        var raw = RawOf(value);
        return raw.In(Bytes).ContainsAnyExceptInRange((byte)'0', (byte)'9') ? default : raw;
    }

    /// <summary>Gets the JSON text of a value as it was received.</summary>
    /// <param name="value">A value of the payload.</param>
    public string RawText(JsonElement value) => Encoding.UTF8.GetString(RawOf(value).In(Bytes));

    // Parsing replaces bytes only by as many others, so that the parsed copy and the payload have the same offsets.
    private JsonSlice RawOf(JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        _root.Overlaps(raw, out var offset);
        return new JsonSlice(_rootStart + offset, raw.Length, IsEscaped: false);
    }
}
