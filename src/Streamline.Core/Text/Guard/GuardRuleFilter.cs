using System.Text;

namespace Streamline.Text;

/// <summary>
/// Applies rules to a text that grows, and holds back what they may still change. A position is decided when so much follows it that every rule
/// would have matched there, and a match when so much follows its end that it would have continued.
/// </summary>
/// <param name="rules">The rules.</param>
internal sealed class GuardRuleFilter(IReadOnlyCollection<GuardRule> rules)
{
    private readonly int _reach = rules.Count == 0 ? 0 : rules.Max(rule => rule.MaxChars);
    private readonly StringBuilder _shown = new();
    private string _text = "";
    private int _decided; // what comes before it was handed out, and is kept for patterns that look back

    /// <summary>Gets the reason of the rule that ended the text; <see langword="null"/> for none.</summary>
    public string? BlockReason { get; private set; }

    /// <summary>Gets how many of the characters that were added are decided.</summary>
    public long DecidedChars { get; private set; }

    /// <summary>Adds text.</summary>
    /// <param name="text">What is new.</param>
    /// <param name="isLast">Whether nothing follows.</param>
    /// <returns>What may be shown now.</returns>
    public string Add(string text, bool isLast)
    {
        _text += text;
        var safe = isLast ? _text.Length : Safe();
        while (BlockReason is null && GuardRule.FirstMatch(rules, _text, _decided) is { } match && match.Start < safe)
        {
            Show(match.Start);
            if (match.Rule.BlockReason is not null)
            {
                BlockReason = match.Rule.BlockReason;
            }
            else if (match.FinalAt > _text.Length && !isLast)
            {
                safe = match.Start;
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
        var forgotten = _decided - Math.Max(_reach, 1);
        if (forgotten > 0)
        {
            _text = _text[forgotten..];
            _decided -= forgotten;
        }

        return shown;
    }
}
