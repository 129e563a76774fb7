using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Streamline.Protocols.Shared;

/// <summary>
/// Splits JSON text into rows in one forward pass, strictly by RFC 8259. Nothing is copied or decoded. The text must be valid UTF-8.
/// </summary>
/// <remarks>
/// The tokenizer only says whether the text is valid; <see cref="Payload"/> has <see cref="Utf8JsonReader"/> explain what is wrong with it. Tests hold
/// the two to the same verdict on every text. Positions are passed and returned, not kept in fields: the compiler then holds them in registers. A negative
/// position means that the text is invalid.
/// </remarks>
internal ref struct PayloadTokenizer
{
    private const int Invalid = -1;

    private static readonly SearchValues<byte> EndsPlainText = SearchValues.Create(
        [(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(control => (byte)control)]);

    private readonly ReadOnlySpan<byte> _json;
    private PayloadRow[] _rows;
    private int _count;
    private int _container;
    private int _depth;

    private PayloadTokenizer(ReadOnlySpan<byte> json, PayloadRow[] rows)
    {
        _json = json;
        _rows = rows;
        _container = -1;
    }

    /// <summary>Reads one JSON text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="rows">Where to write the rows; replaced by a larger array where it is too small.</param>
    /// <param name="count">How many rows were written. The first one is the root.</param>
    /// <returns><see langword="false"/> when the text is not valid JSON, or nests deeper than <see cref="ProviderJson.MaxPayloadDepth"/>.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, ref PayloadRow[] rows, out int count)
    {
        var tokenizer = new PayloadTokenizer(json, rows);
        var end = tokenizer.ReadText();
        rows = tokenizer._rows;
        count = tokenizer._count;
        return end == json.Length;
    }

    private int ReadText()
    {
        var position = SkipWhitespace(0);
        do
        {
            position = ReadValue(position);
            while (position >= 0 && _container >= 0)
            {
                // Here a value is complete: the next one follows, or its container ends.
                position = SkipWhitespace(position);
                if ((uint)position >= (uint)_json.Length)
                {
                    return Invalid;
                }

                var isObject = _rows[_container].Kind == JsonValueKind.Object;
                if (_json[position] == (byte)',')
                {
                    position = SkipWhitespace(position + 1);
                    position = isObject ? ReadName(position) : position;
                    break;
                }

                if (_json[position] != (isObject ? (byte)'}' : (byte)']'))
                {
                    return Invalid;
                }

                EndContainer(++position);
            }
        }
        while (position >= 0 && _container >= 0);
        return position < 0 ? position : SkipWhitespace(position);
    }

    /// <summary>Reads a scalar or an empty container; of any other container, up to the first scalar or empty container in it.</summary>
    private int ReadValue(int position)
    {
        while ((uint)position < (uint)_json.Length)
        {
            switch (_json[position])
            {
                case (byte)'"':
                    return ReadString(position, JsonValueKind.String);
                case (byte)'{':
                    position = BeginContainer(position, JsonValueKind.Object);
                    if (position < 0 || TryEndEmpty(ref position, (byte)'}'))
                    {
                        return position;
                    }

                    position = ReadName(position);
                    break;
                case (byte)'[':
                    position = BeginContainer(position, JsonValueKind.Array);
                    if (position < 0 || TryEndEmpty(ref position, (byte)']'))
                    {
                        return position;
                    }

                    break;
                case (byte)'n':
                    return ReadLiteral(position, "null"u8, JsonValueKind.Null);
                case (byte)'t':
                    return ReadLiteral(position, "true"u8, JsonValueKind.True);
                case (byte)'f':
                    return ReadLiteral(position, "false"u8, JsonValueKind.False);
                default:
                    return ReadNumber(position);
            }
        }

        return Invalid;
    }

    /// <summary>Reads the name of a member and its colon, up to the first byte of its value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ReadName(int position)
    {
        if ((uint)position >= (uint)_json.Length || _json[position] != (byte)'"')
        {
            return Invalid;
        }

        position = ReadString(position, JsonValueKind.Undefined);
        if (position < 0)
        {
            return Invalid;
        }

        position = SkipWhitespace(position);
        return (uint)position < (uint)_json.Length && _json[position] == (byte)':' ? SkipWhitespace(position + 1) : Invalid;
    }

    private int ReadString(int position, JsonValueKind kind)
    {
        var start = position + 1;
        var end = FindSpecial(start);
        if ((uint)end >= (uint)_json.Length)
        {
            return Invalid;
        }

        if (_json[end] != (byte)'"')
        {
            return ReadEscapedString(start, end, kind);
        }

        Add(start, end - start, kind, isEscaped: false);
        return end + 1;
    }

    private int ReadEscapedString(int start, int end, JsonValueKind kind)
    {
        while ((uint)end < (uint)_json.Length && _json[end] == (byte)'\\')
        {
            var escape = JsonEscape.Length(_json[end..]);
            end = escape == 0 ? _json.Length : FindSpecial(end + escape);
        }

        if ((uint)end >= (uint)_json.Length || _json[end] != (byte)'"')
        {
            return Invalid;
        }

        Add(start, end - start, kind, isEscaped: true);
        return end + 1;
    }

    /// <summary>Finds the next quote, backslash or control character. Most strings are short, for which the call of a search does not pay.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int FindSpecial(int start)
    {
        var json = _json;
        if (Vector128.IsHardwareAccelerated && start <= json.Length - Vector128<byte>.Count)
        {
            var text = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(json), (nuint)start);
            var special = Vector128.Equals(text, Vector128.Create((byte)'"'))
                | Vector128.Equals(text, Vector128.Create((byte)'\\'))
                | Vector128.LessThan(text, Vector128.Create((byte)0x20));
            if (special != Vector128<byte>.Zero)
            {
                return start + BitOperations.TrailingZeroCount(special.ExtractMostSignificantBits());
            }

            start += Vector128<byte>.Count;
        }

        return FindFarSpecial(start);
    }

    private readonly int FindFarSpecial(int start)
    {
        var next = _json[start..].IndexOfAny(EndsPlainText);
        return next < 0 ? _json.Length : start + next;
    }

    private int ReadLiteral(int position, ReadOnlySpan<byte> literal, JsonValueKind kind)
    {
        if (!_json[position..].StartsWith(literal))
        {
            return Invalid;
        }

        Add(position, literal.Length, kind, isEscaped: false);
        return position + literal.Length;
    }

    private int ReadNumber(int position)
    {
        var length = JsonNumberText.Length(_json[position..]);
        if (length == 0)
        {
            return Invalid;
        }

        Add(position, length, JsonValueKind.Number, isEscaped: false);
        return position + length;
    }

    private int BeginContainer(int position, JsonValueKind kind)
    {
        if (++_depth > ProviderJson.MaxPayloadDepth)
        {
            return Invalid;
        }

        Add(position, 0, kind, isEscaped: false);
        _rows[_count - 1].Rows = _container;
        _container = _count - 1;
        return SkipWhitespace(position + 1);
    }

    private bool TryEndEmpty(ref int position, byte bracket)
    {
        if ((uint)position >= (uint)_json.Length || _json[position] != bracket)
        {
            return false;
        }

        EndContainer(++position);
        return true;
    }

    /// <summary>Ends the innermost container.</summary>
    /// <param name="position">The position after its closing bracket.</param>
    private void EndContainer(int position)
    {
        _depth--;
        var container = _container;
        ref var row = ref _rows[container];
        _container = row.Rows;
        row.Length = position - row.Start;
        row.Rows = _count - container;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int SkipWhitespace(int position)
    {
        var json = _json;
        while ((uint)position < (uint)json.Length && json[position] <= (byte)' ' && json[position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            position++;
        }

        return position;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(int start, int length, JsonValueKind kind, bool isEscaped)
    {
        var rows = _rows;
        var count = _count;
        if ((uint)count >= (uint)rows.Length)
        {
            rows = Grow();
        }

        _count = count + 1;
        ref var row = ref rows[count];
        row.Start = start;
        row.Length = length;
        row.Rows = 1;
        row.Kind = kind;
        row.IsEscaped = isEscaped;
    }

    private PayloadRow[] Grow()
    {
        Array.Resize(ref _rows, _rows.Length * 2);
        return _rows;
    }
}
