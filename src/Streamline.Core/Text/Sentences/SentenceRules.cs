using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Streamline.Text;

/// <summary>Decides whether a sentence ends at a mark, from what stands around it. Looks a bounded way ahead, and never at how the text was cut into pieces.</summary>
/// <param name="text">The sentence so far, and what follows it.</param>
/// <param name="isLast">Whether nothing follows the text.</param>
/// <param name="options">The settings.</param>
/// <param name="abbreviations">The abbreviations of the application.</param>
internal readonly ref struct SentenceRules(ReadOnlySpan<char> text, bool isLast, SentenceOptions options, HashSet<string>.AlternateLookup<ReadOnlySpan<char>> abbreviations)
{
    // Further than this, the answer does not depend on what follows.
    private const int MaxBlanks = 16;
    private const int MaxClosers = 8;
    private const int MaxNumber = 9;

    private static readonly SearchValues<char> Marks = SearchValues.Create(".!?…؟۔।։‼⁇⁈⁉");
    private static readonly SearchValues<char> WideMarks = SearchValues.Create("。！？｡︒");
    private static readonly SearchValues<char> Closers = SearchValues.Create("\"'”’“‘»«›‹)]}*_~`」』）】》〉");
    private static readonly SearchValues<char> WideClosers = SearchValues.Create("」』）】》〉”’");

    private readonly ReadOnlySpan<char> _text = text;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _abbreviations = abbreviations;

    /// <summary>Gets the marks at which a sentence may end.</summary>
    public static SearchValues<char> Candidates { get; } = SearchValues.Create(".!?…؟۔।։‼⁇⁈⁉。！？｡︒\n");

    /// <summary>Decides about the mark at a position.</summary>
    /// <param name="position">The position of one of <see cref="Candidates"/>.</param>
    /// <param name="isQuoted">Whether a quote or bracket of Chinese or Japanese text is open there.</param>
    public SentenceBoundary At(int position, bool isQuoted) =>
        _text[position] == '\n' ? AtLineBreak(position)
        : WideMarks.Contains(_text[position]) ? AtWideMark(position, isQuoted)
        : AtMark(position);

    private SentenceBoundary AtLineBreak(int position)
    {
        var lineStart = _text[..position].LastIndexOf('\n') + 1;
        var line = _text[lineStart..position].Trim();
        if (_text[..position].IsWhiteSpace())
        {
            return SentenceBoundary.None(position + 1);
        }

        if (options.BreakAtLineEnds || (!line.IsEmpty && line[0] is '#' or '|'))
        {
            return SentenceBoundary.HardEnd(position);
        }

        var ahead = SkipBlanks(position);
        return !ahead.IsKnown ? SentenceBoundary.NeedsMore
            : ahead.LineBreaks > 1 || ahead.BeginsBlock ? SentenceBoundary.HardEnd(position)
            : SentenceBoundary.None(position + 1);
    }

    private SentenceBoundary AtWideMark(int position, bool isQuoted)
    {
        var mayGoOn = isQuoted || _text[position] is '！' or '？';
        var end = position + 1;
        var isSpeech = false;
        while (mayGoOn)
        {
            if (end == _text.Length)
            {
                return isLast ? SentenceBoundary.End(end) : SentenceBoundary.NeedsMore;
            }

            if (end - position <= MaxClosers && (WideMarks.Contains(_text[end]) || WideClosers.Contains(_text[end]) || _text[end] is '!' or '?'))
            {
                isSpeech |= _text[end] is '」' or '』';
                end++;
                continue;
            }

            // Japanese continues after what somebody said: 「はい。」と言った。
            return isSpeech && _text[end] is 'と' or 'っ' or 'な' or 'の' or '、' or '，' or ',' ? SentenceBoundary.None(end) : SentenceBoundary.End(end);
        }

        return SentenceBoundary.End(end);
    }

    private SentenceBoundary AtMark(int position)
    {
        var end = position + 1;
        while (end < _text.Length && end - position < MaxClosers && Marks.Contains(_text[end]))
        {
            end++;
        }

        var isPeriod = end == position + 1 && _text[position] == '.';
        var marks = end;
        while (true)
        {
            end = SkipClosers(end);
            if (end < 0 || (end == _text.Length && !isLast))
            {
                return SentenceBoundary.NeedsMore;
            }

            if (end == _text.Length)
            {
                return SentenceBoundary.End(end);
            }

            if (!char.IsWhiteSpace(_text[end]))
            {
                return IsWide(_text[end]) && _text[position] != '…' && (!isPeriod || (position > 0 && IsWide(_text[position - 1]))) ? SentenceBoundary.End(end) : SentenceBoundary.None(marks);
            }

            var ahead = SkipBlanks(end);
            if (!ahead.IsKnown)
            {
                return SentenceBoundary.NeedsMore;
            }

            if (ahead.LineBreaks > 1 || ahead.BeginsBlock || (options.BreakAtLineEnds && ahead.LineBreaks > 0))
            {
                return SentenceBoundary.HardEnd(end);
            }

            if (ahead.Position == _text.Length)
            {
                return isLast ? SentenceBoundary.End(end) : SentenceBoundary.NeedsMore;
            }

            // A closing guillemet of French follows a blank; an opening one of German comes before a letter.
            if (_text[ahead.Position] is '»' or '›')
            {
                if (ahead.Position + 1 == _text.Length && !isLast)
                {
                    return SentenceBoundary.NeedsMore;
                }

                if (ahead.Position + 1 == _text.Length || !char.IsLetterOrDigit(_text[ahead.Position + 1]))
                {
                    end = ahead.Position;
                    continue;
                }
            }

            return BeforeWord(position, marks, end, ahead.Position, isPeriod);
        }
    }

    private SentenceBoundary BeforeWord(int position, int marks, int end, int next, bool isPeriod)
    {
        var first = _text[next];
        if (char.IsLower(first) || first is ',' or ';' or ':')
        {
            return SentenceBoundary.None(marks);
        }

        if (!isPeriod)
        {
            return SentenceBoundary.End(end);
        }

        var start = WordStart(position);
        var before = _text[..start].TrimEnd(" \t*_>-+•#");
        var beginsLine = before.IsEmpty || before[^1] == '\n';
        if (char.IsAsciiDigit(_text[start]) && !beginsLine && before[^1] == '.')
        {
            return SentenceBoundary.End(end); // the number of "No. 5." is not an ordinal
        }

        return SentenceWords.Classify(_text[start..position].TrimStart("'’"), beginsLine, _abbreviations) switch
        {
            PeriodKind.Abbreviation => SentenceBoundary.None(marks),
            PeriodKind.BeforeNumber when char.IsDigit(first) => SentenceBoundary.None(marks),
            PeriodKind.Ambiguous => BeforeStarter(marks, end, next),
            _ => SentenceBoundary.End(end),
        };
    }

    private SentenceBoundary BeforeStarter(int marks, int end, int next)
    {
        var start = next;
        while (start < _text.Length && start - next < MaxClosers && !char.IsLetterOrDigit(_text[start]) && !char.IsWhiteSpace(_text[start]))
        {
            start++;
        }

        var last = start;
        while (last < _text.Length && last - start <= SentenceWords.MaxStarterChars && char.IsLetter(_text[last]))
        {
            last++;
        }

        return last == _text.Length && !isLast ? SentenceBoundary.NeedsMore
            : SentenceWords.IsStarter(_text[start..last]) && (last == _text.Length || _text[last] != '.') ? SentenceBoundary.End(end)
            : SentenceBoundary.None(marks);
    }

    private int WordStart(int position)
    {
        const int MaxWord = 24;
        var start = position;
        while (start > 0 && position - start < MaxWord && IsPartOfWord(_text[start - 1]))
        {
            start--;
        }

        return start;
    }

    private static bool IsPartOfWord(char next) =>
        char.IsLetterOrDigit(next) || next is '.' or '-' or '§' or '\'' or '’' || char.GetUnicodeCategory(next) == UnicodeCategory.NonSpacingMark;

    // The end of the quotes, brackets and emphasis that belong to the sentence, and of a reference such as [1]; -1 while it is not known.
    private int SkipClosers(int position)
    {
        var end = position;
        while (end < _text.Length && end - position < MaxClosers)
        {
            if (Closers.Contains(_text[end]))
            {
                end++;
                continue;
            }

            if (_text[end] != '[')
            {
                break;
            }

            var number = _text[(end + 1)..];
            var digits = number.IndexOfAnyExceptInRange('0', '9');
            if (digits < 0 && !isLast && number.Length <= MaxNumber)
            {
                return -1;
            }

            if (digits <= 0 || digits > MaxNumber || number[digits] != ']')
            {
                break;
            }

            end += digits + 2;
        }

        return end;
    }

    private Ahead SkipBlanks(int position)
    {
        var (end, lineBreaks) = (position, 0);
        while (end < _text.Length && end - position < MaxBlanks && char.IsWhiteSpace(_text[end]))
        {
            lineBreaks += _text[end] == '\n' ? 1 : 0;
            end++;
        }

        if (lineBreaks > 1 || end - position == MaxBlanks)
        {
            return new Ahead(end, lineBreaks, IsKnown: true, BeginsBlock: false);
        }

        if (end == _text.Length)
        {
            return new Ahead(end, lineBreaks, isLast, BeginsBlock: false);
        }

        var begins = lineBreaks == 0 ? false : BeginsBlock(end);
        return new Ahead(end, lineBreaks, begins is not null, begins == true);
    }

    // Whether a line begins a list item, heading, quote, table or fence; null while it is not known.
    private bool? BeginsBlock(int position)
    {
        var line = _text[position..];
        if (line[0] is '>' or '|' or '•')
        {
            return true;
        }

        var run = line[0] is '#' or '`' or '~' ? line.IndexOfAnyExcept(line[0])
            : line[0] is '-' or '*' or '+' ? 1
            : char.IsAsciiDigit(line[0]) ? line.IndexOfAnyExceptInRange('0', '9')
            : 0;
        if (run == 0)
        {
            return false;
        }

        if (line[0] is '`' or '~')
        {
            return run >= 3 || (run < 0 && line.Length >= 3) ? true : run < 0 && !isLast ? null : false;
        }

        // Only so many digits or number signs begin a block, whether or not the end of them has arrived.
        if (run > MaxNumber || (run < 0 && (isLast || line.Length > MaxNumber)))
        {
            return false;
        }

        if (run >= 0 && char.IsAsciiDigit(line[0]))
        {
            if (line[run] is not ('.' or ')'))
            {
                return false;
            }

            run++;
        }

        return run >= 0 && run < line.Length ? char.IsWhiteSpace(line[run]) : isLast ? false : null;
    }

    private static bool IsWide(char next) => next is >= '\u3040' and <= '\u30FF' or >= '\u3400' and <= '\u9FFF' or >= '\uF900' and <= '\uFAFF';

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Ahead(int Position, int LineBreaks, bool IsKnown, bool BeginsBlock);
}
