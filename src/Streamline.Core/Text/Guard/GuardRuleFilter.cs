using System.Text;

namespace Streamline.Text;

/// <summary>
/// Applies rules to a text that grows, and holds back what they may still change. A position is decided when so much follows it that every rule
/// would have matched there, and a match when so much follows its end that it would have continued.
/// </summary>
/// <param name="rules">The rules.</param>
internal sealed class GuardRuleFilter(IReadOnlyCollection<GuardRule> rules)
{
    private const int MostExaminations = 256; // of a character, on average

    private readonly int _reach = rules.Count == 0 ? 0 : rules.Max(rule => rule.MaxChars);
    private readonly StringBuilder _shown = new();
    private readonly StringBuilder _added = new(); // and not yet examined
    private string _text = "";
    private int _nextLength; // of the text, at which it is examined again
    private int _decided; // what comes before it was handed out, and is kept for patterns that look back

    /// <summary>Gets the reason of the rule that ended the text; <see langword="null"/> for none.</summary>
    public string? BlockReason { get; private set; }

    /// <summary>Gets how many of the characters that were added are decided.</summary>
    public long DecidedChars { get; private set; }

    /// <summary>Gets how many characters were given to the patterns, each as often as it was.</summary>
    public long Examined { get; private set; }

    /// <summary>Adds text.</summary>
    /// <param name="text">What is new.</param>
    /// <param name="isLast">Whether nothing follows.</param>
    /// <returns>What may be shown now.</returns>
    public string Add(string text, bool isLast)
    {
        _added.Append(text);
        if (_text.Length + _added.Length < _nextLength && !isLast)
        {
            return "";
        }

        _text += _added.ToString();
        _added.Clear();
        _nextLength = 0;
        var safe = isLast ? _text.Length : Safe();
        while (BlockReason is null && FirstMatch() is { } match && match.Start < safe)
        {
            Show(match.Start);
            if (match.Rule.BlockReason is not null)
            {
                BlockReason = match.Rule.BlockReason;
            }
            else if (match.FinalAt > _text.Length && !isLast)
            {
                (safe, _nextLength) = (match.Start, match.FinalAt);
                break;
            }
            else
            {
                _shown.Append(match.Rule.Replacement);
                Decide(match.End);
            }
        }

        if (BlockReason is null)
        {
            Show(Math.Max(safe, _decided));
        }

        return Take();
    }

    private GuardMatch? FirstMatch()
    {
        Examined += (_text.Length - _decided) * (long)rules.Count;
        return GuardRule.FirstMatch(rules, _text, _decided);
    }

    private int Safe()
    {
        var safe = Math.Max(_decided, _text.Length - _reach);
        return safe > _decided && char.IsHighSurrogate(_text[safe - 1]) ? safe - 1 : safe;
    }

    private void Show(int end)
    {
        _shown.Append(_text, _decided, end - _decided);
        Decide(end);
    }

    private void Decide(int end)
    {
        DecidedChars += end - _decided;
        _decided = end;
    }

    private string Take()
    {
        var shown = _shown.ToString();
        _shown.Clear();

        // The more is held back, the more must arrive before all of it is examined again.
        _nextLength = Math.Max(_nextLength, _text.Length + ((_text.Length - _decided) / MostExaminations));
        var forgotten = _decided - Math.Max(_reach, 1);
        if (forgotten > 0)
        {
            _text = _text[forgotten..];
            _decided -= forgotten;
            _nextLength -= forgotten;
        }

        return shown;
    }
}
