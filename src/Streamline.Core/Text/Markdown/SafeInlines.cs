using System.Buffers;
using System.Text;

namespace Streamline.Text;

/// <summary>Closes or hides what is unfinished in inline Markdown, so that it can be drawn while it grows.</summary>
internal ref struct SafeInlines
{
    private static readonly SearchValues<char> Markup = SearchValues.Create("\\`*_~[]<&!");

    private readonly ReadOnlySpan<char> _text;
    private readonly StringBuilder _safe;
    private readonly List<Opener> _open = [];

    private SafeInlines(ReadOnlySpan<char> text)
    {
        _text = text;
        _safe = new StringBuilder(text.Length + 8);
    }

    /// <summary>What may still be closed.</summary>
    /// <param name="Marker">The delimiter, or a bracket.</param>
    /// <param name="Length">The number of delimiters; 2 for the brackets of an image.</param>
    /// <param name="Offset">Its place in the safe text.</param>
    private readonly record struct Opener(char Marker, int Length, int Offset);

    public static string Close(string text)
    {
        var inlines = new SafeInlines(text);
        inlines.Read();
        return inlines._safe.ToString();
    }

    private readonly void Read()
    {
        var i = 0;
        while (i < _text.Length)
        {
            var next = _text[i..].IndexOfAny(Markup);
            if (next < 0)
            {
                _safe.Append(_text[i..]);
                break;
            }

            _safe.Append(_text.Slice(i, next));
            i = ReadMarkup(i + next);
        }

        CloseAll();
    }

    private readonly int ReadMarkup(int i)
    {
        switch (_text[i])
        {
            case '\\':
                return Take(i, i + 1 < _text.Length ? 2 : 0, hidden: 1);
            case '`':
                return ReadCode(i);
            case '*' or '_' or '~':
                return ReadDelimiters(i);
            case '!' when i + 1 < _text.Length && _text[i + 1] == '[':
                _open.Add(new Opener('[', 2, _safe.Length));
                return Take(i, 2, hidden: 0);
            case '!' when i + 1 == _text.Length:
                return Take(i, 1, hidden: 0);
            case '[':
                _open.Add(new Opener('[', 1, _safe.Length));
                return Take(i, 1, hidden: 0);
            case ']':
                return ReadBracket(i);
            case '<':
                return ReadAngle(i);
            case '&':
                return ReadReference(i);
            default:
                return Take(i, 1, hidden: 0);
        }
    }

    private readonly int Take(int i, int count, int hidden)
    {
        _safe.Append(_text.Slice(i, count));
        return i + Math.Max(count, hidden);
    }

    private readonly int Run(int i)
    {
        var run = _text[i..].IndexOfAnyExcept(_text[i]);
        return run < 0 ? _text.Length - i : run;
    }

    private readonly int ReadCode(int i)
    {
        var length = Run(i);
        for (var j = i + length; j < _text.Length;)
        {
            var next = _text[j..].IndexOf('`');
            if (next < 0)
            {
                break;
            }

            j += next;
            var run = Run(j);
            if (run == length)
            {
                return Take(i, j + run - i, hidden: 0);
            }

            j += run;
        }

        // Backticks at the end may be a part of the closing ones.
        var code = _text[i..].TrimEnd('`');
        if (!code[Math.Min(length, code.Length)..].IsWhiteSpace())
        {
            _safe.Append(code).Append('`', length);
        }

        return _text.Length;
    }

    private readonly int ReadDelimiters(int i)
    {
        var (marker, length) = (_text[i], Run(i));
        var end = i + length;
        var before = i == 0 ? ' ' : _text[i - 1];
        var after = end == _text.Length ? ' ' : _text[end];
        var canOpen = !char.IsWhiteSpace(after) && (!IsPunctuation(after) || char.IsWhiteSpace(before) || IsPunctuation(before));
        var canClose = !char.IsWhiteSpace(before) && (!IsPunctuation(before) || char.IsWhiteSpace(after) || IsPunctuation(after));
        if (marker == '_')
        {
            (canOpen, canClose) = (canOpen && (!canClose || IsPunctuation(before)), canClose && (!canOpen || IsPunctuation(after)));
        }

        var left = length;
        if (canClose)
        {
            for (var k = _open.Count - 1; k >= 0 && left > 0; k--)
            {
                if (_open[k].Marker == '[')
                {
                    break;
                }

                if (_open[k].Marker == marker)
                {
                    var closed = Math.Min(left, _open[k].Length);
                    left -= closed;
                    _open.RemoveRange(k + 1, _open.Count - k - 1);
                    _open[k] = _open[k] with { Length = _open[k].Length - closed };
                    _safe.Append(marker, closed);
                    if (_open[k].Length == 0)
                    {
                        _open.RemoveAt(k);
                    }
                }
            }
        }

        if (left == 0)
        {
            return end;
        }

        // Delimiters at the end of the text are not known to open anything.
        if (end == _text.Length && (marker != '_' || !char.IsLetterOrDigit(before)))
        {
            return end;
        }

        if (canOpen && (marker != '~' || left <= 2))
        {
            _open.Add(new Opener(marker, left, _safe.Length));
        }

        _safe.Append(marker, left);
        return end;
    }

    private readonly int ReadBracket(int i)
    {
        var index = _open.FindLastIndex(opener => opener.Marker == '[');
        if (index < 0)
        {
            return Take(i, 1, hidden: 0);
        }

        var opener = _open[index];
        var rest = _text[(i + 1)..];
        var closer = rest.IsEmpty ? '\0' : rest[0] switch { '(' => ')', '[' => ']', _ => '\0' };
        var end = closer == '\0' ? -1 : rest.IndexOf(closer);
        if (closer != '\0' && end < 0)
        {
            // The destination is still arriving: an image is hidden, a link shows its text.
            CloseFrom(index + 1);
            _open.RemoveRange(index, _open.Count - index);
            if (opener.Length == 2)
            {
                _safe.Length = opener.Offset;
            }
            else
            {
                _safe.Remove(opener.Offset, 1);
            }

            return _text.Length;
        }

        CloseFrom(index + 1);
        _open.RemoveRange(index, _open.Count - index);
        return Take(i, 1 + (closer == '\0' ? 0 : end + 1), hidden: 0);
    }

    // A tag or an autolink is hidden until it is whole; a less-than sign is text.
    private readonly int ReadAngle(int i)
    {
        var end = _text[i..].IndexOf('>');
        var isMarkup = i + 1 == _text.Length || char.IsAsciiLetter(_text[i + 1]) || _text[i + 1] is '/' or '!' or '?';
        return !isMarkup ? Take(i, 1, hidden: 0)
            : end >= 0 ? Take(i, end + 1, hidden: 0)
            : _text[i..].Contains('\n') ? Take(i, 1, hidden: 0)
            : _text.Length;
    }

    private readonly int ReadReference(int i)
    {
        const int MaxReferenceLength = 32;
        var rest = _text[(i + 1)..];
        foreach (var next in rest)
        {
            if (!char.IsAsciiLetterOrDigit(next) && next != '#')
            {
                return Take(i, 1, hidden: 0);
            }
        }

        return rest.Length > MaxReferenceLength ? Take(i, 1, hidden: 0) : _text.Length;
    }

    private readonly void CloseAll()
    {
        for (var index = _open.FindIndex(opener => opener.Marker == '['); index >= 0; index = _open.FindIndex(opener => opener.Marker == '['))
        {
            // The text of an unfinished link is shown without its bracket; an image is hidden.
            var opener = _open[index];
            if (opener.Length == 2)
            {
                _open.RemoveRange(index, _open.Count - index);
                _safe.Length = opener.Offset;
                break;
            }

            _open.RemoveAt(index);
            _safe.Remove(opener.Offset, 1);
            for (var k = index; k < _open.Count; k++)
            {
                _open[k] = _open[k] with { Offset = _open[k].Offset - 1 };
            }
        }

        CloseFrom(0);
    }

    // Closes emphasis from the inside out. What has no text yet is hidden.
    private readonly void CloseFrom(int index)
    {
        for (var k = _open.Count - 1; k >= index; k--)
        {
            var (marker, length, offset) = _open[k];
            if (marker == '[')
            {
                continue;
            }

            if (offset + length >= _safe.Length)
            {
                _safe.Length = offset;
                continue;
            }

            // A closing delimiter does not follow a blank.
            var blanks = 0;
            while (char.IsWhiteSpace(_safe[^(blanks + 1)]))
            {
                blanks++;
            }

            _safe.Insert(_safe.Length - blanks, new string(marker, length));
        }
    }

    private static bool IsPunctuation(char next) => char.IsPunctuation(next) || char.IsSymbol(next);
}
