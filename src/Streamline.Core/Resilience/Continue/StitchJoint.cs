using System.Text;

namespace Streamline.Resilience;

/// <summary>The place at which the text of a new answer follows one that was cut: after what it repeats of it.</summary>
/// <param name="shown">The text that was shown.</param>
/// <param name="minOverlap">How much has to be repeated for the place to be certain.</param>
/// <param name="maxHeld">How much is held back while the place is looked for, unless all of it is a repetition.</param>
internal sealed class StitchJoint(string shown, int minOverlap, int maxHeld) : IJointFinder
{
    // From here on, an introduction is looked for too.
    private const int EnoughForPreface = 64;

    private readonly StringBuilder _held = new();
    private bool _isFromStart = true; // all that is held repeats the beginning of what was shown

    public Joint? Add(string piece, bool isLast)
    {
        // A model that begins anew is followed without searching again at each piece.
        var place = _held.Length;
        _held.Append(piece);
        _isFromStart &= place + piece.Length <= shown.Length && shown.AsSpan(place).StartsWith(piece);
        return _isFromStart && !isLast && _held.Length < shown.Length ? null : Find(_held.ToString(), isLast);
    }

    public void Reset()
    {
        _held.Clear();
        _isFromStart = true;
    }

    private Joint? Find(string text, bool isLast)
    {
        var (longest, second, isPending) = OverlapSearch.Find(shown, text);
        if (isPending && !isLast)
        {
            return null;
        }

        if (longest >= minOverlap && OverlapSearch.IsTelling(text.AsSpan(0, longest)))
        {
            return new Joint(text[longest..], second >= minOverlap ? SeamConfidence.Low : SeamConfidence.High, longest);
        }

        var mayDecide = isLast || text.Length >= maxHeld;
        if (FindLoosely(text, isLast, mayDecide) is { } joint)
        {
            return joint;
        }

        return mayDecide ? Guess(text, longest) : null;
    }

    private Joint? FindLoosely(string text, bool isLast, bool mayDecide)
    {
        if (text.Length < EnoughForPreface && !isLast)
        {
            return null;
        }

        if (LooseOverlap.Find(shown, text, minOverlap) is not { } match)
        {
            return mayDecide && LooseOverlap.FindIntroduced(shown, text, minOverlap) is { } exact ? Remove(exact, text, again: 0) : null;
        }

        // An introduction may quote what it introduces. And the white space after the repeated words has to be seen.
        var rest = text.AsSpan(match.End);
        return !mayDecide && (match.Start > 0 || rest.IsWhiteSpace()) ? null : Remove(match, text, AgainWhiteSpace(rest));
    }

    private static Joint Remove(LooseOverlap.Match match, string text, int again) => new(
        text[(match.End + again)..],
        match is { IsUnique: true, IsIntroduced: true } ? SeamConfidence.High : SeamConfidence.Low,
        match.End - match.Start + again,
        match.Start);

    /// <summary>Gets how much of the white space at the beginning of the rest was shown already.</summary>
    private int AgainWhiteSpace(ReadOnlySpan<char> rest)
    {
        var known = shown.AsSpan(shown.AsSpan().TrimEnd().Length);
        var again = rest[..^rest.TrimStart().Length];
        var common = again.CommonPrefixLength(known);
        return known.IsEmpty || common > 0 || (again.Contains('\n') && !known.Contains('\n')) ? common : again.Length;
    }

    /// <summary>Takes what there is, when nothing that was repeated tells the place for certain.</summary>
    private Joint Guess(string text, int overlap)
    {
        var isInCode = CodeFence.IsOpenAfter(shown);
        var fence = isInCode ? CodeFence.OpeningLength(text) : 0;
        if (overlap > 0 && (IsWords(overlap, out var areSeveral) || overlap >= minOverlap))
        {
            return new Joint(text[overlap..], areSeveral && overlap < minOverlap ? SeamConfidence.High : SeamConfidence.Low, overlap);
        }

        var rest = text[fence..];
        return new Joint(rest, SeamConfidence.Low, Preface: fence, Separator: isInCode ? "" : SeparatorOf(rest));
    }

    /// <summary>Tells whether the end of what was shown, of a length, begins with a word of its own, and whether it has two of them.</summary>
    private bool IsWords(int length, out bool areSeveral)
    {
        var end = shown.AsSpan(shown.Length - length);
        var words = end.Trim();
        var begins = length == shown.Length || !char.IsLetterOrDigit(shown[^(length + 1)]) || char.IsWhiteSpace(end[0]);
        var space = words.IndexOfAny(' ', '\n');
        areSeveral = begins && space > 0 && char.IsLetterOrDigit(words[0]) && char.IsLetterOrDigit(words[^1]);
        return begins && words.Length > 0 && char.IsLetterOrDigit(words[0]);
    }

    private string SeparatorOf(string rest) =>
        rest.Length > 0 && char.IsLetterOrDigit(rest[0]) && shown[^1] is '.' or '!' or '?' or '…' ? " " : "";
}
