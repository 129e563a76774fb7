using System.Text;
using Streamline.TestSupport;

namespace Streamline.Tests.Resilience.Continue;

/// <summary>Answers to cut: those of the recorded streams, and made ones with everything that makes a seam hard.</summary>
internal static class Texts
{
    private const int MaxLength = 800;

    private static readonly string[] Pieces =
    [
        "the", "a", "seam", "response", "however", "and", "so", "it", "is", "that", "is", "Paris", "42", "x", "I", "über", "naïve", "中文", "日本語", "😀", "👩‍💻", "🇫🇷", "e\u0301", "don't",
        "**bold**", "`code`", "(see", "below)", "—", "...", "1.", "- item", "| a | b |", "https://example.com/a?b=c", "key: value,", "return x;",
    ];

    private static readonly string[] Joins = [" ", " ", " ", " ", " ", ", ", ". ", "! ", ":\n", "\n", "\n\n", "\n- ", "\n    ", "  ", "\t"];

    /// <summary>The different texts of the recorded answers, cut to a length that is still fast to cut everywhere.</summary>
    public static async Task<IReadOnlyList<string>> RecordedAsync()
    {
        HashSet<string> texts = new(StringComparer.Ordinal);
        foreach (var recording in Recordings.All())
        {
            var state = new StreamState();
            try
            {
                await foreach (var streamEvent in recording.Protocol.ReadAsync(new MemoryStream(recording.Body)))
                {
                    state.Apply(streamEvent);
                }
            }
            catch (StreamlineException)
            {
                // Some recordings are of failures; what came before is a text like any other.
            }

            if (!string.IsNullOrWhiteSpace(state.Text))
            {
                texts.Add(state.Text[..Math.Min(state.Text.Length, MaxLength)]);
            }
        }

        return [.. texts];
    }

    /// <summary>Makes an answer of prose, lists, code, tables and letters of many kinds.</summary>
    public static string Make(int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        var count = random.Next(5, 60);
        var isCode = false;
        for (var i = 0; i < count; i++)
        {
            if (random.Next(15) == 0)
            {
                text.Append(isCode ? "\n```\n" : "\n```python\n");
                isCode = !isCode;
            }

            text.Append(Pieces[random.Next(Pieces.Length)]).Append(Joins[random.Next(Joins.Length)]);
        }

        return text.ToString();
    }

    /// <summary>The places at which a text can be cut: every character, but for the middle of a surrogate pair.</summary>
    public static IEnumerable<int> Cuts(string text) => Enumerable.Range(1, text.Length).Where(cut => cut == text.Length || !char.IsLowSurrogate(text[cut]));
}
