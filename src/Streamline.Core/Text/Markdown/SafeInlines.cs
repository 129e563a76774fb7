using System.Buffers;
using System.Runtime.InteropServices;

namespace Streamline.Text;

/// <summary>Closes or hides what is unfinished in inline Markdown, so that it can be drawn while it grows.</summary>
internal ref struct SafeInlines
{
    private static readonly SearchValues<char> Markup = SearchValues.Create("\\`*_~[]<&!");

    private readonly ReadOnlySpan<char> _text;
    private readonly List<char> _safe;
    private readonly OpenInlines _open = new();
    private long _examined;

    private SafeInlines(ReadOnlySpan<char> text)
    {
        _text = text;
        _safe = new List<char>(text.Length + 8);
    }

    public static string Close(string text) => Close(text, out _);

    /// <summary>Closes what is unfinished.</summary>
    /// <param name="text">The text.</param>
    /// <param name="examined">How many characters and openers were looked at, some of them twice.</param>
    public static string Close(string text, out long examined)
    {
        var inlines = new SafeInlines(text);
        inlines.Read();
        examined = inlines._examined + inlines._open.Examined;
        return new string(CollectionsMarshal.AsSpan(inlines._safe));
    }

    private void Read()
    {
        var i = 0;
        while (i < _text.Length)
        {
            var next = _text[i..].IndexOfAny(Markup);
            var length = next < 0 ? _text.Length - i : next;
            i = Take(i, length, hidden: 0);
            i = next < 0 ? i : ReadMarkup(i);
        }

        CloseAll();
    }

    private int ReadMarkup(int i)
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
                _open.Push('[', 2, _safe.Count);
                return Take(i, 2, hidden: 0);
            case '!' when i + 1 == _text.Length:
                return Take(i, 1, hidden: 0);
            case '[':
                _open.Push('[', 1, _safe.Count);
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

    private int Take(int i, int count, int hidden)
    {
        _examined += count;
        _safe.AddRange(_text.Slice(i, count));
        return i + Math.Max(count, hidden);
    }

    private int Run(int i)
    {
        var run = _text[i..].IndexOfAnyExcept(_text[i]);
        run = run < 0 ? _text.Length - i : run;
        _examined += run;
        return run;
    }

    private int ReadCode(int i)
    {
        var length = Run(i);
        for (var j = i + length; j < _text.Length;)
        {
            var next = _text[j..].IndexOf('`');
            _examined += next < 0 ? _text.Length - j : next;
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
            _safe.AddRange(code);
            Repeat('`', length);
        }

        return _text.Length;
    }

    private int ReadDelimiters(int i)
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
        while (canClose && left > 0 && _open.Find(marker) is var opener && opener >= 0)
        {
            var closed = _open.Shorten(opener, left);
            left -= closed;
            Repeat(marker, closed);
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
            _open.Push(marker, left, _safe.Count);
        }

        Repeat(marker, left);
        return end;
    }

    private int ReadBracket(int i)
    {
        var index = _open.Find('[');
        if (index < 0)
        {
            return Take(i, 1, hidden: 0);
        }

        var opener = _open[index];
        var rest = _text[(i + 1)..];
        var (match, length) = rest.IsEmpty ? (LineMatch.No, 0) : rest[0] == '(' ? Target(rest) : rest[0] == '[' ? Label(rest) : (LineMatch.No, 0);
        _examined += length;
        CloseFrom(index + 1);
        _open.PopFrom(index);
        if (match != LineMatch.Need)
        {
            return Take(i, match == LineMatch.Yes ? length + 1 : 1, hidden: 0);
        }

        // The destination is still arriving: an image is hidden, a link shows its text.
        if (opener.Length == 2)
        {
            Truncate(opener.Offset);
        }
        else
        {
            _safe.RemoveAt(opener.Offset);
        }

        return _text.Length;
    }

    private static (LineMatch Match, int Length) Target(ReadOnlySpan<char> rest) => (InlineLinks.Target(rest, out var length), length);

    private static (LineMatch Match, int Length) Label(ReadOnlySpan<char> rest) =>
        rest.IndexOf(']') is var end && end < 0 ? (LineMatch.Need, rest.Length) : (LineMatch.Yes, end + 1);

    // A tag or an autolink is hidden until it is whole; any other less-than sign is text.
    private int ReadAngle(int i)
    {
        var tag = InlineHtml.Tag(_text[i..], out var tagLength);
        var link = InlineHtml.Autolink(_text[i..], out var linkLength);
        _examined += tagLength + linkLength;
        return tag == LineMatch.Yes ? Take(i, tagLength, hidden: 0)
            : link == LineMatch.Yes ? Take(i, linkLength, hidden: 0)
            : tag == LineMatch.Need || link == LineMatch.Need ? _text.Length
            : Take(i, 1, hidden: 0);
    }

    private int ReadReference(int i)
    {
        const int MaxReferenceLength = 32;
        var rest = _text[(i + 1)..];
        var length = 0;
        while (length < rest.Length && (char.IsAsciiLetterOrDigit(rest[length]) || rest[length] == '#'))
        {
            length++;
        }

        _examined += length;
        return length < rest.Length || length > MaxReferenceLength ? Take(i, 1, hidden: 0) : _text.Length;
    }

    // The text of an unfinished link is shown without its bracket; an unfinished image is hidden, with all after it.
    private void CloseAll()
    {
        if (_open.FirstImage is var image && image >= 0)
        {
            Truncate(_open[image].Offset);
            _open.PopFrom(image);
        }

        _examined += _open.DropBrackets(_safe);
        CloseFrom(0);
    }

    // Closes emphasis from the inside out. What has no text yet is hidden. A closing delimiter does not follow a blank.
    private void CloseFrom(int index)
    {
        var k = _open.Count - 1;
        for (; k >= index && _open[k] is var (_, length, offset) && offset + length >= _safe.Count; k--)
        {
            Truncate(offset);
        }

        var blanks = 0;
        while (blanks < _safe.Count && char.IsWhiteSpace(_safe[^(blanks + 1)]))
        {
            blanks++;
        }

        var trailing = CollectionsMarshal.AsSpan(_safe)[^blanks..].ToString();
        Truncate(_safe.Count - blanks);
        for (; k >= index; k--)
        {
            Repeat(_open[k].Marker, _open[k].Length);
        }

        _examined += blanks;
        _safe.AddRange(trailing);
    }

    private void Truncate(int length) => _safe.RemoveRange(length, _safe.Count - length);

    private void Repeat(char marker, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _safe.Add(marker);
        }
    }

    private static bool IsPunctuation(char next) => char.IsPunctuation(next) || char.IsSymbol(next);
}
