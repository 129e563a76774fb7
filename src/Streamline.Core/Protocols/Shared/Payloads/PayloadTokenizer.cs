using System.Runtime.CompilerServices;

namespace Streamline.Protocols.Shared;

/// <summary>
/// Splits JSON text into rows in one forward pass, strictly by RFC 8259. Nothing is copied or decoded. The text must be valid UTF-8.
/// </summary>
/// <remarks>
/// The tokenizer only says whether the text is valid; <see cref="Payload"/> has <see cref="Utf8JsonReader"/> explain what is wrong with it. Tests hold
/// the two to the same verdict on every text. All state is in the locals of one loop: the compiler then holds most of it in registers. What reads a part
/// of the text returns the position after it; a negative position means that the text is invalid.
/// </remarks>
internal static class PayloadTokenizer
{
    private const int Invalid = -1;
    private const int RowsOfMember = 2;

    /// <summary>Reads one JSON text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="rows">Where to write the rows; replaced by a larger array where it is too small.</param>
    /// <param name="count">How many rows were written. The first one is the root.</param>
    /// <returns><see langword="false"/> when the text is not valid JSON, or nests deeper than <see cref="ProviderJson.MaxPayloadDepth"/>.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, ref PayloadRow[] rows, out int count)
    {
        var (table, written, depth) = (rows, 0, 0);
        var (container, isObject) = (-1, false);
        count = 0;
        for (var position = SkipWhitespace(json, 0); ;)
        {
            // Here a value begins, or the name of a member.
            if (written > table.Length - RowsOfMember)
            {
                Array.Resize(ref rows, 2 * rows.Length);
                table = rows;
            }

            position = isObject ? ReadName(json, position, ref table[written++]) : position;
            if ((uint)position >= (uint)json.Length)
            {
                return false;
            }

            ref var row = ref table[written++];
            if ((json[position] | 0x20) != '{')
            {
                position = ReadScalar(json, position, ref row);
            }
            else if (depth == ProviderJson.MaxPayloadDepth)
            {
                return false;
            }
            else
            {
                isObject = json[position] == (byte)'{';
                row = new PayloadRow { Start = position, Rows = container, Kind = isObject ? JsonValueKind.Object : JsonValueKind.Array };
                container = written - 1;
                depth++;
                position = SkipWhitespace(json, position + 1);
                if ((uint)position < (uint)json.Length && json[position] != CloserOf(isObject))
                {
                    continue;
                }
            }

            // Here a value is complete: the next one follows, or its container ends.
            while (position >= 0 && container >= 0 && (position = SkipWhitespace(json, position)) < json.Length && json[position] == CloserOf(isObject))
            {
                depth--;
                position++;
                container = End(table, container, position, written);
                isObject = container >= 0 && table[container].Kind == JsonValueKind.Object;
            }

            if (container < 0 || (uint)position >= (uint)json.Length || json[position] != (byte)',')
            {
                count = written;
                return container < 0 && position >= 0 && SkipWhitespace(json, position) == json.Length;
            }

            position = SkipWhitespace(json, position + 1);
        }
    }

    private static byte CloserOf(bool isObject) => isObject ? (byte)'}' : (byte)']';

    /// <summary>Ends the innermost container.</summary>
    /// <returns>The row of the container around it.</returns>
    private static int End(PayloadRow[] rows, int container, int position, int written)
    {
        ref var row = ref rows[container];
        var parent = row.Rows;
        row.Length = position - row.Start;
        row.Rows = written - container;
        return parent;
    }

    /// <summary>Reads the name of a member and its colon, up to the first byte of its value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadName(ReadOnlySpan<byte> json, int position, ref PayloadRow row)
    {
        if ((uint)position >= (uint)json.Length || json[position] != (byte)'"')
        {
            return Invalid;
        }

        position = ReadString(json, position + 1, ref row, JsonValueKind.Undefined);
        position = position < 0 ? position : SkipWhitespace(json, position);
        return (uint)position < (uint)json.Length && json[position] == (byte)':' ? SkipWhitespace(json, position + 1) : Invalid;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadScalar(ReadOnlySpan<byte> json, int position, ref PayloadRow row) => json[position] switch
    {
        (byte)'"' => ReadString(json, position + 1, ref row, JsonValueKind.String),
        (byte)'n' => ReadLiteral(json, position, "null"u8, ref row, JsonValueKind.Null),
        (byte)'t' => ReadLiteral(json, position, "true"u8, ref row, JsonValueKind.True),
        (byte)'f' => ReadLiteral(json, position, "false"u8, ref row, JsonValueKind.False),
        _ => ReadNumber(json, position, ref row),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadString(ReadOnlySpan<byte> json, int start, ref PayloadRow row, JsonValueKind kind)
    {
        var end = JsonStringText.FindSpecial(json, start);
        if ((uint)end >= (uint)json.Length || json[end] != (byte)'"')
        {
            return ReadEscapedString(json, start, end, ref row, kind);
        }

        Set(ref row, start, end, kind, isEscaped: false);
        return end + 1;
    }

    private static int ReadEscapedString(ReadOnlySpan<byte> json, int start, int end, ref PayloadRow row, JsonValueKind kind)
    {
        while ((uint)end < (uint)json.Length && json[end] == (byte)'\\')
        {
            var escape = JsonEscape.Length(json[end..]);
            end = escape == 0 ? json.Length : JsonStringText.FindSpecial(json, end + escape);
        }

        if ((uint)end >= (uint)json.Length || json[end] != (byte)'"')
        {
            return Invalid;
        }

        Set(ref row, start, end, kind, isEscaped: true);
        return end + 1;
    }

    private static int ReadLiteral(ReadOnlySpan<byte> json, int position, ReadOnlySpan<byte> literal, ref PayloadRow row, JsonValueKind kind)
    {
        var end = position + literal.Length;
        Set(ref row, position, end, kind, isEscaped: false);
        return json[position..].StartsWith(literal) ? end : Invalid;
    }

    private static int ReadNumber(ReadOnlySpan<byte> json, int position, ref PayloadRow row)
    {
        var length = JsonNumberText.Length(json[position..]);
        Set(ref row, position, position + length, JsonValueKind.Number, isEscaped: false);
        return length > 0 ? position + length : Invalid;
    }

    // Most texts have none, or a single blank here and there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SkipWhitespace(ReadOnlySpan<byte> json, int position) =>
        (uint)position < (uint)json.Length && json[position] <= (byte)' ' ? SkipBlanks(json, position) : position;

    private static int SkipBlanks(ReadOnlySpan<byte> json, int position)
    {
        while ((uint)position < (uint)json.Length && json[position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            position++;
        }

        return position;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Set(ref PayloadRow row, int start, int end, JsonValueKind kind, bool isEscaped)
    {
        row.Start = start;
        row.Length = end - start;
        row.Rows = 1;
        row.Kind = kind;
        row.IsEscaped = isEscaped;
    }
}
