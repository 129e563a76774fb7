using System.Buffers;
using System.Net;
using System.Text;
using Streamline.Cli.Output;

namespace Streamline.Cli.Markdown;

/// <summary>Turns inline Markdown that arrives in pieces into styled text. A span is shown when it is closed, so that nothing shown must be taken back.</summary>
/// <param name="style">The style around the spans.</param>
internal sealed class InlineStyler(string style = "")
{
    // A span that does not close within this is taken for plain text, so that a lonely asterisk delays nothing for long.
    private const int MaxOpenChars = 400;

    private const int MaxReferenceChars = 32;
    private const int MaxDepth = 8;

    private static readonly SearchValues<char> ReferenceChars = SearchValues.Create("#abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    private string _pending = "";
    private char _before = ' ';

    /// <summary>Adds text.</summary>
    /// <returns>What can be shown now.</returns>
    public string Append(string text)
    {
        _pending += text;
        return Take(isFinal: false);
    }

    /// <summary>Ends the text.</summary>
    /// <returns>What was held back.</returns>
    public string Complete() => Take(isFinal: true);

    private string Take(bool isFinal)
    {
        var output = new StringBuilder();
        var consumed = Render(_pending, isFinal, _before, style, depth: 0, output);
        if (consumed > 0)
        {
            _before = _pending[consumed - 1];
            _pending = _pending[consumed..];
        }

        return output.ToString();
    }

    /// <returns>How much was rendered; less than all only when the text may continue.</returns>
    private static int Render(ReadOnlySpan<char> text, bool isFinal, char before, string style, int depth, StringBuilder output)
    {
        var at = 0;
        while (at < text.Length)
        {
            var isLong = text.Length - at > MaxOpenChars;
            var rest = text.Slice(at, isLong ? MaxOpenChars : text.Length - at);
            var isLast = isFinal || isLong;
            var length = rest[0] switch
            {
                '*' or '_' or '~' or '[' when depth >= MaxDepth => Literal(rest, 1, output),
                '\\' => Escape(rest, isLast, output),
                '`' => Code(rest, isLast, style, output),
                '*' or '_' or '~' => Emphasis(rest, isLast, at > 0 ? text[at - 1] : before, style, depth, output),
                '[' => Link(rest, isLast, style, depth, output),
                '!' when rest.Length == 1 && !isLast => 0,
                '!' when rest.Length > 1 && rest[1] == '[' => Image(rest, isLast, output),
                '<' => Angle(rest, isLast, style, output),
                '&' => Reference(rest, isLast, output),
                _ => Literal(rest, 1, output),
            };
            if (length == 0)
            {
                break;
            }

            at += length;
        }

        return at;
    }

    private static int Literal(ReadOnlySpan<char> rest, int length, StringBuilder output)
    {
        output.Append(rest[..length]);
        return length;
    }

    private static int Unclosed(ReadOnlySpan<char> rest, int length, bool isLast, StringBuilder output) => isLast ? Literal(rest, length, output) : 0;

    private static int Escape(ReadOnlySpan<char> rest, bool isLast, StringBuilder output)
    {
        if (rest.Length == 1)
        {
            return Unclosed(rest, 1, isLast, output);
        }

        if (!char.IsAscii(rest[1]) || !(char.IsPunctuation(rest[1]) || char.IsSymbol(rest[1])))
        {
            return Literal(rest, 1, output);
        }

        output.Append(rest[1]);
        return 2;
    }

    private static int Code(ReadOnlySpan<char> rest, bool isLast, string style, StringBuilder output)
    {
        var run = RunLength(rest);
        for (var at = run; at < rest.Length; at++)
        {
            if (rest[at] != '`')
            {
                continue;
            }

            var closing = RunLength(rest[at..]);
            if (closing == run && (at + closing < rest.Length || isLast))
            {
                var code = rest[run..at].ToString().Replace('\n', ' ');
                output.Append(Ansi.Code).Append(code.Length > 2 && code[0] == ' ' && code[^1] == ' ' && code.Trim().Length > 0 ? code[1..^1] : code).Append(Ansi.Reset).Append(style);
                return at + closing;
            }

            at += closing - 1;
        }

        return Unclosed(rest, run, isLast, output);
    }

    private static int Emphasis(ReadOnlySpan<char> rest, bool isLast, char before, string style, int depth, StringBuilder output)
    {
        var (sign, run) = (rest[0], RunLength(rest));
        if (run == rest.Length)
        {
            return Unclosed(rest, run, isLast, output);
        }

        var opens = !char.IsWhiteSpace(rest[run]) && run <= 3 && (sign != '_' || !char.IsLetterOrDigit(before)) && (sign != '~' || run == 2);
        if (!opens)
        {
            return Literal(rest, run, output);
        }

        for (var at = run; at < rest.Length; at++)
        {
            if (rest[at] == '\\')
            {
                at++;
            }
            else if (rest[at] == sign)
            {
                var closing = RunLength(rest[at..]);
                if (closing >= run && closing <= run + 2 && !char.IsWhiteSpace(rest[at - 1]) && Ends(rest, at + closing, sign, isLast) && (closing == run || closing == 3))
                {
                    return Span(rest[run..(at + closing - run)], sign, run, style, depth, output) + run + run;
                }

                at += closing - 1;
            }
        }

        return Unclosed(rest, run, isLast, output);
    }

    private static bool Ends(ReadOnlySpan<char> rest, int end, char sign, bool isLast) =>
        end < rest.Length ? sign != '_' || !char.IsLetterOrDigit(rest[end]) : isLast;

    private static int Span(ReadOnlySpan<char> inner, char sign, int run, string style, int depth, StringBuilder output)
    {
        var own = sign == '~' ? Ansi.Strike : run switch { 1 => Ansi.Italic, 2 => Ansi.Bold, _ => Ansi.Bold + Ansi.Italic };
        output.Append(own);
        Render(inner, isFinal: true, ' ', style + own, depth + 1, output);
        output.Append(Ansi.Reset).Append(style);
        return inner.Length;
    }

    private static int Link(ReadOnlySpan<char> rest, bool isLast, string style, int depth, StringBuilder output)
    {
        if (!TryReadLink(rest, out var text, out var target, out var length))
        {
            // Only a bracket that may still become a link is waited for.
            return length < 0 ? Literal(rest, 1, output) : Unclosed(rest, 1, isLast, output);
        }

        output.Append(Ansi.Underline);
        Render(text, isFinal: true, ' ', style + Ansi.Underline, depth + 1, output);
        output.Append(Ansi.Reset).Append(style);
        if (!text.SequenceEqual(target))
        {
            output.Append(Ansi.Dim).Append(" (").Append(target).Append(')').Append(Ansi.Reset).Append(style);
        }

        return length;
    }

    private static int Image(ReadOnlySpan<char> rest, bool isLast, StringBuilder output)
    {
        if (!TryReadLink(rest[1..], out var text, out _, out var length))
        {
            return length < 0 ? Literal(rest, 1, output) : Unclosed(rest, 1, isLast, output);
        }

        output.Append("[image: ").Append(text).Append(']');
        return length + 1;
    }

    // The length is 0 when the text may still become a link, and -1 when it is none.
    private static bool TryReadLink(ReadOnlySpan<char> rest, out ReadOnlySpan<char> text, out ReadOnlySpan<char> target, out int length)
    {
        text = target = [];
        length = 0;
        var end = Closing(rest, '[', ']');
        if (end < 0 || end + 1 == rest.Length)
        {
            return false;
        }

        if (rest[end + 1] != '(')
        {
            length = -1;
            return false;
        }

        var close = Closing(rest[(end + 1)..], '(', ')');
        if (close < 0)
        {
            return false;
        }

        text = rest[1..end];
        target = rest[(end + 2)..(end + 1 + close)].Trim();
        var blank = target.IndexOfAny(' ', '\n');
        target = (blank > 0 ? target[..blank] : target).Trim("<>");
        length = end + close + 2;
        return true;
    }

    private static int Closing(ReadOnlySpan<char> rest, char opening, char closing)
    {
        var depth = 0;
        for (var at = 0; at < rest.Length; at++)
        {
            if (rest[at] == '\\')
            {
                at++;
            }
            else if (rest[at] == opening)
            {
                depth++;
            }
            else if (rest[at] == closing && --depth == 0)
            {
                return at;
            }
        }

        return -1;
    }

    private static int Angle(ReadOnlySpan<char> rest, bool isLast, string style, StringBuilder output)
    {
        if (rest.Length > 1 && !char.IsAsciiLetter(rest[1]) && rest[1] != '/')
        {
            return Literal(rest, 1, output);
        }

        var end = rest.IndexOf('>');
        if (end < 0)
        {
            return rest.Contains('\n') ? Literal(rest, 1, output) : Unclosed(rest, 1, isLast, output);
        }

        var inside = rest[1..end];
        if (inside.Contains(':') && !inside.Contains(' '))
        {
            output.Append(Ansi.Underline).Append(inside).Append(Ansi.Reset).Append(style);
            return end + 1;
        }

        return Literal(rest, end + 1, output);
    }

    private static int Reference(ReadOnlySpan<char> rest, bool isLast, StringBuilder output)
    {
        var window = rest[..Math.Min(rest.Length, MaxReferenceChars)];
        var end = window.IndexOf(';');
        if (end > 1)
        {
            output.Append(TerminalText.Clean(WebUtility.HtmlDecode(rest[..(end + 1)].ToString())));
            return end + 1;
        }

        return window.Length == rest.Length && !window[1..].ContainsAnyExcept(ReferenceChars) ? Unclosed(rest, 1, isLast, output) : Literal(rest, 1, output);
    }

    private static int RunLength(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExcept(text[0]);
        return end < 0 ? text.Length : end;
    }
}
