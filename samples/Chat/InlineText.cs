using System.Net;
using Spectre.Console;

namespace ChatSample;

/// <summary>
/// Draws the inline Markdown that chats use: emphasis, strikethrough, code and links. The text that still grows comes with its spans closed, so a sign without its partner is just a sign.
/// </summary>
internal static class InlineText
{
    private const int MaxDepth = 8;

    private static readonly Style Code = Style.Parse("cyan");
    private static readonly Style Link = new(decoration: Decoration.Underline);

    public static Paragraph Render(string text, Style style)
    {
        var paragraph = new Paragraph();
        Append(paragraph, text, style, depth: 0);
        return paragraph;
    }

    private static void Append(Paragraph paragraph, string text, Style style, int depth)
    {
        var plain = 0;
        var at = 0;
        while (at < text.Length)
        {
            var length = depth < MaxDepth ? TryAppendSpan(text, at, out var write) : Nothing(out write);
            if (length == 0)
            {
                at++;
                continue;
            }

            AppendPlain(paragraph, text[plain..at], style);
            write!(paragraph, style, depth + 1);
            plain = at += length;
        }

        AppendPlain(paragraph, text[plain..], style);
    }

    private static void AppendPlain(Paragraph paragraph, string text, Style style)
    {
        if (text.Length > 0)
        {
            paragraph.Append(CleanText.Of(WebUtility.HtmlDecode(text.Replace("  \n", "\r", StringComparison.Ordinal).Replace('\n', ' ').Replace('\r', '\n'))), style);
        }
    }

    /// <returns>How much of the text the span takes; 0 if none begins here.</returns>
    private static int TryAppendSpan(string text, int at, out Action<Paragraph, Style, int>? write)
    {
        switch (text[at])
        {
            case '\\' when at + 1 < text.Length && (char.IsPunctuation(text[at + 1]) || char.IsSymbol(text[at + 1])):
                var escaped = text[at + 1].ToString();
                write = (paragraph, style, _) => paragraph.Append(escaped, style);
                return 2;
            case '`':
                return CodeSpan(text, at, out write);
            case '*' or '_' or '~':
                return Emphasis(text, at, out write);
            case '[':
                return LinkSpan(text, at, out write);
            default:
                return Nothing(out write);
        }
    }

    private static int CodeSpan(string text, int at, out Action<Paragraph, Style, int>? write)
    {
        var run = RunLength(text, at);
        var close = Closing(text, at + run, '`', run);
        if (close < 0)
        {
            return Nothing(out write);
        }

        var code = text[(at + run)..close].Replace('\n', ' ');
        write = (paragraph, style, _) => paragraph.Append(code, style.Combine(Code));
        return close + run - at;
    }

    private static int Emphasis(string text, int at, out Action<Paragraph, Style, int>? write)
    {
        var (sign, run) = (text[at], RunLength(text, at));
        var isInWord = sign == '_' && at > 0 && char.IsLetterOrDigit(text[at - 1]);
        if (run > 3 || (sign == '~' && run != 2) || isInWord || at + run == text.Length || char.IsWhiteSpace(text[at + run]))
        {
            return Nothing(out write);
        }

        var close = Closing(text, at + run, sign, run);
        if (close < 0)
        {
            return Nothing(out write);
        }

        var inner = text[(at + run)..close];
        var own = new Style(decoration: sign == '~' ? Decoration.Strikethrough : run switch { 1 => Decoration.Italic, 2 => Decoration.Bold, _ => Decoration.Bold | Decoration.Italic });
        write = (paragraph, style, depth) => Append(paragraph, inner, style.Combine(own), depth);
        return close + run - at;
    }

    private static int LinkSpan(string text, int at, out Action<Paragraph, Style, int>? write)
    {
        var end = text.IndexOf("](", at, StringComparison.Ordinal);
        var close = end < 0 ? -1 : text.IndexOf(')', end);
        if (close < 0)
        {
            return Nothing(out write);
        }

        var inner = text[(at + 1)..end];
        write = (paragraph, style, depth) => Append(paragraph, inner, style.Combine(Link), depth);
        return close + 1 - at;
    }

    private static int Nothing(out Action<Paragraph, Style, int>? write)
    {
        write = null;
        return 0;
    }

    /// <returns>Where a run of exactly so many signs closes a span; -1 if none does.</returns>
    private static int Closing(string text, int from, char sign, int run)
    {
        for (var at = from; at < text.Length; at++)
        {
            if (text[at] == '\\' && sign != '`')
            {
                at++;
            }
            else if (text[at] == sign)
            {
                var length = RunLength(text, at);
                if (length == run && at > from && (sign == '`' || !char.IsWhiteSpace(text[at - 1])))
                {
                    return at;
                }

                at += length - 1;
            }
        }

        return -1;
    }

    private static int RunLength(string text, int at)
    {
        var end = at;
        while (end < text.Length && text[end] == text[at])
        {
            end++;
        }

        return end - at;
    }
}
