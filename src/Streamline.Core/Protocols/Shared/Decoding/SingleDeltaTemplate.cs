using System.Buffers;

namespace Streamline.Protocols.Shared;

/// <summary>
/// Predicts the payload of the next delta from the last one: the same bytes but for the strings in known places, and one number
/// that counts the payloads, its holes. A payload that fits has been proven to be well-formed JSON with the same meaning, without being parsed.
/// </summary>
/// <remarks>
/// The proof: all bytes outside the holes equal those of a payload that a JSON reader has accepted; a hole for a string holds neither a
/// control character nor a quote that is not escaped, and that for a number holds the digits of one. Only the escapes within the holes are left to
/// check, and the caller decodes the one hole that matters; in any other hole a backslash means no fit.
/// </remarks>
internal sealed class SingleDeltaTemplate
{
    private static readonly SearchValues<byte> EndsPlainText = SearchValues.Create(
        [(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(control => (byte)control)]);

    private static readonly SearchValues<byte> Closers = SearchValues.Create("}] \t\r\n"u8);

    // So many digits fit into a number of 64 bits whatever they are.
    private const int MaxDigits = 18;

    private byte[] _payload = [];
    private JsonSlice[] _holes = new JsonSlice[1];
    private int _length;
    private int _holeCount;
    private int _textHole;
    private int _numberHole;
    private bool _tailIsClosers;

    /// <summary>Remembers a payload that a JSON reader has accepted.</summary>
    /// <param name="payload">The payload, which is copied.</param>
    /// <param name="text">The string that is the delta's text.</param>
    public void Learn(ReadOnlySpan<byte> payload, JsonSlice text) => Learn(payload, text, ignored: [], number: default);

    /// <summary>Remembers a payload that a JSON reader has accepted.</summary>
    /// <param name="payload">The payload, which is copied.</param>
    /// <param name="text">The string that is the delta's text.</param>
    /// <param name="ignored">Other strings that differ from delta to delta and mean nothing.</param>
    /// <param name="number">A whole number that differs from delta to delta; non-existent when there is none.</param>
    public void Learn(ReadOnlySpan<byte> payload, JsonSlice text, ReadOnlySpan<JsonSlice> ignored, JsonSlice number = default)
    {
        if (_payload.Length < payload.Length)
        {
            _payload = new byte[payload.Length * 2];
        }

        payload.CopyTo(_payload);
        _length = payload.Length;
        PlaceHoles(text, ignored, number);

        // Some servers pad a payload with blanks before its last brackets, so that its length tells nothing. Where only
        // brackets follow the last hole, blanks between them cannot change the meaning.
        _tailIsClosers = !Tail.TrimStart((byte)'"').ContainsAnyExcept(Closers);
        if (_tailIsClosers)
        {
            RemoveBlanks();
        }
    }

    /// <summary>Forgets what was learnt.</summary>
    public void Clear() => _holeCount = 0;

    /// <summary>Finds the delta's text in a payload that differs from the remembered one only in its holes.</summary>
    /// <param name="payload">The next payload.</param>
    /// <param name="text">Where its text is.</param>
    /// <returns><see langword="false"/> when the payload has to be parsed.</returns>
    public bool TryMatch(ReadOnlySpan<byte> payload, out JsonSlice text) => TryMatch(payload, out text, out _);

    /// <summary>Finds the delta's text and its number in a payload that differs from the remembered one only in its holes.</summary>
    /// <param name="payload">The next payload.</param>
    /// <param name="text">Where its text is.</param>
    /// <param name="number">Its number; <see langword="null"/> when it has none.</param>
    /// <returns><see langword="false"/> when the payload has to be parsed.</returns>
    public bool TryMatch(ReadOnlySpan<byte> payload, out JsonSlice text, out long? number)
    {
        text = default;
        number = null;
        var read = 0;
        var remembered = 0;
        for (var i = 0; i < _holeCount; i++)
        {
            var fixedPart = _payload.AsSpan(remembered, _holes[i].Start - remembered);
            if (!payload[read..].StartsWith(fixedPart))
            {
                return false;
            }

            read += fixedPart.Length;
            var hole = i == _numberHole ? ReadDigits(payload, read, out number) : ReadHole(payload, read);
            if (hole.Length < 0 || (hole.IsEscaped && i != _textHole))
            {
                return false;
            }

            if (i == _textHole)
            {
                text = hole;
            }

            read = hole.End;
            remembered = _holes[i].End;
        }

        return _holeCount > 0 && IsTail(payload[read..]);
    }

    private Span<byte> Tail => _payload.AsSpan(_holes[_holeCount - 1].End.._length);

    private bool IsTail(ReadOnlySpan<byte> rest)
    {
        var tail = Tail;
        if (rest.SequenceEqual(tail))
        {
            return true;
        }

        if (!_tailIsClosers)
        {
            return false;
        }

        var matched = 0;
        foreach (var value in rest)
        {
            if (matched < tail.Length && value == tail[matched])
            {
                matched++;
            }
            else if (value is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                return false;
            }
        }

        return matched == tail.Length;
    }

    /// <summary>Reads up to the quote that ends a string; the length is -1 when there is none.</summary>
    private static JsonSlice ReadHole(ReadOnlySpan<byte> payload, int start)
    {
        var isEscaped = false;
        for (var end = start; ;)
        {
            var next = payload[end..].IndexOfAny(EndsPlainText);
            end += next;
            if (next < 0 || (payload[end] != (byte)'"' && (payload[end] != (byte)'\\' || end + 2 > payload.Length)))
            {
                return new JsonSlice(start, -1, isEscaped);
            }

            if (payload[end] == (byte)'"')
            {
                return new JsonSlice(start, end - start, isEscaped);
            }

            isEscaped = true;
            end += 2;
        }
    }

    /// <summary>Reads the digits of a whole number; the length is -1 when there are none, too many, or it begins with a zero.</summary>
    private static JsonSlice ReadDigits(ReadOnlySpan<byte> payload, int start, out long? number)
    {
        var value = 0L;
        var end = start;
        for (; end < payload.Length && end - start <= MaxDigits && char.IsAsciiDigit((char)payload[end]); end++)
        {
            value = (value * 10) + payload[end] - '0';
        }

        var length = end - start;
        var isNumber = length is > 0 and <= MaxDigits && (payload[start] != (byte)'0' || length == 1);
        number = isNumber ? value : null;
        return new JsonSlice(start, isNumber ? length : -1, IsEscaped: false);
    }

    private void PlaceHoles(JsonSlice text, ReadOnlySpan<JsonSlice> ignored, JsonSlice number)
    {
        _holeCount = ignored.Length + (number.Exists ? 2 : 1);
        if (_holes.Length < _holeCount)
        {
            _holes = new JsonSlice[_holeCount];
        }

        ignored.CopyTo(_holes);
        _holes[ignored.Length] = text;
        if (number.Exists)
        {
            _holes[ignored.Length + 1] = number;
        }

        var holes = _holes.AsSpan(0, _holeCount);
        holes.Sort(static (left, right) => left.Start.CompareTo(right.Start));
        _textHole = holes.IndexOf(text);
        _numberHole = number.Exists ? holes.IndexOf(number) : -1;
    }

    private void RemoveBlanks()
    {
        var start = _length - Tail.Length;
        var kept = start;
        for (var i = start; i < _length; i++)
        {
            if (_payload[i] > (byte)' ')
            {
                _payload[kept++] = _payload[i];
            }
        }

        _length = kept;
    }
}
