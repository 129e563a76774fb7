using System.Buffers;

namespace Streamline.Text;

/// <summary>The raw HTML and the autolinks of inline text (CommonMark 0.31, sections 6.5 and 6.6), which may not have arrived completely.</summary>
internal static class InlineHtml
{
    private const int MaxSchemeLength = 32;
    private const int MaxDomainLabelLength = 63;
    private const string Blanks = " \t\n";

    private static readonly SearchValues<char> SchemeChars = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");
    private static readonly SearchValues<char> MailChars = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&'*+/=?^_`{|}~-");
    private static readonly SearchValues<char> LabelChars = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
    private static readonly SearchValues<char> NameChars = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-");
    private static readonly SearchValues<char> UnquotedEnds = SearchValues.Create(" \t\n\"'=<>`");

    /// <summary>Whether a less-than sign begins a tag, a comment, an instruction, a declaration or a CDATA section.</summary>
    /// <param name="text">The text from the sign. When it is too short to decide, more is needed.</param>
    /// <param name="length">The length of what it begins; how much was looked at when it begins nothing.</param>
    public static LineMatch Tag(ReadOnlySpan<char> text, out int length)
    {
        length = text.Length;
        if (text.Length == 1)
        {
            return LineMatch.Need;
        }

        switch (text[1])
        {
            case '!':
                return Declaration(text, out length);
            case '?':
                return Until(text, start: 2, "?>", out length);
            case '/':
                var closing = new Reader(text, 2);
                var isClosing = closing.TryName(LabelChars) && closing.SkipBlanks() && closing.TryTake('>');
                return closing.Result(isClosing, out length);
            default:
                var opening = new Reader(text, 1);
                var isOpening = opening.TryName(LabelChars) && opening.TryAttributes();
                return opening.Result(isOpening, out length);
        }
    }

    /// <summary>Whether a less-than sign begins an autolink, to a web or a mail address.</summary>
    /// <param name="text">The text from the sign. When it is too short to decide, more is needed.</param>
    /// <param name="length">The length of what it begins; how much was looked at when it begins nothing.</param>
    public static LineMatch Autolink(ReadOnlySpan<char> text, out int length)
    {
        var address = new Reader(text, 1);
        var web = address.Result(address.TryAddress(), out var webLength);
        var mail = new Reader(text, 1);
        var match = mail.Result(mail.TryMail(), out length);
        if (web == LineMatch.Yes || (web == LineMatch.Need && match == LineMatch.No))
        {
            (match, length) = (web, webLength);
        }

        return match;
    }

    private static LineMatch Declaration(ReadOnlySpan<char> text, out int length)
    {
        const string Comment = "<!--";
        const string Data = "<![CDATA[";
        if (text.StartsWith(Comment, StringComparison.Ordinal))
        {
            foreach (var whole in (ReadOnlySpan<string>)["<!-->", "<!--->"])
            {
                length = whole.Length;
                if (text.StartsWith(whole, StringComparison.Ordinal))
                {
                    return LineMatch.Yes;
                }
            }

            return Until(text, Comment.Length, "-->", out length);
        }

        if (text.StartsWith(Data, StringComparison.Ordinal))
        {
            return Until(text, Data.Length, "]]>", out length);
        }

        length = Math.Min(text.Length, Data.Length);
        return Comment.AsSpan().StartsWith(text) || Data.AsSpan().StartsWith(text) ? LineMatch.Need
            : char.IsAsciiLetter(text[2]) ? Until(text, start: 2, ">", out length)
            : LineMatch.No;
    }

    private static LineMatch Until(ReadOnlySpan<char> text, int start, string closer, out int length)
    {
        var end = text[start..].IndexOf(closer, StringComparison.Ordinal);
        length = end < 0 ? text.Length : start + end + closer.Length;
        return end < 0 ? LineMatch.Need : LineMatch.Yes;
    }

    /// <summary>Reads one part after the other. A part that the text ends within is not there, but may be.</summary>
    private ref struct Reader(ReadOnlySpan<char> text, int position)
    {
        private readonly ReadOnlySpan<char> _text = text;
        private int _position = position;

        private readonly bool IsAtEnd => _position == _text.Length;

        public readonly LineMatch Result(bool isMatch, out int length)
        {
            length = _position;
            return isMatch ? LineMatch.Yes : IsAtEnd ? LineMatch.Need : LineMatch.No;
        }

        public bool TryTake(char next)
        {
            var isThere = !IsAtEnd && _text[_position] == next;
            _position += isThere ? 1 : 0;
            return isThere;
        }

        public bool SkipBlanks()
        {
            Skip(_text[_position..].IndexOfAnyExcept(Blanks));
            return true;
        }

        public bool TryName(SearchValues<char> others)
        {
            if (IsAtEnd || !char.IsAsciiLetter(_text[_position]))
            {
                return false;
            }

            Skip(_text[_position..].IndexOfAnyExcept(others));
            return !IsAtEnd;
        }

        public bool TryAttributes()
        {
            while (true)
            {
                var start = _position;
                SkipBlanks();
                if (TryTake('/'))
                {
                    return TryTake('>');
                }

                if (TryTake('>'))
                {
                    return true;
                }

                if (start == _position || !TryAttribute())
                {
                    return false;
                }
            }
        }

        public bool TryAddress()
        {
            var start = _position;
            if (!TryName(SchemeChars) || _position - start is < 2 or > MaxSchemeLength || !TryTake(':'))
            {
                return false;
            }

            while (!IsAtEnd && _text[_position] > ' ' && _text[_position] is not ('<' or '>' or '\u007f'))
            {
                _position++;
            }

            return TryTake('>');
        }

        public bool TryMail()
        {
            var start = _position;
            Skip(_text[_position..].IndexOfAnyExcept(MailChars));
            if (start == _position || !TryTake('@'))
            {
                return false;
            }

            do
            {
                start = _position;
                Skip(_text[_position..].IndexOfAnyExcept(LabelChars));
                if (start == _position || _text[start] == '-' || (!IsAtEnd && _text[_position - 1] == '-') || _position - start > MaxDomainLabelLength)
                {
                    return false;
                }
            }
            while (TryTake('.'));
            return TryTake('>');
        }

        // A name, and a value if there is one. The blanks after the name may also be those before the next attribute.
        private bool TryAttribute()
        {
            if (IsAtEnd || !(char.IsAsciiLetter(_text[_position]) || _text[_position] is '_' or ':'))
            {
                return false;
            }

            Skip(_text[_position..].IndexOfAnyExcept(NameChars));
            var end = _position;
            SkipBlanks();
            if (!TryTake('='))
            {
                _position = IsAtEnd ? _position : end;
                return !IsAtEnd;
            }

            SkipBlanks();
            if (IsAtEnd)
            {
                return false;
            }

            if (_text[_position] is '"' or '\'')
            {
                var quote = _text[_position++];
                Skip(_text[_position..].IndexOf(quote));
                return TryTake(quote);
            }

            var start = _position;
            Skip(_text[_position..].IndexOfAny(UnquotedEnds));
            return _position > start && !IsAtEnd;
        }

        private void Skip(int length) => _position = length < 0 ? _text.Length : _position + length;
    }
}
