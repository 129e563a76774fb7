using System.Buffers;
using System.Runtime.InteropServices;

namespace Streamline.Text;

/// <summary>Cuts a text into sentences while it arrives, for example to have them spoken.</summary>
/// <remarks>
/// <para>
/// A sentence ends at an end mark and the quotes and brackets after it, at a blank line, and at the end of a list item or heading. Periods of abbreviations, initials, numbers and addresses do not end one. The marks of
/// Chinese and Japanese need nothing after them; others need a blank and the first letter of what follows, and after an abbreviation that may end a sentence the whole next word.
/// </para>
/// <para>However the text is cut into pieces, the sentences are the same. The text is not looked at as Markdown: see <see cref="SpokenText"/>. For one thread at a time.</para>
/// </remarks>
public sealed class SentenceSplitter
{
    private const string WideOpeners = "「『（【《〈“";
    private const string WideClosers = "」』）】》〉”";

    private static readonly SearchValues<char> WideQuotes = SearchValues.Create(WideOpeners + WideClosers);

    private readonly SentenceOptions _options;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _abbreviations;
    private readonly List<char> _text = [];
    private readonly int _textNumber;
    private bool _restartsText;
    private bool _isCompleted;
    private int _first; // in _text, of the open sentence
    private int _next; // in the open sentence; what comes before it was looked at
    private int _depth; // of wide quotes, up to _next
    private long _start; // of the open sentence in the whole text

    /// <summary>Initializes a new instance of the <see cref="SentenceSplitter"/> class.</summary>
    /// <param name="options">The settings, which are copied; <see langword="null"/> for the defaults.</param>
    public SentenceSplitter(SentenceOptions? options = null)
        : this(options, textNumber: 0, restartsText: false)
    {
    }

    internal SentenceSplitter(SentenceOptions? options, int textNumber, bool restartsText)
    {
        _options = options?.Copy() ?? new SentenceOptions();
        _abbreviations = new HashSet<string>(_options.Abbreviations, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        (_textNumber, _restartsText) = (textNumber, restartsText);
    }

    /// <summary>Reads the next piece of the text.</summary>
    /// <param name="text">The piece, of any length.</param>
    /// <returns>The sentences that have ended. The list is the caller's.</returns>
    /// <exception cref="InvalidOperationException">The text has been completed.</exception>
    public IReadOnlyList<Sentence> Append(ReadOnlySpan<char> text)
    {
        Add(text);
        return TakeSentences(isLast: false);
    }

    /// <summary>Declares the end of the text, which ends the last sentence. A second call has no effect.</summary>
    /// <returns>The sentences that have ended.</returns>
    public IReadOnlyList<Sentence> Complete()
    {
        var sentences = _isCompleted ? [] : TakeSentences(isLast: true);
        _isCompleted = true;
        return sentences;
    }

    /// <summary>Adds text, to be taken by <see cref="TryTake"/>.</summary>
    internal void Add(ReadOnlySpan<char> text)
    {
        if (_isCompleted)
        {
            throw new InvalidOperationException("The text has been completed.");
        }

        _text.RemoveRange(0, _first);
        _first = 0;
        _text.AddRange(text);
    }

    /// <summary>Takes the next sentence with the blanks before it, so that all of them together are the text.</summary>
    /// <param name="isLast">Whether nothing follows.</param>
    /// <param name="sentence">The sentence; at the end, what is left of the text.</param>
    internal bool TryTake(bool isLast, out string sentence)
    {
        var end = FindEnd(isLast);
        if (end <= 0)
        {
            sentence = "";
            return false;
        }

        sentence = CollectionsMarshal.AsSpan(_text).Slice(_first, end).ToString();
        _first += end;
        _next = Math.Max(0, _next - end);
        _start += end;
        return true;
    }

    private List<Sentence> TakeSentences(bool isLast)
    {
        List<Sentence> sentences = [];
        for (var start = _start; TryTake(isLast, out var raw); start = _start)
        {
            var trimmed = raw.AsSpan().TrimStart();
            if (trimmed.IsEmpty)
            {
                continue;
            }

            sentences.Add(new Sentence
            {
                Text = trimmed.TrimEnd().ToString(),
                Start = start + raw.Length - trimmed.Length,
                TextNumber = _textNumber,
                RestartsText = _restartsText,
            });
            _restartsText = false;
        }

        return sentences;
    }

    // 0 when no sentence has ended.
    private int FindEnd(bool isLast)
    {
        var text = CollectionsMarshal.AsSpan(_text)[_first..];
        var rules = new SentenceRules(text, isLast, _options, _abbreviations);
        while (_next < Math.Min(text.Length, _options.MaxChars))
        {
            var next = text[_next..].IndexOfAny(SentenceRules.Candidates);
            if (next < 0)
            {
                MoveTo(text, text.Length);
                break;
            }

            if (_next + next >= _options.MaxChars)
            {
                break;
            }

            MoveTo(text, _next + next);
            var boundary = rules.At(_next, _depth > 0);
            if (boundary.Kind == SentenceBoundaryKind.NeedsMore)
            {
                return 0;
            }

            var (mark, end) = (_next, boundary.Position);
            MoveTo(text, Math.Max(end, mark + (boundary.Kind == SentenceBoundaryKind.None ? 1 : 0)));
            if (boundary.Kind == SentenceBoundaryKind.HardEnd)
            {
                _depth = 0;
                return end;
            }

            if (boundary.Kind == SentenceBoundaryKind.End && IsSentence(text[..end]))
            {
                return end;
            }
        }

        return text.Length > _options.MaxChars ? Cut(text) : isLast ? text.Length : 0;
    }

    private void MoveTo(ReadOnlySpan<char> text, int position)
    {
        for (var seen = text[_next..position]; ;)
        {
            var quote = seen.IndexOfAny(WideQuotes);
            if (quote < 0)
            {
                break;
            }

            _depth = Math.Max(0, _depth + (WideOpeners.Contains(seen[quote]) ? 1 : -1));
            seen = seen[(quote + 1)..];
        }

        _next = position;
    }

    private bool IsSentence(ReadOnlySpan<char> text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length < _options.MinChars)
        {
            return false;
        }

        foreach (var next in trimmed)
        {
            if (char.IsLetterOrDigit(next) || char.IsSurrogate(next) || char.IsSymbol(next))
            {
                return true;
            }
        }

        return false;
    }

    private int Cut(ReadOnlySpan<char> text)
    {
        var end = _options.MaxChars;
        var blank = end;
        while (blank > 0 && !char.IsWhiteSpace(text[blank]))
        {
            blank--;
        }

        var cut = blank > end / 2 ? blank : char.IsHighSurrogate(text[end - 1]) ? end - 1 : end;

        // What comes after the cut may have been looked at; the depth of quotes is not of interest in such a text.
        (_next, _depth) = (cut, 0);
        return cut;
    }
}
