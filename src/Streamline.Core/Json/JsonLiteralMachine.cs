using System.Text.Json;

namespace Streamline.Json;

/// <summary>The three literal names (RFC 8259, section 3). Of the one that is being read, the position counts the letters that have come.</summary>
/// <param name="first">The first letter.</param>
internal readonly struct JsonLiteralMachine(byte first)
{
    private readonly byte _first = first;

    /// <summary>The whole name.</summary>
    public ReadOnlySpan<byte> Name => _first switch
    {
        (byte)'t' => "true"u8,
        (byte)'f' => "false"u8,
        _ => "null"u8,
    };

    private JsonTokenType Type => _first switch
    {
        (byte)'t' => JsonTokenType.True,
        (byte)'f' => JsonTokenType.False,
        _ => JsonTokenType.Null,
    };

    /// <summary>The length of a literal name at the beginning of some bytes, if it is whole; else 0.</summary>
    public static int WholeLength(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("true"u8) || bytes.StartsWith("null"u8) ? 4 : bytes.StartsWith("false"u8) ? 5 : 0;

    /// <summary>Whether another literal is the same.</summary>
    public bool IsSameAs(JsonLiteralMachine other) => _first == other._first;

    /// <summary>Reads letters.</summary>
    /// <returns>Whether to read on.</returns>
    public bool Read<TSink>(ref JsonReaderPosition at, ReadOnlySpan<byte> bytes, ref int position, ref TSink sink)
        where TSink : struct, IJsonSink, allows ref struct
    {
        var name = Name;
        for (; at.UndecidedBytes < name.Length; position++, at.UndecidedBytes++)
        {
            if (position == bytes.Length)
            {
                return true;
            }

            if (bytes[position] != name[at.UndecidedBytes])
            {
                return at.Fail(bytes[position]);
            }
        }

        at.UndecidedBytes = 0;
        at.EndValue();
        var end = at.BytesConsumed + position;
        return sink.Literal(Type, end - name.Length, end);
    }
}
