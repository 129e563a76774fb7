using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Streamline;
using Streamline.Testing;

namespace ChatSample;

/// <summary>
/// What the embedded provider answers: once that it is overloaded, then with two tool calls between its words, then with an
/// answer made of the tools' results.
/// </summary>
internal sealed partial class DemoBrain
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(400);

    private int _requests;

    public ScriptedReply Respond(ScriptedRequest request)
    {
        if (Interlocked.Increment(ref _requests) == 1)
        {
            return ScriptedReply.Error((HttpStatusCode)529, "Overloaded", "overloaded_error", RetryAfter);
        }

        return request.ToolResults.Count > 0
            ? Answer(request.ToolResults) with { Delay = Pace, Usage = new TokenUsage { InputTokens = 655, OutputTokens = 71 } }
            : AskTools(City(request.LastUserText)) with { Delay = Pace, Usage = new TokenUsage { InputTokens = 412, OutputTokens = 96 } };
    }

    private static ScriptedReply AskTools(string city) =>
        ScriptedReply.Text($"Good question. Let me look at the weather in {city} and at your day.")
            .ThenToolCall(DemoTools.Weather, $$"""{"city": "{{JsonEncodedText.Encode(city)}}", "day": "today"}""")
            .ThenToolCall(DemoTools.Calendar, """{"day": "today"}""")
            .ThenText("Both tools are running by now, while I am still writing this sentence: nothing waits for anything else.");

    private static ScriptedReply Answer(IReadOnlyList<ScriptedToolResult> results) =>
        ScriptedReply.Text(
            $"""
            This is what I know now. {string.Join(". ", results.Select(result => result.Content))}.

            So: a light raincoat over a jacket that does for the meeting, shoes that take a puddle, and a scarf for the evening outdoors.
            """);

    private static string City(string prompt) => CityPattern().Match(prompt) is { Success: true } match ? match.Groups["city"].Value : "Paris";

    [GeneratedRegex(@"\bin (?<city>\p{Lu}[\p{L}-]*(?: \p{Lu}[\p{L}-]*)*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CityPattern();
}
