using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Streamline;
using Streamline.Testing;

namespace ChatSample;

/// <summary>
/// What the embedded provider answers: once that it is overloaded, then with tool calls between its words, then with an answer made of the tools' results.
/// </summary>
internal sealed partial class DemoBrain(bool isOverloadedOnce = true)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(400);

    private int _requests;

    public ScriptedReply Respond(ScriptedRequest request)
    {
        if (Interlocked.Increment(ref _requests) == 1 && isOverloadedOnce)
        {
            return ScriptedReply.Error((HttpStatusCode)529, "Overloaded", "overloaded_error", RetryAfter);
        }

        return request.ToolResults.Count > 0
            ? Answer(City(request.LastUserText), request.ToolResults) with { Delay = Pace, Usage = new TokenUsage { InputTokens = 655, OutputTokens = 148 } }
            : AskTools(City(request.LastUserText)) with { Delay = Pace, Usage = new TokenUsage { InputTokens = 412, OutputTokens = 131 } };
    }

    private static ScriptedReply AskTools(string city) =>
        ScriptedReply.Text($"Let me look at the **weather in {city}** and at **your day**.")
            .ThenToolCall(DemoTools.Weather, $$"""{"city": "{{JsonEncodedText.Encode(city)}}", "day": "today"}""")
            .ThenToolCall(DemoTools.Calendar, """{"day": "today"}""")
            .ThenText("Both tools are running by now, while I am *still writing this sentence*. One more thing needs your approval:")
            .ThenToolCall(DemoTools.Reminder, """{"at": "13:00", "text": "Take the raincoat."}""");

    private static ScriptedReply Answer(string city, IReadOnlyList<ScriptedToolResult> results) =>
        ScriptedReply.Text(
            $"""
            ## What to wear in {city}

            | when | what | wear |
            |:--|:--|:--|
            | 10:00 | client meeting | a jacket |
            | afternoon | showers | **a light raincoat** |
            | 19:30 | dinner outdoors | a scarf |

            {string.Join('\n', results.Select(result => $"- {(result.IsError ? "~~reminder~~ " : "")}{FirstLine(result.Content)}"))}

            Shoes that take a puddle: `waterproof = true`.
            """);

    private static string FirstLine(string text) => text.Split('\n')[0];

    private static string City(string prompt) => CityPattern().Match(prompt) is { Success: true } match ? match.Groups["city"].Value : "Paris";

    [GeneratedRegex(@"\bin (?<city>\p{Lu}[\p{L}-]*(?: \p{Lu}[\p{L}-]*)*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CityPattern();
}
