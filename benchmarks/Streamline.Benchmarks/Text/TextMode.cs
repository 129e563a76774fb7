using System.Globalization;
using System.Text;
using Streamline.Benchmarks.Real;
using Streamline.TestSupport;
using Streamline.Text;

namespace Streamline.Benchmarks.Text;

/// <summary><c>-- text</c>: what it costs to read a message of a million characters while it arrives, and what smoothing adds to recorded streams.</summary>
internal static class TextMode
{
    public const int DefaultRounds = 30;

    private const int MessageChars = 1_000_000;

    private const string Page = """
        ## What to pack

        Paris is **mild** in autumn, with *some* rain. Dr. Dupont recommends a [raincoat](https://example.com/coats?size=m) and a `compact` umbrella. It costs about 3.50 euros, i.e. not much!

        1. A light raincoat, for showers that rarely last.
        2. Good shoes:
           - for walking,
           - and for the evening.

        | Item | Weight | Price |
        |---|--:|--:|
        | Coat | 400 g | 80 € |
        | Shoes | 900 g | 120 € |

        > "Take a scarf," she said. "You never know."

        ```cs Packing.cs
        foreach (var item in items.Where(item => item.Weight < 1000))
        {
            Console.WriteLine($"{item.Name}: {item.Price}");
        }
        ```


        """;

    public static async Task RunAsync(int rounds)
    {
        WriteTimes("a page of Markdown, repeated", Repeat(Page), rounds);
        var recorded = await RecordedAsync();
        if (recorded.Count > 0)
        {
            WriteTimes("recorded answers, one after another", Repeat(string.Join("\n\n", recorded.Select(events => string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text))))), rounds);
            WriteDelays(recorded);
        }
    }

    private static void WriteTimes(string name, string text, int rounds)
    {
        var table = new ResultTable(1, name, "16 characters a piece: ms", "256: ms", "whole: ms");
        Add("Markdown blocks", (text, size) => Feed(text, size, new MarkdownStream(), static (stream, piece) => stream.Append(piece)));
        Add("code blocks", (text, size) => Feed(text, size, new CodeBlockReader(), static (reader, piece) => reader.Append(piece)));
        Add("sentences", (text, size) => Feed(text, size, new SentenceSplitter(), static (splitter, piece) => splitter.Append(piece)));
        Add("spoken text", (text, size) => Feed(text, size, new SpokenText(), static (spoken, piece) => spoken.Append(piece)));
        Console.WriteLine(table);

        void Add(string reader, Action<string, int> read) =>
            table.Add([reader, .. new[] { 16, 256, int.MaxValue }.Select(size => Least(() => read(text, size), rounds).TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture))]);
    }

    private static void Feed<T>(string text, int size, T reader, Reading<T> read)
    {
        for (var position = 0; position < text.Length; position += Math.Min(size, text.Length))
        {
            read(reader, text.AsSpan(position, Math.Min(size, text.Length - position)));
        }
    }

    private delegate void Reading<T>(T reader, ReadOnlySpan<char> piece);

    private static TimeSpan Least(Action action, int rounds)
    {
        var least = TimeSpan.MaxValue;
        for (var round = 0; round < rounds; round++)
        {
            var start = TimeProvider.System.GetTimestamp();
            action();
            var time = TimeProvider.System.GetElapsedTime(start);
            least = time < least ? time : least;
        }

        return least;
    }

    // By a simulated clock: events arrive in bursts, and the reader is always ready.
    private static void WriteDelays(IReadOnlyList<IReadOnlyList<StreamEvent>> recorded)
    {
        var table = new ResultTable(1, "events per burst, every", "added p50: ms", "p99: ms", "most: ms", "largest piece without", "with");
        foreach (var (burst, every) in new[] { (1, 10), (1, 33), (1, 90), (5, 100), (20, 400), (200, 1000) })
        {
            var delays = new List<double>();
            var (largestBefore, largest) = (0, 0);
            foreach (var events in recorded)
            {
                SmoothingPlay.Add(events, burst, TimeSpan.FromMilliseconds(every), delays, ref largest);
                largestBefore = Math.Max(largestBefore, events.Chunk(burst).Max(chunk => chunk.OfType<TextDelta>().Sum(delta => delta.Text.Length)));
            }

            delays.Sort();
            string At(double share) => delays[(int)Math.Min(delays.Count - 1, share * delays.Count)].ToString("F0", CultureInfo.InvariantCulture);
            table.Add($"{burst}, {every} ms", At(0.5), At(0.99), At(1), $"{largestBefore}", $"{largest}");
        }

        Console.WriteLine(table);
    }

    private static string Repeat(string page)
    {
        var text = new StringBuilder();
        while (text.Length < MessageChars)
        {
            text.Append(page);
        }

        return text.ToString(0, MessageChars);
    }

    private static async Task<List<IReadOnlyList<StreamEvent>>> RecordedAsync()
    {
        var recorded = new List<IReadOnlyList<StreamEvent>>();
        foreach (var recording in Recordings.All())
        {
            var (events, _) = await recording.Protocol.ReadAsync(new MemoryStream(recording.Body)).CatchAsync();
            if (events.OfType<TextDelta>().Sum(delta => delta.Text.Length) > 200)
            {
                recorded.Add(events);
            }
        }

        return recorded;
    }
}
