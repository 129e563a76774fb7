using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Streamline.Interop.Tests.Npm;
using Streamline.TestSupport;

namespace Streamline.Interop.Tests.Sentences;

/// <summary>
/// Sentences of recorded answers, beside those of ICU, which has the whole text. ICU ends a sentence at each line end, at the number of a list item and at abbreviations (<c>vs.</c>), and where two blocks of text meet
/// without a blank; we end one at a period in brackets or quotes.
/// </summary>
public sealed partial class SentencesBesideIcuTests
{
    private static readonly SentenceOptions Options = new() { BreakAtLineEnds = true };

    [NodeFact(NodeClients.Folder)]
    public async Task Sentences_OfRecordedAnswers_EndWhereThoseOfIcuDo()
    {
        if (!Corpora.Has(Recordings.Pydantic))
        {
            return; // NodeFact has no second reason to skip; the corpus has tests of its own that say so
        }

        List<string> texts = [];
        foreach (var recording in Recordings.All())
        {
            var text = new StringBuilder();
            await foreach (var piece in FakeStreamClient.Stream([.. (await recording.Protocol.ReadAsync(new MemoryStream(recording.Body)).CatchAsync()).Events]).ReadSpokenTextAsync())
            {
                text.Append(piece);
            }

            if (text.Length > 0)
            {
                texts.Add(text.ToString());
            }
        }

        var input = new JsonObject { ["texts"] = new JsonArray([.. texts.Select(text => (JsonNode)text)]) };
        var icu = JsonSerializer.Deserialize<int[][]>(await NodeClients.RunAsync("sentences.mjs", input.ToJsonString()))!;
        var (same, ours, theirs) = (0, new List<string>(), new List<string>());
        foreach (var (text, ends) in texts.Zip(icu))
        {
            var mine = await EndsAsync(text);
            var other = ends.Select(end => text[..end].TrimEnd().Length).Where(end => end > 0 && !ItemNumber().IsMatch(text[..end])).ToHashSet();
            same += mine.Intersect(other).Count();
            ours.AddRange(mine.Except(other).Select(end => Around(text, end)));
            theirs.AddRange(other.Except(mine).Select(end => Around(text, end)));
        }

        same.Should().BeGreaterThan(400);
        ((double)same / (same + ours.Count + theirs.Count)).Should().BeGreaterThan(0.98, $"{same} are the same,\nonly ours:\n{string.Join('\n', ours.Take(60))}\nonly ICU:\n{string.Join('\n', theirs.Take(60))}");
    }

    private static async Task<HashSet<int>> EndsAsync(string text)
    {
        HashSet<int> ends = [];
        await foreach (var sentence in OneAsync(text).ReadSentencesAsync(Options))
        {
            ends.Add((int)sentence.Start + sentence.Text.TrimEnd().Length);
        }

        return ends;
    }

    private static async IAsyncEnumerable<string> OneAsync(string text)
    {
        await Task.Yield();
        yield return text;
    }

    private static string Around(string text, int end) =>
        (text[Math.Max(0, end - 30)..end] + "|" + text[end..Math.Min(text.Length, end + 20)]).ReplaceLineEndings("\\n");

    [GeneratedRegex(@"(^|\n)[0-9]+\.$")]
    private static partial Regex ItemNumber();
}
