using System.Runtime.InteropServices;
using System.Text.Json;

namespace Streamline.Protocols;

/// <summary>A payload together with its parsed form: strings are read from the bytes, where half a surrogate pair can still be told.</summary>
internal readonly ref struct OpenAIChatPayload
{
    private readonly ReadOnlySpan<byte> _root;
    private readonly int _rootStart;

    /// <summary>Parses a payload.</summary>
    /// <param name="bytes">The payload, which must be UTF-8.</param>
    /// <param name="byteOffset">Its offset in the stream.</param>
    /// <exception cref="StreamProtocolException">The payload is not JSON.</exception>
    public OpenAIChatPayload(ReadOnlySpan<byte> bytes, long byteOffset)
    {
        Bytes = bytes;
        Root = JsonPayload.Parse(bytes, "a chunk", byteOffset);
        _root = JsonMarshal.GetRawUtf8Value(Root);
        _rootStart = bytes.IndexOfAnyExcept(" \t\r\n"u8);
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

        // Parsing replaces bytes only by as many others, so that the parsed copy and the payload have the same offsets.
        var raw = JsonMarshal.GetRawUtf8Value(value);
        _root.Overlaps(raw, out var offset);
        var body = Bytes.Slice(_rootStart + offset + 1, raw.Length - 2);
        return new JsonSlice(_rootStart + offset + 1, body.Length, body.Contains((byte)'\\'));
    }
}
