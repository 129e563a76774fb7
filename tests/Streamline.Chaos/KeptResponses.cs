using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Streamline.Chaos;

/// <summary>The responses that a provider keeps, and of which it sends what follows an event: OpenAI's background responses and Gemini's interactions.</summary>
internal sealed partial class KeptResponses
{
    private readonly ConcurrentDictionary<string, string> _bodies = new(StringComparer.Ordinal);

    /// <summary>Turns the body of a response into that of one that is kept, and keeps it.</summary>
    /// <param name="id">The id of the response.</param>
    /// <param name="body">The body, as server-sent events.</param>
    public byte[] Keep(string id, ReadOnlySpan<byte> body)
    {
        var kept = MakeKept(Encoding.UTF8.GetString(body));
        _bodies[id] = kept;
        return Encoding.UTF8.GetBytes(kept);
    }

    /// <summary>Gets what follows the event that the query of a request names.</summary>
    public byte[] Rest(string id, string query)
    {
        var frames = Frames(_bodies[id]);
        var position = Position().Match(query);
        var known = position.Success ? Array.FindIndex(frames, frame => NumberOf(frame) == position.Groups["n"].Value) + 1 : 0;
        return Encoding.UTF8.GetBytes(string.Concat(frames.Skip(known).Select(frame => frame + "\n\n")));
    }

    private static string MakeKept(string body)
    {
        var output = new StringBuilder();
        var number = 0;
        foreach (var frame in Frames(body))
        {
            // What OpenAI numbers itself says in its first event that it is kept; the events of an interaction get ids.
            var kept = frame.Contains("\"sequence_number\"", StringComparison.Ordinal) ? frame.Replace("\"response\":{", "\"response\":{\"background\":true,", StringComparison.Ordinal)
                : frame.Replace("data: {", string.Create(CultureInfo.InvariantCulture, $"data: {{\"event_id\":\"e{number++}\","), StringComparison.Ordinal);
            output.Append(kept).Append("\n\n");
        }

        return output.ToString();
    }

    private static string[] Frames(string body) => body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

    private static string? NumberOf(string frame) => Number().Match(frame) is { Success: true } number ? number.Groups["n"].Value : null;

    [GeneratedRegex("(starting_after|last_event_id)=(?<n>[0-9a-z]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Position();

    [GeneratedRegex("\"(sequence_number\":|event_id\":\")(?<n>[0-9a-z]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Number();
}
