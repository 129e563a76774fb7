using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;

namespace Streamline.Text;

/// <summary>A rule about text that must not be shown: what to find, and what to do about it. Immutable and thread-safe.</summary>
[SuppressMessage("ApiDesign", "RS0026:Do not add multiple public overloads with optional parameters", Justification = "The overloads differ in a required parameter, so a call is never ambiguous.")]
public sealed class GuardRule
{
    /// <summary>The default replacement: <c>[redacted]</c>.</summary>
    internal const string DefaultReplacement = "[redacted]";

    /// <summary>The default bound of what must be seen of a pattern before it is known whether it matches, and whether its match is longer: 256 characters.</summary>
    internal const int DefaultMaxChars = 256;

    /// <summary>The most characters that a match has: 4,096. What follows them is matched anew.</summary>
    public const int MaxMatchChars = 4096;

    private GuardRule(Regex pattern, int maxChars, int growthChars, string? replacement, string? blockReason) =>
        (Pattern, MaxChars, GrowthChars, Replacement, BlockReason) = (pattern, maxChars, growthChars, replacement, blockReason);

    internal Regex Pattern { get; }

    internal int MaxChars { get; }

    /// <summary>Gets how many characters after the end of a match tell that it is not longer; 0 for a text, which has one length.</summary>
    internal int GrowthChars { get; }

    internal string? Replacement { get; }

    internal string? BlockReason { get; }

    /// <summary>Replaces a text wherever it occurs.</summary>
    /// <param name="text">The text. Not empty.</param>
    /// <param name="replacement">What is shown in its place.</param>
    /// <param name="ignoreCase">Whether case is ignored, by the rules of the invariant culture.</param>
    /// <exception cref="ArgumentException"><paramref name="text"/> is empty.</exception>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static GuardRule Redact(string text, string replacement = DefaultReplacement, bool ignoreCase = false)
    {
        ArgumentNullException.ThrowIfNull(replacement);
        return new GuardRule(Literal(text, ignoreCase), text.Length, growthChars: 0, replacement, blockReason: null);
    }

    /// <summary>Replaces whatever a pattern matches.</summary>
    /// <param name="pattern">
    /// The pattern. Give it a match timeout or <see cref="RegexOptions.NonBacktracking"/>, as it reads what a model wrote. A match that takes longer than <see cref="Regex.MatchTimeout"/> ends the stream with a
    /// <see cref="StreamLimitException"/>.
    /// </param>
    /// <param name="replacement">What is shown in place of a match, unchanged.</param>
    /// <param name="maxChars">
    /// How many characters from the start of a match, including those that it looks ahead at, are enough to tell that it is one, and how many after its end are enough to tell that it is not
    /// longer. A match itself may be longer. So many characters are held back at any time, as is a match until it has ended, and as many can be looked back at.
    /// </param>
    /// <remarks>If the pattern needs more characters than <paramref name="maxChars"/> to decide, the result may depend on how the text arrives.</remarks>
    /// <exception cref="ArgumentException"><paramref name="pattern"/> reads from right to left.</exception>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxChars"/> is less than 1.</exception>
    public static GuardRule Redact(Regex pattern, string replacement = DefaultReplacement, int maxChars = DefaultMaxChars)
    {
        ArgumentNullException.ThrowIfNull(replacement);
        return new GuardRule(Checked(pattern, maxChars), maxChars, maxChars, replacement, blockReason: null);
    }

    /// <summary>Ends the response where a text occurs.</summary>
    /// <param name="text">The text. Not empty.</param>
    /// <param name="reason">Why, for <see cref="ResponseCompleted.RawFinishReason"/>.</param>
    /// <param name="ignoreCase">Whether case is ignored, by the rules of the invariant culture.</param>
    /// <exception cref="ArgumentException"><paramref name="text"/> is empty.</exception>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static GuardRule Block(string text, string reason, bool ignoreCase = false)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return new GuardRule(Literal(text, ignoreCase), text.Length, growthChars: 0, replacement: null, reason);
    }

    /// <summary>Ends the response where a pattern matches.</summary>
    /// <param name="pattern">The pattern; see <see cref="Redact(Regex, string, int)"/>.</param>
    /// <param name="reason">Why, for <see cref="ResponseCompleted.RawFinishReason"/>.</param>
    /// <param name="maxChars">See <see cref="Redact(Regex, string, int)"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="pattern"/> reads from right to left.</exception>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxChars"/> is less than 1.</exception>
    public static GuardRule Block(Regex pattern, string reason, int maxChars = DefaultMaxChars)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return new GuardRule(Checked(pattern, maxChars), maxChars, maxChars, replacement: null, reason);
    }

    /// <summary>Applies rules to a whole text, with the same result as while it streams.</summary>
    /// <param name="rules">The rules. The match that starts first counts, of several there that of the earlier rule.</param>
    /// <param name="text">The text.</param>
    /// <returns>What may be shown; up to the match of a rule that blocks.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="StreamLimitException">A pattern took longer than its <see cref="Regex.MatchTimeout"/>.</exception>
    public static string Apply(IReadOnlyCollection<GuardRule> rules, string text)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(text);
        var shown = new StringBuilder();
        for (var position = 0; ;)
        {
            if (FirstMatch(rules, text, position) is not { } match)
            {
                return shown.Append(text, position, text.Length - position).ToString();
            }

            shown.Append(text, position, match.Start - position);
            if (match.Rule.BlockReason is not null)
            {
                return shown.ToString();
            }

            shown.Append(match.Rule.Replacement);
            position = match.End;
        }
    }

    /// <summary>Finds the match that starts first at a position or later.</summary>
    /// <exception cref="StreamLimitException">A pattern took longer than its <see cref="Regex.MatchTimeout"/>.</exception>
    internal static GuardMatch? FirstMatch(IReadOnlyCollection<GuardRule> rules, string text, int position)
    {
        GuardMatch? first = null;
        foreach (var rule in rules)
        {
            var match = rule.Match(text, position);
            if (match.Success && (first is null || match.Index < first.Value.Start))
            {
                first = new GuardMatch(rule, match.Index, Math.Min(match.Length, MaxMatchChars));
            }
        }

        return first;
    }

    private Match Match(string text, int position)
    {
        try
        {
            var match = Pattern.Match(text, position);
            while (match is { Success: true, Length: 0 })
            {
                match = match.NextMatch();
            }

            return match;
        }
        catch (RegexMatchTimeoutException exception)
        {
            var timeout = (long)exception.MatchTimeout.TotalMilliseconds;
            throw new StreamLimitException(nameof(Regex.MatchTimeout), timeout, timeout, " ms");
        }
    }

    private static Regex Literal(string text, bool ignoreCase)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var options = RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        return new Regex(Regex.Escape(text), options, Regex.InfiniteMatchTimeout);
    }

    private static Regex Checked(Regex pattern, int maxChars)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxChars, 1);
        return !pattern.RightToLeft ? pattern : throw new ArgumentException("Found a pattern that reads from right to left, expected one that reads in the order in which text arrives.", nameof(pattern));
    }
}
