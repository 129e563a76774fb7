using Streamline.Testing;

namespace ProgressiveSample;

/// <summary>A model that outlines, writes and shortens a guide to Paris.</summary>
internal static class ScriptedModel
{
    private const string Outline =
        """
        {"items":[
          {"title":"What to wear","purpose":"Clothes for the weather."},
          {"title":"Where to eat","purpose":"Warm places."},
          {"title":"What to see","purpose":"Sights under a roof."}]}
        """;

    public static HttpClient CreateHttpClient() => new(new ScriptedProvider(Respond).CreateHandler()) { BaseAddress = new Uri("http://model/") };

    private static ScriptedReply Respond(ScriptedRequest request)
    {
        var said = request.LastUserText;
        var reply =
            request.ToolResults.Count > 0 ? ScriptedReply.Text($"It is {request.ToolResults[0].Content.Trim('"')}, so take a warm coat, a scarf and dry shoes.")
            : said.Contains("sections of", StringComparison.Ordinal) ? ScriptedReply.Text(Outline) with { FragmentLength = 8 }
            : said.Contains("shorter", StringComparison.Ordinal) ? ScriptedReply.Text(Has(said, "wear") ? "A warm coat." : Has(said, "eat") ? "Onion soup." : "The Louvre.")
            : Has(said, "wear") ? ScriptedReply.ToolCall("get_weather", """{"city":"Paris"}""")
            : ScriptedReply.Text(Has(said, "eat") ? "Try the onion soup near the old market halls." : "The Louvre keeps you dry for a day.");
        return reply with { Delay = TimeSpan.FromMilliseconds(10) };
    }

    private static bool Has(string text, string word) => text.Contains($" {word}'", StringComparison.Ordinal);
}
