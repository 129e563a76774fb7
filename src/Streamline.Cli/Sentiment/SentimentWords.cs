using System.Collections.Frozen;

namespace Streamline.Cli.Sentiment;

/// <summary>The words by which <see cref="SentimentRater"/> rates: English, common ones, on a scale from -2 to 2.</summary>
internal static class SentimentWords
{
    private const string Best = "amazing awesome brilliant delighted delightful excellent excited fantastic flawless incredible love loved loves magnificent outstanding perfect perfectly superb thrilled wonderful";
    private const string Good = "agree beautiful benefit benefits better best bright calm charming cheerful clean clear clever comfortable confident cool cute easy effective elegant enjoy enjoyed enjoyable fair fast fine friendly fun funny generous glad good grateful great happy healthy helpful hope hopeful ideal impressive improve improved improves improvement interesting kind like likes liked lovely lucky nice pleasant pleased pleasure positive pretty proud reliable relief rich safe satisfied secure simple smart smooth solid strong success successful support thank thanks trust useful valuable warm welcome win won works";
    private const string Bad = "afraid angry annoying anxious bad bitter boring broke broken bug bugs careless complain complicated confused confusing concern concerned danger dangerous dark delay delayed difficult dirty disappointed disappointing doubt dull error errors expensive fail failed fails failure false fault fear gloomy hard harm hurt ill incorrect insecure lack lonely lose loss lost mess mistake negative nervous pain painful poor problem problems regret risk risky rude sad scared severe sick slow sorry stress stuck stupid suffer tired trouble ugly uncomfortable unclear unfair unfortunately unhappy unreliable unsafe unstable upset useless weak weird worried worry worse wrong";
    private const string Worst = "abysmal appalling atrocious awful catastrophe catastrophic despair devastating disaster disastrous disgusting dreadful furious hate hated hates hideous horrible horrific miserable nightmare terrible terribly terrified tragic unacceptable worst";

    public static FrozenDictionary<string, int> Weights { get; } =
        new[] { (Best, 2), (Good, 1), (Bad, -1), (Worst, -2) }
            .SelectMany(group => group.Item1.Split(' ').Select(word => KeyValuePair.Create(word, group.Item2)))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets words that turn the next ones around.</summary>
    public static FrozenSet<string> Negations { get; } =
        new[] { "not", "no", "never", "neither", "nor", "without", "hardly", "barely", "cannot", "can't", "don't", "doesn't", "didn't", "isn't", "aren't", "wasn't", "weren't", "won't", "wouldn't", "shouldn't", "couldn't", "nothing" }
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets words that make the next one stronger.</summary>
    public static FrozenSet<string> Intensifiers { get; } =
        new[] { "very", "really", "so", "extremely", "absolutely", "totally", "completely", "deeply", "highly", "incredibly", "too", "most" }
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
