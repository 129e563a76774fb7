using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace Streamline.Text;

/// <summary>Takes the marks out of the inline Markdown of one block.</summary>
/// <param name="spoken">Where the text goes.</param>
/// <param name="isItem">Whether the block is the first one of a list item, which may begin with the box of a task.</param>
internal sealed class SpokenInlines(StringBuilder spoken, bool isItem)
{
    // Longer than this, a tag, the destination of a link or a character reference is text.
    private const int MaxTag = 256;
    private const int MaxTarget = 2048;
    private const int MaxReference = 32;
    private const int MaxRun = 64; // of marks of emphasis

    private readonly List<char> _pending = [];
    private bool _isTable;
    private bool _isCode;
    private bool _hasSpoken;
    private bool _hasSpokenInLine;
    private char _blank; // to be spoken before the next character; '\0' for none
    private char _before = ' '; // the character that was read last
    private bool _mayBeTask = isItem;
    private Skipping _skipping;

    private enum Skipping
    {
        None,
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
            _mayBeTask = false;
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
            case '\\' or '!' or ']' when next == '\0':
                return 0;
            case '\\' when char.IsAscii(next) && (char.IsPunctuation(next) || char.IsSymbol(next)):
                Speak(next);
                return 2;
            case '*' or '_' or '~':
                return ReadEmphasis(text, isLast);
            case '!' when next == '[':
                return 1;
            case '|':
                _blank = _hasSpokenInLine ? '|' : _blank;
                return 1;
            case '[':
                return ReadBracket(text, isLast);
            case ']' when next == '(':
                return ReadTarget(text, isLast);
            case ']':
                _skipping = next == '[' ? Skipping.Label : Skipping.None;
                return _skipping == Skipping.None ? 1 : 2;
            case '<':
                return ReadAngle(text, isLast);
            case '&':
                return ReadReference(text, isLast);
            case 'h' or 'f' or 'w' when !char.IsLetterOrDigit(_before):
                return ReadAddress(text, isLast);
            default:
                Speak(text[0]);
                return 1;
        }
    }

    // A run of marks between blanks is text, and so are underscores within a word and a single tilde.
    private int ReadEmphasis(ReadOnlySpan<char> text, bool isLast)
    {
        var end = text.IndexOfAnyExcept(text[0]);
        var run = Math.Min(end < 0 ? text.Length : end, MaxRun);
        if (run == text.Length && run < MaxRun && !isLast)
        {
            return 0;
        }

        var next = run < text.Length ? text[run] : ' ';
        var isText = (char.IsWhiteSpace(_before) && char.IsWhiteSpace(next))
            || (text[0] == '_' && char.IsLetterOrDigit(_before) && char.IsLetterOrDigit(next))
            || (text[0] == '~' && run == 1);
        foreach (var mark in isText ? text[..run] : [])
        {
            Speak(mark);
        }

        return run;
    }

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

    // A bracket is a mark. A footnote, a citation and the box of a task are left out with it; any other number keeps its brackets, as an index does.
    private int ReadBracket(ReadOnlySpan<char> text, bool isLast)
    {
        switch (SpokenBrackets.Read(text, isLast, _before, _mayBeTask, out var length))
        {
            case SpokenBrackets.Kind.Undecided:
                return 0;
            case SpokenBrackets.Kind.LeftOut:
                _blank = length < text.Length && SpokenBrackets.EndsClause(text[length]) ? '\0' : _blank;
                return length;
            case SpokenBrackets.Kind.Text:
                foreach (var part in text[..length])
                {
                    Speak(part);
                }

                return length;
            default:
                return 1;
        }
    }

    // What is not the destination of a link is text.
    private static int ReadTarget(ReadOnlySpan<char> text, bool isLast)
    {
        var match = InlineLinks.Target(text[1..Math.Min(text.Length, MaxTarget)], out var length);
        return match == LineMatch.Yes || (match == LineMatch.Need && isLast) ? 1 + length
            : match == LineMatch.Need && text.Length < MaxTarget ? 0
            : 1;
    }

    private int ReadAngle(ReadOnlySpan<char> text, bool isLast)
    {
        var part = text[..Math.Min(text.Length, MaxTag)];
        var link = InlineHtml.Autolink(part, out var linkLength);
        var tag = InlineHtml.Tag(part, out var tagLength);
        if (link != LineMatch.Yes && tag != LineMatch.Yes)
        {
            if ((link == LineMatch.Need || tag == LineMatch.Need) && text.Length < MaxTag && !isLast)
            {
                return 0;
            }

            Speak('<');
            return 1;
        }

        foreach (var next in link == LineMatch.Yes ? AddressOf(text[1..(linkLength - 1)]) : IsLineBreak(text[1..tagLength]) ? "\n" : [])
        {
            Speak(next);
        }

        return link == LineMatch.Yes ? linkLength : tagLength;
    }

    private static bool IsLineBreak(ReadOnlySpan<char> tag) => tag.StartsWith("br", StringComparison.OrdinalIgnoreCase) && !char.IsAsciiLetterOrDigit(tag[2]) && tag[2] != '-';

    private static ReadOnlySpan<char> AddressOf(ReadOnlySpan<char> link)
    {
        const string Mail = "mailto:";
        return link.Contains("://", StringComparison.Ordinal) ? HostOf(link)
            : link.StartsWith(Mail, StringComparison.OrdinalIgnoreCase) ? link[Mail.Length..]
            : link;
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
        foreach (var scheme in (ReadOnlySpan<string>)["http://", "https://", "ftp://", "www."])
        {
            if (text.StartsWith(scheme, StringComparison.Ordinal))
            {
                _skipping = Skipping.Host;
                foreach (var part in scheme[0] == 'w' ? scheme : "")
                {
                    Speak(part);
                }

                return scheme.Length;
            }

            if (!isLast && scheme.AsSpan().StartsWith(text, StringComparison.Ordinal))
            {
                return 0;
            }
        }

        Speak(text[0]);
        return 1;
    }

    private int Skip(ReadOnlySpan<char> text, bool isLast)
    {
        switch (_skipping)
        {
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
