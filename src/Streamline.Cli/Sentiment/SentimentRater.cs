using System.Globalization;
using System.Text.Json;

namespace Streamline.Cli.Sentiment;

/// <summary>Rates the sentiment of a sentence: by a list of English words, offline; or by a model.</summary>
internal static class SentimentRater
{
    // How far a negation reaches, in words: "not a very good day".
    private const int NegationReach = 3;

    private const string Instructions = "Rate the sentiment of the user's text. Answer with one word: positive, negative or neutral.";

    /// <summary>Rates a text by its words.</summary>
    /// <returns>From -1 to 1; 0 when no word says anything.</returns>
    public static double Rate(string text)
    {
        var (sum, strongest, sinceNegation, isIntense) = (0.0, 0, NegationReach + 1, false);
        foreach (var word in Words(text))
        {
            sinceNegation = SentimentWords.Negations.Contains(word) ? 0 : sinceNegation + 1;
            if (SentimentWords.Weights.TryGetValue(word, out var weight))
            {
                sum += (sinceNegation is > 0 and <= NegationReach ? -0.5 : 1) * (isIntense ? 1.5 : 1) * weight;
                strongest = Math.Max(strongest, Math.Abs(weight));
            }

            isIntense = SentimentWords.Intensifiers.Contains(word);
        }

        // More words of one kind say it more surely, with ever less effect.
        return strongest == 0 ? 0 : Math.Round(sum / Math.Sqrt((sum * sum) + 2), 2);
    }

    /// <summary>Rates a text by its words.</summary>
    /// <returns>An object with <c>label</c> and <c>score</c>; <see langword="null"/> for a neutral text, which is not reported.</returns>
    public static JsonElement? Find(string text)
    {
        var score = Rate(text);
        return Math.Abs(score) < 0.2 ? null : ToJson(score > 0 ? "positive" : "negative", score);
    }

    /// <summary>Lets a model rate a text.</summary>
    public static async ValueTask<JsonElement?> AskAsync(IStreamClient client, string? model, string text, CancellationToken cancellationToken)
    {
        var options = new ChatOptions { ModelId = model, Instructions = Instructions, MaxOutputTokens = 200 };
        var response = await client.GetResponseAsync([new ChatMessage(ChatRole.User, text)], options, cancellationToken).ConfigureAwait(false);
        var answer = response.Text.ToLowerInvariant();
        return answer.Contains("positive", StringComparison.Ordinal) ? ToJson("positive", null)
            : answer.Contains("negative", StringComparison.Ordinal) ? ToJson("negative", null)
            : null;
    }

    private static IEnumerable<string> Words(string text)
    {
        var start = -1;
        for (var at = 0; at <= text.Length; at++)
        {
            var isInWord = at < text.Length && (char.IsLetter(text[at]) || (text[at] is '\'' or '’' && start >= 0));
            if (isInWord && start < 0)
            {
                start = at;
            }
            else if (!isInWord && start >= 0)
            {
                yield return text[start..at].Replace('’', '\'').TrimEnd('\'');
                start = -1;
            }
        }
    }

    private static JsonElement ToJson(string label, double? score)
    {
        using var document = JsonDocument.Parse(score is { } value
            ? string.Create(CultureInfo.InvariantCulture, $$"""{"label":"{{label}}","score":{{value}}}""")
            : $$"""{"label":"{{label}}"}""");
        return document.RootElement.Clone();
    }
}
