using System.Buffers;
using System.Text.Json;

namespace Streamline.Protocols.Shared;

/// <summary>
/// Splits JSON text into rows in one forward pass, strictly by RFC 8259. Nothing is copied or decoded. The text must be valid UTF-8.
/// </summary>
/// <remarks>
/// The tokenizer only says whether the text is valid; <see cref="Payload"/> has <see cref="Utf8JsonReader"/> explain what is wrong with it. Tests hold
/// the two to the same verdict on every text.
/// </remarks>
internal ref struct PayloadTokenizer
{
    private static readonly SearchValues<byte> EndsPlainText = SearchValues.Create(
        [(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(control => (byte)control)]);

    // Most names and many values end within so many bytes, for which a vectorized search does not pay.
    private const int ShortString = 12;

    private readonly ReadOnlySpan<byte> _json;
    private PayloadRow[] _rows;
    private int _position;
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
    /// <returns><see langword="false"/> when the text is not valid JSON, or nests deeper than <see cref="WireJson.MaxPayloadDepth"/>.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, ref PayloadRow[] rows, out int count)
    {
        var tokenizer = new PayloadTokenizer(json, rows);
        var isValid = tokenizer.TryReadText();
        rows = tokenizer._rows;
        count = tokenizer._count;
        return isValid;
    }

    private bool TryReadText()
    {
        while (true)
        {
            // Here a value is due.
            var container = _container;
            if (!TryReadValue())
            {
                return false;
            }

            if (_container != container)
            {
                // A container has begun: either it ends at once, or its first value follows.
                if (TryEndContainer())
                {
                    // An empty container is a finished value, as a scalar is.
                }
                else if (_rows[_container].Kind == JsonValueKind.Object)
                {
                    if (!TryReadName())
                    {
                        return false;
                    }

                    continue;
                }
                else
                {
                    continue;
                }
            }

            while (_container >= 0 && TryEndContainer())
            {
            }

            if (_container < 0)
            {
                SkipWhitespace();
                return _position == _json.Length;
            }

            if (!TrySkip((byte)',') || (_rows[_container].Kind == JsonValueKind.Object && !TryReadName()))
            {
                return false;
            }
        }
    }

    private bool TryReadValue()
    {
        SkipWhitespace();
        if (_position >= _json.Length)
        {
            return false;
        }

        switch (_json[_position])
        {
            case (byte)'"':
                return TryReadString(JsonValueKind.String);
            case (byte)'{':
                return TryBeginContainer(JsonValueKind.Object);
            case (byte)'[':
                return TryBeginContainer(JsonValueKind.Array);
            case (byte)'t':
                return TryReadLiteral("true"u8, JsonValueKind.True);
            case (byte)'f':
                return TryReadLiteral("false"u8, JsonValueKind.False);
            case (byte)'n':
                return TryReadLiteral("null"u8, JsonValueKind.Null);
            default:
                var length = JsonNumberText.Length(_json[_position..]);
                if (length == 0)
                {
                    return false;
                }

                Add(_position, length, JsonValueKind.Number, isEscaped: false);
                _position += length;
                return true;
        }
    }

    private bool TryReadName()
    {
        SkipWhitespace();
        return _position < _json.Length && _json[_position] == (byte)'"' && TryReadString(JsonValueKind.Undefined) && TrySkip((byte)':');
    }

    private bool TryReadString(JsonValueKind kind)
    {
        var start = _position + 1;
        var end = start;
        var isEscaped = false;
        while (true)
        {
            end = FindSpecial(end);
            if (end >= _json.Length || _json[end] < 0x20)
            {
                return false;
            }

            if (_json[end] == (byte)'"')
            {
                Add(start, end - start, kind, isEscaped);
                _position = end + 1;
                return true;
            }

            isEscaped = true;
            var escape = JsonEscape.Length(_json[end..]);
            if (escape == 0)
            {
                return false;
            }

            end += escape;
        }
    }

    private readonly int FindSpecial(int start)
    {
        var json = _json;
        var near = Math.Min(json.Length, start + ShortString);
        for (var i = start; i < near; i++)
        {
            if (json[i] is (byte)'"' or (byte)'\\' or < 0x20)
            {
                return i;
            }
        }

        var next = json[near..].IndexOfAny(EndsPlainText);
        return next < 0 ? json.Length : near + next;
    }

    private bool TryReadLiteral(ReadOnlySpan<byte> literal, JsonValueKind kind)
    {
        if (!_json[_position..].StartsWith(literal))
        {
            return false;
        }

        Add(_position, literal.Length, kind, isEscaped: false);
        _position += literal.Length;
        return true;
    }

    private bool TryBeginContainer(JsonValueKind kind)
    {
        if (++_depth > WireJson.MaxPayloadDepth)
        {
            return false;
        }

        Add(_position, 0, kind, isEscaped: false);
        _rows[_count - 1].Next = _container;
        _container = _count - 1;
        _position++;
        return true;
    }

    /// <summary>Ends the innermost container if its closing bracket is next.</summary>
    private bool TryEndContainer()
    {
        SkipWhitespace();
        ref var row = ref _rows[_container];
        if (_position >= _json.Length || _json[_position] != (row.Kind == JsonValueKind.Object ? (byte)'}' : (byte)']'))
        {
            return false;
        }

        _position++;
        _depth--;
        _container = row.Next;
        row.Length = _position - row.Start;
        row.Next = _count;
        return true;
    }

    private bool TrySkip(byte expected)
    {
        SkipWhitespace();
        if (_position >= _json.Length || _json[_position] != expected)
        {
            return false;
        }

        _position++;
        return true;
    }

    private void SkipWhitespace()
    {
        var json = _json;
        var position = _position;
        while ((uint)position < (uint)json.Length && json[position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            position++;
        }

        _position = position;
    }

    private void Add(int start, int length, JsonValueKind kind, bool isEscaped)
    {
        if (_count == _rows.Length)
        {
            Array.Resize(ref _rows, _rows.Length * 2);
        }

        ref var row = ref _rows[_count++];
        row.Start = start;
        row.Length = length;
        row.Next = _count;
        row.Kind = kind;
        row.IsEscaped = isEscaped;
    }
}
