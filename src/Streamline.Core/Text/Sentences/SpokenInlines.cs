using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace Streamline.Text;

/// <summary>Takes the marks out of the inline Markdown of one block.</summary>
/// <param name="spoken">Where the text goes.</param>
internal sealed class SpokenInlines(StringBuilder spoken)
{
    // Longer than this, a tag or a character reference is text.
    private const int MaxTag = 256;
    private const int MaxReference = 32;
    private const int MaxNumber = 4;

    private readonly List<char> _pending = [];
    private bool _isTable;
    private bool _isCode;
    private bool _hasSpoken;
    private bool _hasSpokenInLine;
    private char _blank; // to be spoken before the next character; '\0' for none
    private char _before = ' '; // the character that was read last
    private Skipping _skipping;
    private int _depth; // of parentheses in a destination

    private enum Skipping
    {
        None,
        Destination,
        Label,
        Host, // of an address, which is spoken
        Path,
    }

    public void Append(string text, bool isTable)
    {
        _isTable = isTable;
        _pending.AddRange(text);
        Read(isLast: false);
    }

    public void Complete()
    {
        Read(isLast: true);
        if (_hasSpoken)
        {
            spoken.Append("\n\n");
        }
    }

    private void Read(bool isLast)
    {
        var text = CollectionsMarshal.AsSpan(_pending);
        var position = 0;
        while (position < text.Length)
        {
            var length = _skipping == Skipping.None ? ReadNext(text[position..], isLast) : Skip(text[position..], isLast);
            if (length == 0)
            {
                break;
            }

            position += length;
            _before = text[position - 1];
        }

        _pending.RemoveRange(0, position);
    }

    // How much was read; 0 while it is undecided what it is.
    private int ReadNext(ReadOnlySpan<char> text, bool isLast)
    {
        var next = text.Length > 1 ? text[1] : isLast ? ' ' : '\0';
        switch (text[0])
        {
            case '`':
                _isCode ^= _before != '`';
                return 1;
            case var first when _isCode:
                Speak(first);
                return 1;
            case '\\' or '*' or '_' or '~' or '!' or ']' when next == '\0':
                return 0;
            case '\\' when char.IsAscii(next) && (char.IsPunctuation(next) || char.IsSymbol(next)):
                Speak(next);
                return 2;
            case '*' when !char.IsWhiteSpace(_before) || !char.IsWhiteSpace(next):
            case '_' when !IsBetweenWords(next):
            case '~' when _before == '~' || next == '~':
            case '!' when next == '[':
                return 1;
            case '|':
                _blank = _hasSpokenInLine ? '|' : _blank;
                return 1;
            case '[':
                return ReadBracket(text, isLast);
            case ']':
                _skipping = next == '(' ? Skipping.Destination : next == '[' ? Skipping.Label : Skipping.None;
                return _skipping == Skipping.None ? 1 : 2;
            case '<':
                return ReadAngle(text, isLast);
            case '&':
                return ReadReference(text, isLast);
            case 'h' when !char.IsLetterOrDigit(_before):
                return ReadAddress(text, isLast);
            default:
                Speak(text[0]);
                return 1;
        }
    }

    private bool IsBetweenWords(char next) =>
        (char.IsLetterOrDigit(_before) && char.IsLetterOrDigit(next)) || (char.IsWhiteSpace(_before) && char.IsWhiteSpace(next));

    private void Speak(char next)
    {
        if (next is '\n')
        {
            _blank = _isTable ? '\r' : '\n';
            _hasSpokenInLine = false;
            return;
        }

        if (char.IsWhiteSpace(next))
        {
            _blank = _blank == '\0' ? next : _blank;
            return;
        }

        if (_hasSpoken && _blank != '\0')
        {
            spoken.Append(_blank switch { '|' => ", ", '\r' => "\n\n", _ => _blank.ToString() });
        }

        spoken.Append(next);
        (_blank, _hasSpoken, _hasSpokenInLine) = ('\0', true, true);
    }

    // A bracket is a mark. The number of a footnote and the box of a task are left out with it.
    private static int ReadBracket(ReadOnlySpan<char> text, bool isLast)
    {
        var end = 1;
        while (end < text.Length && end <= MaxNumber && (char.IsAsciiDigit(text[end]) || text[end] is '^' or ' ' or 'x' or 'X'))
        {
            end++;
        }

        if (end + 1 < text.Length)
        {
            return end > 1 && text[end] == ']' && text[end + 1] is not ('(' or '[') ? end + 1 : 1;
        }

        return isLast ? (end > 1 && end < text.Length && text[end] == ']' ? end + 1 : 1)
            : end == text.Length || text[end] == ']' ? 0
            : 1;
    }

    private int ReadAngle(ReadOnlySpan<char> text, bool isLast)
    {
        if (text.Length == 1 && !isLast)
        {
            return 0;
        }

        if (text.Length > 1 && (char.IsAsciiLetter(text[1]) || text[1] is '/' or '!'))
        {
            var end = text[..Math.Min(text.Length, MaxTag)].IndexOf('>');
            if (end < 0 && text.Length < MaxTag && !isLast)
            {
                return 0;
            }

            if (end >= 0)
            {
                var content = text[1..end];
                foreach (var part in content.Contains("://", StringComparison.Ordinal) ? HostOf(content) : content.StartsWith("br", StringComparison.OrdinalIgnoreCase) ? "\n" : [])
                {
                    Speak(part);
                }

                return end + 1;
            }
        }

        Speak('<');
        return 1;
    }

    private static ReadOnlySpan<char> HostOf(ReadOnlySpan<char> address)
    {
        var host = address[(address.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var end = host.IndexOfAny("/?#:");
        return end < 0 ? host : host[..end];
    }

    private int ReadReference(ReadOnlySpan<char> text, bool isLast)
    {
        var end = 1;
        while (end < text.Length && end < MaxReference && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '#'))
        {
            end++;
        }

        if (end == text.Length && !isLast && end < MaxReference)
        {
            return 0;
        }

        var isReference = end < text.Length && text[end] == ';';
        foreach (var part in isReference ? WebUtility.HtmlDecode(text[..(end + 1)].ToString()) : "&")
        {
            Speak(part);
        }

        return isReference ? end + 1 : 1;
    }

    private int ReadAddress(ReadOnlySpan<char> text, bool isLast)
    {
        foreach (var scheme in (ReadOnlySpan<string>)["http://", "https://"])
        {
            if (text.StartsWith(scheme, StringComparison.Ordinal))
            {
                _skipping = Skipping.Host;
                return scheme.Length;
            }

            if (!isLast && scheme.AsSpan().StartsWith(text, StringComparison.Ordinal))
            {
                return 0;
            }
        }

        Speak('h');
        return 1;
    }

    private int Skip(ReadOnlySpan<char> text, bool isLast)
    {
        switch (_skipping)
        {
            case Skipping.Destination:
                _depth += text[0] == '(' ? 1 : text[0] == ')' ? -1 : 0;
                (_skipping, _depth) = _depth < 0 ? (Skipping.None, 0) : (_skipping, _depth);
                return 1;
            case Skipping.Label:
                _skipping = text[0] == ']' ? Skipping.None : _skipping;
                return 1;
            case Skipping.Host when char.IsLetterOrDigit(text[0]) || text[0] is '.' or '-':
                Speak(text[0]);
                return 1;
            case Skipping.Host when text[0] is not ('/' or '?' or '#' or ':'):
                _skipping = Skipping.None;
                return ReadNext(text, isLast);
        }

        if (EndsAddress(text, isLast) is not { } ends)
        {
            return 0;
        }

        _skipping = ends ? Skipping.None : Skipping.Path;
        return ends ? ReadNext(text, isLast) : 1;
    }

    // Whether an address has ended before the text; null while that is not known.
    private static bool? EndsAddress(ReadOnlySpan<char> text, bool isLast)
    {
        const string Around = ")>]}\"'”’»`*";
        if (char.IsWhiteSpace(text[0]) || Around.Contains(text[0]) || text[0] > 0x2E80)
        {
            return true;
        }

        return text[0] is not ('.' or ',' or '!' or '?' or ';' or ':') ? false
            : text.Length == 1 ? (isLast ? true : null)
            : char.IsWhiteSpace(text[1]) || Around.Contains(text[1]);
    }
}
